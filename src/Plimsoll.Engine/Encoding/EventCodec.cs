using System.Collections.Immutable;
using System.Diagnostics;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Bytes of events, as a journal keeps them: a number for the kind, a version, a payload.</summary>
/// <remarks>
/// Deterministic. Numbers and versions never move; a payload that changes gets another version, and what is not known
/// is refused by name.
/// </remarks>
public static class EventCodec
{
    static readonly ImmutableArray<(ushort Number, Type Kind, ushort Version)> Kinds =
    [
        (1, typeof(Configured), 4),
        (2, typeof(TimePassed), 1),
        (3, typeof(TickerSeen), 1),
        (4, typeof(AccountSeen), 1),
        (5, typeof(OrderSeen), 3),
        (6, typeof(OrderNotFound), 1),
        (7, typeof(SendFailed), 2),
        (8, typeof(FillSeen), 3),
        (9, typeof(ReconcileSeen), 3),
        (10, typeof(SessionUp), 1),
        (11, typeof(SessionDown), 1),
        (12, typeof(ClockOffsetSeen), 1),
        (13, typeof(Armed), 1),
        (14, typeof(ReduceOnlyAsked), 1),
        (15, typeof(Killed), 1),
        (16, typeof(TargetsReady), 2),
        (17, typeof(Started), 1),
        (18, typeof(SolveFailed), 1),
        (19, typeof(Stopped), 1),
        (20, typeof(DeleveragingSeen), 1),
        (21, typeof(MarginStated), 1),
        (22, typeof(MarginCompared), 1),
    ];

    static readonly Dictionary<Type, (ushort Number, ushort Version)> Numbers = Kinds.ToDictionary(
        kind => kind.Kind,
        kind => (kind.Number, kind.Version)
    );

    static readonly Dictionary<ushort, Type> Types = Kinds.ToDictionary(kind => kind.Number, kind => kind.Kind);

    /// <summary>Version of the payload of the settings that is written now.</summary>
    public static ushort SettingsVersion => Numbers[typeof(Configured)].Version;

    /// <summary>Number of an event's kind in a journal.</summary>
    public static ushort NumberOf(EngineEvent happened) => Numbers[happened.GetType()].Number;

    /// <summary>Version of the payload that is written of an event's kind now.</summary>
    public static ushort VersionOf(EngineEvent happened) => Numbers[happened.GetType()].Version;

    /// <summary>Whether a number is that of an event.</summary>
    public static bool IsEvent(ushort number) => Types.ContainsKey(number);

    /// <summary>The payload of an event.</summary>
    public static byte[] Write(EngineEvent happened)
    {
        var to = new ByteWriter();
        Write(to, happened);
        return to.Written.ToArray();
    }

    /// <summary>The event of a payload, or why it is none.</summary>
    /// <param name="number">Kind.</param>
    /// <param name="version">Version of the payload; earlier ones than today's are read too.</param>
    /// <param name="payload">Bytes.</param>
    /// <param name="place">For the fault.</param>
    public static Parsed<EngineEvent> Read(ushort number, ushort version, byte[] payload, string place)
    {
        if (!Types.TryGetValue(number, out var kind))
            return Parsed<EngineEvent>.Fail(
                new Fault(
                    place,
                    null,
                    "event",
                    FormattableString.Invariant($"kind {number}"),
                    FormattableString.Invariant($"a kind of 1 to {Kinds[^1].Number}")
                )
            );
        ushort newest = Numbers[kind].Version;
        if (version == 0 || version > newest)
            return Parsed<EngineEvent>.Fail(
                new Fault(
                    place,
                    null,
                    kind.Name,
                    FormattableString.Invariant($"version {version}"),
                    FormattableString.Invariant($"version 1 to {newest}, which this program knows")
                )
            );
        var from = new ByteReader(payload);
        try
        {
            var happened = Read(from, number, version);
            from.End();
            return Parsed<EngineEvent>.Ok(happened);
        }
        catch (BadBytes bad)
        {
            return Parsed<EngineEvent>.Fail(new Fault(place, null, kind.Name, bad.Message, "its own encoding"));
        }
    }

