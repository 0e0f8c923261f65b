using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Bytes of the nouns that events, effects and states are made of.</summary>
static class NounCodec
{
    public static void Choice<T>(this ByteWriter to, T value)
        where T : struct, Enum => to.Small((byte)Convert.ToInt32(value));

    public static void Amounts(this ByteWriter to, params ReadOnlySpan<decimal?> values)
    {
        foreach (var value in values)
            to.Maybe(value, to.Amount);
    }

    public static decimal? MaybeAmount(this ByteReader from) => from.Maybe(from.Amount);

    public static void Terms(this ByteWriter to, Instrument terms)
    {
        to.Small(
            terms switch
            {
                OptionInstrument => 0,
                PerpetualInstrument => 1,
                FutureInstrument => 2,
                SpotInstrument => 3,
                _ => throw new ArgumentException($"no encoding of {terms.GetType().Name}", nameof(terms)),
            }
        );
        foreach (string text in (string[])[terms.Name, terms.Venue, terms.Underlying, terms.Settlement.Code])
            to.Text(text);
        to.Choice(terms.Shape);
        to.Amount(terms.ContractSize);
        to.Amount(terms.LotContracts);
        to.Amount(terms.MinimumOrderContracts);
        to.Amount(terms.Ticks.BaseTick);
        to.Many(
            terms.Ticks.Steps,
            step =>
            {
                to.Amount(step.Above);
                to.Amount(step.TickSize);
            }
        );
        to.Amount(terms.Fees.MakerRate);
        to.Amount(terms.Fees.TakerRate);
        to.Amount(terms.Fees.DeliveryRate);
        to.Amounts(terms.Fees.OptionPriceCap);
        to.Amount(terms.OrderAmountPerContract);
        to.Text(terms.OrderAmountUnit);
        if (terms is OptionInstrument option)
        {
            to.Amount(option.StrikeUsd);
            to.Choice(option.Right);
        }
        if (terms.SettlesAt is { } settles)
            to.Time(settles);
    }

    public static Instrument Terms(this ByteReader from)
    {
        byte kind = from.Small();
        // The kind's own terms follow the common ones; a perpetual holds those until it is known.
        var common = new PerpetualInstrument
        {
            Name = from.Text(),
            Venue = from.Text(),
            Underlying = from.Text(),
            Settlement = new Currency(from.Text()),
            Shape = from.Choice<PayoffShape>(),
            ContractSize = from.Amount(),
            LotContracts = from.Amount(),
            MinimumOrderContracts = from.Amount(),
            Ticks = new TickSchedule(from.Amount(), from.Many(() => new TickStep(from.Amount(), from.Amount()))),
            Fees = new FeeSchedule(from.Amount(), from.Amount(), from.Amount(), from.MaybeAmount()),
            OrderAmountPerContract = from.Amount(),
            OrderAmountUnit = from.Text(),
        };
        return kind switch
        {
            0 => new OptionInstrument(common, common.Name, from.Amount(), from.Choice<OptionRight>(), from.Time()),
            1 => common,
            2 => new FutureInstrument(common, common.Name, from.Time()),
            3 => new SpotInstrument(common, common.Name),
            _ => throw new BadBytes(FormattableString.Invariant($"no instrument of kind {kind}")),
        };
    }

    public static void Top(this ByteWriter to, TopOfBook top) => to.Amounts(top.Bid, top.Ask);

    public static TopOfBook Top(this ByteReader from) => new(from.MaybeAmount(), from.MaybeAmount());

    public static void Held(this ByteWriter to, Position position)
    {
        to.Text(position.Instrument);
        to.Amount(position.Contracts);
        to.Amounts(position.EntryPrice);
    }

    public static Position Held(this ByteReader from) => new(from.Text(), from.Amount(), from.MaybeAmount());

    public static void Cash(this ByteWriter to, Balance balance)
    {
        to.Text(balance.Currency.Code);
        to.Amount(balance.Amount);
    }

    public static Balance Cash(this ByteReader from) => new(new Currency(from.Text()), from.Amount());

    public static void Intent(this ByteWriter to, OrderIntent order)
    {
        to.Text(order.Label);
        to.Text(order.Instrument);
        to.Choice(order.Side);
        to.Amount(order.Contracts);
        to.Amount(order.LimitPrice);
        to.Flag(order.ReduceOnly);
        to.Flag(order.PostOnly);
        to.Choice(order.Life);
        to.Time(order.ValidUntil);
        to.Choice(order.Purpose);
    }

    public static OrderIntent Intent(this ByteReader from) =>
        new(
            from.Text(),
            from.Text(),
            from.Choice<Side>(),
            from.Amount(),
            from.Amount(),
            from.Flag(),
            from.Flag(),
            from.Choice<OrderLife>(),
            from.Time(),
            from.Choice<OrderPurpose>()
        );

    public static void Target(this ByteWriter to, TargetContracts target)
    {
        to.Text(target.Instrument);
        to.Amount(target.Contracts);
        to.Amounts(target.MaintenanceUsd, target.ExitCostUsd);
        to.Text(target.Binding);
        to.Flag(target.Risk is not null);
        if (target.Risk is { } risk)
            to.Amounts(risk.DeltaUsd, risk.Gamma1PctUsd, risk.Vega1PtUsd);
        to.Amounts(target.DeleveragingRank);
    }

    public static TargetContracts Target(this ByteReader from)
    {
        var first = FirstTarget(from);
        decimal Known() => from.MaybeAmount() ?? throw new BadBytes("a figure is missing");
        return first with
        {
            Risk = from.Flag() ? new ContractRisk(Known(), Known(), Known()) : null,
            DeleveragingRank = from.MaybeAmount(),
        };
    }

    /// <summary>As version 1 has it.</summary>
    public static TargetContracts FirstTarget(this ByteReader from) =>
        new(from.Text(), from.Amount(), from.MaybeAmount(), from.MaybeAmount(), from.Text());

    public static void Trade(this ByteWriter to, FillSeen fill)
    {
        to.Text(fill.TradeId);
        to.MaybeText(fill.Label);
        to.Text(fill.Instrument);
        to.Choice(fill.Side);
        to.Amount(fill.Contracts);
        to.Amount(fill.Price);
        to.Flag(fill.IsForced);
        to.Flag(fill.IsDeleveraging);
        to.Maybe(fill.VenueAt, to.Time);
    }

    public static FillSeen Trade(this ByteReader from) => SecondTrade(from) with { VenueAt = from.Maybe(from.Time) };

    /// <summary>As version 2 has it.</summary>
    public static FillSeen SecondTrade(this ByteReader from) => FirstTrade(from) with { IsDeleveraging = from.Flag() };

    /// <summary>As version 1 has it.</summary>
    public static FillSeen FirstTrade(this ByteReader from) =>
        new(from.Text(), from.MaybeText(), from.Text(), from.Choice<Side>(), from.Amount(), from.Amount(), from.Flag());
}
