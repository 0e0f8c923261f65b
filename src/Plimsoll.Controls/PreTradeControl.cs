using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Controls;

/// <summary>One rule that an order has to pass. A new rule costs one file and one line in <see cref="All"/>.</summary>
/// <remarks>Pure: no clock, no state of its own. A rule that lacks an input refuses.</remarks>
public abstract class PreTradeControl
{
    /// <summary>Every rule, in the order in which the first refusal is the answer.</summary>
    public static ImmutableArray<PreTradeControl> All { get; } =
    [
        new EngineState(),
        new KnownInstrument(),
        new OrderShape(),
        new ReduceOnlyNeverFlips(),
        new FreshData(),
        new SettlementPause(),
        new PriceCollar(),
        new OrderSize(),
        new SelfMatch(),
        new MessageRate(),
        new OpenOrderCount(),
        new PositionLimit(),
        new GrossLimit(),
        new MarginUse(),
        new LossOfTheDay(),
        new DuplicateOrder(),
        new RepeatedRejects(),
    ];

    /// <summary>Stable key, as refusals and the journal name it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether orders that only take risk off have to pass it too.</summary>
    public virtual bool AppliesToReducing => false;

    /// <summary>Null to let the order pass, otherwise why not, in words.</summary>
    public abstract string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits);

    /// <summary>
    /// Whether an order can only bring a known position nearer to zero, together with what already works that way.
    /// </summary>
    public static bool IsReducing(OrderIntent order, PreTradeInput input)
    {
        if (!order.ReduceOnly || input.Position is not { Value: var held } || held == 0)
            return false;
        return Math.Sign(order.Signed) == -Math.Sign(held);
    }

    /// <summary>The answer of a rule whose limit is not set.</summary>
    protected static string NotSet(string limit) => $"the limit {limit} is not set";

    /// <summary>The answer of a rule that lacks an input.</summary>
    protected static string Unknown(string what) => $"{what} is not known";

    /// <summary>Contracts that all working orders of a side would add; positive.</summary>
    protected static decimal Working(PreTradeInput input, Side side, bool reduceOnly = false)
    {
        decimal sum = 0;
        foreach (var order in input.Working)
            if (order.Side == side && (!reduceOnly || order.ReduceOnly))
                sum += order.Remaining;
        return sum;
    }

    /// <summary>USD that one contract stands for; null where an input lacks.</summary>
    protected static decimal? ContractUsd(PreTradeInput input) =>
        input is { Instrument: { } instrument, IndexUsd: { } index }
            ? Notional.PerContractUsd(instrument, index.Value)
            : null;
}