    static void Write(ByteWriter to, EngineEvent happened)
    {
        switch (happened)
        {
            case Configured configured:
                to.Settings(configured.Settings);
                to.Many(configured.Instruments, to.Terms);
                break;
            case TickerSeen ticker:
                to.Text(ticker.Instrument);
                to.Amounts(ticker.Mark, ticker.IndexUsd);
                to.Top(ticker.Top);
                to.Amounts(ticker.BidContracts, ticker.AskContracts, ticker.MarkVolatility, ticker.ForwardUsd);
                to.Amounts(ticker.Funding8h, ticker.DailyVolumeContracts, ticker.OpenInterestContracts);
                break;
            case AccountSeen account:
                to.Amount(account.EquityUsd);
                to.Amount(account.InitialMarginUsd);
                to.Amount(account.MaintenanceMarginUsd);
                to.Many(account.Equities, to.Cash);
                break;
            case OrderSeen seen:
                to.Text(seen.Label);
                to.Choice(seen.Status);
                to.Amount(seen.FilledContracts);
                to.Text(seen.Reason);
                to.Choice(seen.Refusal);
                to.Amounts(seen.Contracts, seen.LimitPrice);
                break;
            case OrderNotFound missing:
                to.Text(missing.Label);
                break;
            case SendFailed failed:
                to.Text(failed.Label);
                to.Flag(failed.IsAmbiguous);
                to.Text(failed.Reason);
                to.Choice(failed.Refusal);
                break;
            case FillSeen fill:
                to.Trade(fill);
                break;
            case ReconcileSeen seen:
                to.Sequence(seen.AskedAt);
                to.Many(seen.Positions, to.Held);
                to.Many(
                    seen.Orders,
                    order =>
                    {
                        to.Text(order.Label);
                        to.Text(order.Instrument);
                        to.Choice(order.Side);
                        to.Amount(order.Remaining);
                        to.Amount(order.LimitPrice);
                        to.Flag(order.ReduceOnly);
                    }
                );
                to.Many(seen.Trades, to.Trade);
                break;
            case SessionDown down:
                to.Text(down.Reason);
                break;
            case ClockOffsetSeen clock:
                to.Span(clock.Offset);
                break;
            case Armed armed:
                to.Text(armed.Who);
                to.Text(armed.Why);
                break;
            case ReduceOnlyAsked asked:
                to.Text(asked.Who);
                to.Text(asked.Why);
                break;
            case Killed killed:
                to.Text(killed.Who);
                to.Text(killed.Why);
                to.Flag(killed.Flatten);
                break;
            case TargetsReady ready:
                to.Sequence(ready.InputSequence);
                to.Text(ready.InputDigest);
                to.Many(ready.Targets, to.Target);
                to.Many(
                    ready.Volatilities,
                    coin =>
                    {
                        to.Text(coin.Underlying);
                        to.Amount(coin.Annual);
                    }
                );
                to.Flag(ready.FromHoldings);
                break;
            case Started started:
                to.Text(started.Version);
                break;
            case SolveFailed failed:
                to.Sequence(failed.InputSequence);
                to.Text(failed.InputDigest);
                to.Text(failed.Reason);
                break;
            case Stopped stopped:
                to.Text(stopped.Why);
                break;
            case DeleveragingSeen seen:
                to.Text(seen.Instrument);
                to.Amounts(seen.Rank, seen.InsuranceFundUsd);
                break;
            case MarginStated stated:
                to.Sequence(stated.AskedAt);
                to.Many(stated.Pools, to.Pool);
                to.Text(stated.Reason);
                break;
            case MarginCompared compared:
                to.Sequence(compared.AskedAt);
                to.Many(compared.Errors, to.Compared);
                to.Text(compared.Reason);
                break;
        }
    }

    static EngineEvent Read(ByteReader from, ushort number, ushort version) =>
        number switch
        {
            1 => new Configured(from.Settings(version), from.Many(from.Terms)),
            2 => new TimePassed(),
            3 => new TickerSeen(
                from.Text(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.Top(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.MaybeAmount(),
                from.MaybeAmount()
            ),
            4 => new AccountSeen(from.Amount(), from.Amount(), from.Amount(), from.Many(from.Cash)),
            5 => Seen(from, version),
            6 => new OrderNotFound(from.Text()),
            7 => Failed(from, version),
            8 => Trades(from, version)(),
            9 => new ReconcileSeen(
                from.Sequence(),
                from.Many(from.Held),
                from.Many(() =>
                    new ListedOrder(
                        from.Text(),
                        from.Text(),
                        from.Choice<Side>(),
                        from.Amount(),
                        from.Amount(),
                        from.Flag()
                    )
                ),
                from.Many(Trades(from, version))
            ),
            10 => new SessionUp(),
            11 => new SessionDown(from.Text()),
            12 => new ClockOffsetSeen(from.Span()),
            13 => new Armed(from.Text(), from.Text()),
            14 => new ReduceOnlyAsked(from.Text(), from.Text()),
            15 => new Killed(from.Text(), from.Text(), from.Flag()),
            16 => Targets(from, version),
            17 => new Started(from.Text()),
            18 => new SolveFailed(from.Sequence(), from.Text(), from.Text()),
            19 => new Stopped(from.Text()),
            20 => new DeleveragingSeen(from.Text(), from.MaybeAmount(), from.MaybeAmount()),
            21 => new MarginStated(from.Sequence(), from.Many(from.Pool), from.Text()),
            22 => new MarginCompared(from.Sequence(), from.Many(from.Compared), from.Text()),
            _ => throw new UnreachableException($"event kind {number} has a number and no reading"),
        };

    static Func<FillSeen> Trades(ByteReader from, ushort version) =>
        version switch
        {
            1 => from.FirstTrade,
            2 => from.SecondTrade,
            _ => from.Trade,
        };

    static TargetsReady Targets(ByteReader from, ushort version)
    {
        var (sequence, digest) = (from.Sequence(), from.Text());
        return version > 1
            ? new TargetsReady(
                sequence,
                digest,
                from.Many(from.Target),
                from.Many(() => new CoinVolatility(from.Text(), from.Amount())),
                from.Flag()
            )
            : new TargetsReady(sequence, digest, from.Many(from.FirstTarget));
    }

    static OrderSeen Seen(ByteReader from, ushort version)
    {
        var seen = new OrderSeen(from.Text(), from.Choice<VenueOrderStatus>(), from.Amount(), from.Text());
        if (version > 1)
            seen = seen with { Refusal = from.Choice<RefusalKind>() };
        if (version > 2)
            seen = seen with { Contracts = from.MaybeAmount(), LimitPrice = from.MaybeAmount() };
        if (version > 1)
            return seen;
        bool isRejected = seen.Status == VenueOrderStatus.Rejected;
        return isRejected ? seen with { Refusal = OfWords(seen.Reason) } : seen;
    }

    static SendFailed Failed(ByteReader from, ushort version)
    {
        var failed = new SendFailed(from.Text(), from.Flag(), from.Text());
        return failed with { Refusal = version > 1 ? from.Choice<RefusalKind>() : OfWords(failed.Reason) };
    }

    // Version 1 had no kind: the engine that wrote it took every reason with this word for a refused price.
    static RefusalKind OfWords(string reason) =>
        reason.Contains("price", StringComparison.OrdinalIgnoreCase) ? RefusalKind.Price : RefusalKind.Other;
}
