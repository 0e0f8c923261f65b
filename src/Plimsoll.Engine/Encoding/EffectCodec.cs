using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Bytes of the effects of one event, to compare with; nothing can be sent from what is read.</summary>
public static class EffectCodec
{
    /// <summary>Version of what is written now.</summary>
    public const ushort Version = 1;

    /// <summary>The bytes of effects, in their order.</summary>
    public static byte[] Write(IReadOnlyList<EngineEffect> effects)
    {
        var to = new ByteWriter();
        to.Many(effects, effect => Write(to, effect));
        return to.Written.ToArray();
    }

    /// <summary>The effects of bytes, or why they are none.</summary>
    public static Parsed<IReadOnlyList<EngineEffect>> Read(ushort version, byte[] bytes, string place)
    {
        if (version != Version)
            return Parsed<IReadOnlyList<EngineEffect>>.Fail(
                new Fault(
                    place,
                    null,
                    "effects",
                    FormattableString.Invariant($"version {version}"),
                    FormattableString.Invariant($"version {Version}, which this program knows")
                )
            );
        var from = new ByteReader(bytes);
        try
        {
            ImmutableArray<EngineEffect> effects = from.Many(() => Read(from));
            from.End();
            return Parsed<IReadOnlyList<EngineEffect>>.Ok(effects);
        }
        catch (BadBytes bad)
        {
            return Parsed<IReadOnlyList<EngineEffect>>.Fail(
                new Fault(place, null, "effects", bad.Message, "their own encoding")
            );
        }
    }

    static void Write(ByteWriter to, EngineEffect effect)
    {
        switch (effect)
        {
            case SendOrder send:
                to.Small(1);
                to.Intent(send.Order);
                break;
            case CancelOrder cancel:
                to.Small(2);
                to.Text(cancel.Label);
                break;
            case CancelAll all:
                to.Small(3);
                to.Text(all.Why);
                break;
            case ReadOrder read:
                to.Small(4);
                to.Text(read.Label);
                break;
            case Reconcile:
                to.Small(5);
                break;
            case Solve solve:
                to.Small(6);
                to.Text(solve.InputDigest);
                to.Text(solve.Why);
                break;
            case Alert alert:
                to.Small(7);
                to.Text(alert.Code);
                to.Text(alert.Words);
                break;
            case ModeChanged changed:
                to.Small(8);
                to.Choice(changed.Before);
                to.Choice(changed.After);
                to.Text(changed.Cause);
                break;
            case Decided decided:
                to.Small(9);
                to.Text(decided.Instrument);
                to.Text(decided.Cause);
                to.Amount(decided.Held);
                to.Amount(decided.Wanted);
                to.Amount(decided.Order);
                to.Text(decided.Binding);
                break;
            case EditOrder edit:
                to.Small(10);
                to.Intent(edit.Order);
                break;
            case SimulateMargin simulate:
                to.Small(11);
                to.Many(simulate.Positions, to.Held);
                break;
            default:
                throw new ArgumentException($"no encoding of {effect.GetType().Name}", nameof(effect));
        }
    }

    static EngineEffect Read(ByteReader from)
    {
        byte kind = from.Small();
        return kind switch
        {
            1 => new SendOrder(from.Intent(), null),
            2 => new CancelOrder(from.Text()),
            3 => new CancelAll(from.Text()),
            4 => new ReadOrder(from.Text()),
            5 => new Reconcile(),
            6 => new Solve(from.Text(), from.Text()),
            7 => new Alert(from.Text(), from.Text()),
            8 => new ModeChanged(from.Choice<EngineMode>(), from.Choice<EngineMode>(), from.Text()),
            9 => new Decided(from.Text(), from.Text(), from.Amount(), from.Amount(), from.Amount(), from.Text()),
            10 => new EditOrder(from.Intent(), null),
            11 => new SimulateMargin(from.Many(from.Held)),
            _ => throw new BadBytes(FormattableString.Invariant($"no effect of kind {kind}")),
        };
    }
}
