using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>One trade of a prepared account: its loss at the stop and the limits that it meets at a size.</summary>
sealed class TradeAtStop
{
    readonly StopRule stop;
    readonly BookEvaluator? evaluator;
    readonly ProgramParts? parts;
    readonly ConvexLimits limits;

    public TradeAtStop(PreparedSizing prepared, string instrument, Side side, StopRule stop)
    {
        (Prepared, Side, this.stop) = (prepared, side, stop);
        Line = prepared.Lines.FirstOrDefault(line => line.Name == instrument);
        Instrument =
            Line?.Instrument
            ?? prepared.Input.Market.Quotes.First(quote => quote.Instrument.Name == instrument).Instrument;
        Missing = [.. prepared.Missing, .. MissingHere()];
        limits = new ConvexLimits([], []);
        if (Missing.Length > 0)
            return;
        (LossPerContract, Stop) = Loss();
        parts = new ProgramParts(prepared, Leg.Of(prepared.Lines, [prepared.Lines.IndexOf(Line!)]));
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var program = parts.Build(new Numerics.CostObjective(null, null, 1));
        evaluator = new BookEvaluator(parts, program);
        limits = ConvexLimits.WithoutTrade(parts, program, evaluator);
    }

    public PreparedSizing Prepared { get; }

    public Side Side { get; }

    public SizingLine? Line { get; }

    public Instrument Instrument { get; }

    public ImmutableArray<string> Missing { get; }

    /// <summary>Home currency, costs included; positive is a loss.</summary>
    public double LossPerContract { get; }

    public string Stop { get; } = "";

    public SideCost? Entry => Side == Side.Buy ? Line?.Cost.Buy : Line?.Cost.Sell;

    public bool IsReduceOnly => Prepared.ReduceOnly;

    /// <summary>Contracts that volume, depth and days to exit allow.</summary>
    public double LiquidityCap =>
        Side == Side.Buy ? Line!.High - Line.CurrentContracts : Line!.CurrentContracts - Line.Low;

    /// <summary>Name of the first limit that a trade of this size breaks, or null.</summary>
    public string? FirstBroken(decimal contracts)
    {
        Span<double> amounts = stackalloc double[parts!.Legs.Length];
        double trade = (double)contracts * (Side == Side.Buy ? 1 : -1);
        Leg.Spread(parts.Legs.AsSpan(), Line!.CurrentContracts, trade, amounts);
        evaluator!.MoveTo(amounts);
        return limits.FirstBroken(evaluator);
    }

    IEnumerable<string> MissingHere()
    {
        if (Line is null)
            yield return $"{Instrument.Name}: no surface of its expiry, or no wallet in {Instrument.Settlement}";
        else if (Entry is null)
            yield return $"{Instrument.Name}: nobody quotes the {(Side == Side.Buy ? "ask" : "bid")}";
    }

    (double Loss, string Words) Loss()
    {
        if (stop.IsEmpty)
            return WorstCase();
        double index = Prepared.Input.Market.Find(Instrument.Underlying)!.IndexUsd;
        var model = Prepared.Prices;
        double entry = (double)Entry!.Value.Price;
        double halfSpread = Line!.Quote is { Bid: { } bid, Ask: { } ask } ? (double)(ask - bid) / 2 : 0;
        if (Instrument is not OptionInstrument option)
        {
            double stopUsd = stop.PriceUsd!.Value;
            double now = model.UnderlyingPriceUsd(Instrument)!.Value;
            double relative = halfSpread > 0 ? halfSpread / now : AssumedHalfSpread();
            double loss = StopLoss.OfFuture(Instrument, Side, entry, stopUsd, relative);
            return (
                loss * SettlementAt(stopUsd / now),
                FormattableString.Invariant($"{Instrument.Name} at {stopUsd:0.##}")
            );
        }
        double ratio = (stop.PriceUsd ?? index) / index;
        var slice = model.Slice(option)!;
        double k = Math.Log((double)option.StrikeUsd / slice.ForwardUsd);
        double volatility = slice.VolatilityAnnual(k) + (stop.VolatilityShift ?? 0);
        double optionLoss = StopLoss.OfOption(
            option,
            Side,
            entry,
            slice.ForwardUsd * ratio,
            index * ratio,
            slice.TYears,
            Math.Max(0, volatility),
            halfSpread
        );
        return (
            optionLoss * SettlementAt(ratio),
            FormattableString.Invariant(
                $"{option.Underlying} index at {index * ratio:0.##}, implied volatility {volatility * 100:0.#}%, today"
            )
        );
    }

    double AssumedHalfSpread() => (Prepared.Mandate.Assumptions.PerpetualSpread ?? 0) / 2;

    /// <summary>Home units for one unit of the settlement currency when the coin moves by a ratio.</summary>
    double SettlementAt(double ratio)
    {
        var prices = Prepared.Matrix.Prices!;
        double now = prices.Now(Instrument.Settlement);
        bool settlesInCoin = Instrument.Settlement.Code == Instrument.Underlying;
        bool homeIsCoin = Prepared.Home.Code == Instrument.Underlying;
        return settlesInCoin == homeIsCoin ? now
            : settlesInCoin ? now * ratio
            : now / ratio;
    }

    (double Loss, string Words) WorstCase()
    {
        int column = Line!.Column;
        double direction = Side == Side.Buy ? 1 : -1;
        var gains = Prepared.StressMatrix.Gain.Column(column);
        int worst = 0;
        for (int r = 1; r < gains.Length; r++)
            if (direction * gains[r] < direction * gains[worst])
                worst = r;
        double loss = -direction * gains[worst];
        string words = $"worst stress scenario ({Prepared.Stress.Origins[worst]})";
        var range = Prepared.Mandate.Survival.WorstCase ?? new WorstCaseLimit(1, 0.25, 4, false);
        var tail = TailRange.InHome(
            Instrument.Underlying,
            Prepared.Matrix.Instruments,
            Prepared.Prices,
            Prepared.Matrix.Prices!,
            range.TailLow,
            range.TailHigh,
            false
        );
        var contracts = new double[Prepared.Matrix.Instruments.Length];
        contracts[column] = direction;
        var atExpiry = tail.WorstLoss(contracts, 0);
        if (atExpiry.Loss > loss)
            (loss, words) = (atExpiry.Loss, "worst price of the tail range at expiry");
        return (loss + Entry!.Value.Home, words);
    }
}
