using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Sizes one trade by its loss at a stop, within every limit of the mandate.</summary>
/// <remarks>
/// Fixed fractional sizing (Vince 1990; the second era of the field) with the contract's exact payoff: contracts =
/// budget / loss of one contract. Limits are convex and hold, or are no worse, without the trade, so the sizes that
/// meet
/// them are an interval from zero; its end is found by bisection over whole lots, each limit evaluated exactly.
/// </remarks>
public static class SingleTradeSizer
{
    const string Place = "size";

    /// <param name="input">Market, account, mandate; the mandate's limits bind the trade.</param>
    /// <param name="instrument">The venue's name.</param>
    /// <param name="side">Buy or sell.</param>
    /// <param name="riskFraction">Share of equity that may be lost at the stop; positive.</param>
    /// <param name="stop">Where the trade is given up.</param>
    public static Parsed<SingleTrade> Size(
        SizingInput input,
        string instrument,
        Side side,
        double riskFraction,
        StopRule stop
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(riskFraction);
        var faults = Check(input, instrument, stop).ToList();
        if (faults.Count > 0)
            return Parsed<SingleTrade>.Fail(faults);
        var mandate = input.Mandate with { Candidates = [instrument], Objective = ObjectiveKind.Growth };
        var prepared = Sizer.Prepare(input with { Mandate = mandate });
        if (!prepared.Succeeded)
            return Parsed<SingleTrade>.Fail(prepared.Faults);
        var trade = new TradeAtStop(prepared.Value, instrument, side, stop);
        if (trade.Missing.Length > 0)
            return Parsed<SingleTrade>.Ok(Answer(trade, riskFraction, 0, "", DecisionStatus.Undetermined));
        if (!(trade.LossPerContract > 0))
            return Parsed<SingleTrade>.Fail(
                new Fault(Place, null, "stop", trade.Stop, $"a stop at which a {Word(side)} loses; this one gains")
            );
        return Parsed<SingleTrade>.Ok(Fit(trade, riskFraction));
    }

    static SingleTrade Fit(TradeAtStop trade, double riskFraction)
    {
        var line = trade.Line!;
        double budget = riskFraction * trade.Prepared.Equity;
        long most = (long)Math.Min(budget / trade.LossPerContract / (double)line.Lot * (1 + 1e-12), long.MaxValue / 2);
        string binding = "risk budget";
        long caps = (long)(trade.LiquidityCap / (double)line.Lot * (1 + 1e-12));
        if (caps < most)
            (most, binding) = (caps, trade.IsReduceOnly ? "throttle (reduce only)" : "limits.liquidity");
        long fits = 0;
        if (trade.FirstBroken(most * line.Lot) is { } broken)
        {
            for (long low = 0, high = most; high - low > 1; fits = low)
            {
                long middle = low + (high - low) / 2;
                if (trade.FirstBroken(middle * line.Lot) is { } name)
                    (high, broken) = (middle, name);
                else
                    low = middle;
            }
            binding = broken;
        }
        else
            fits = most;
        decimal contracts = fits * line.Lot;
        if (contracts < line.Instrument.MinimumOrderContracts)
        {
            if (contracts > 0)
                binding = "minimum order";
            return Answer(trade, riskFraction, 0, binding, DecisionStatus.Infeasible);
        }
        return Answer(trade, riskFraction, contracts, binding, DecisionStatus.Sized);
    }

    static SingleTrade Answer(
        TradeAtStop trade,
        double riskFraction,
        decimal contracts,
        string binding,
        DecisionStatus status
    )
    {
        var prepared = trade.Prepared;
        bool known = status != DecisionStatus.Undetermined;
        double budget = riskFraction * prepared.Equity;
        var instrument = trade.Instrument;
        return new SingleTrade
        {
            Status = status,
            Instrument = instrument.Name,
            Side = trade.Side,
            Contracts = contracts,
            OrderAmount = contracts * instrument.OrderAmountPerContract,
            OrderAmountUnit = instrument.OrderAmountUnit,
            Price = trade.Entry?.Price,
            Currency = prepared.Home,
            Equity = prepared.Equity,
            Budget = budget,
            LossPerContract = known ? trade.LossPerContract : 0,
            LossAtStop = known ? (double)contracts * trade.LossPerContract : 0,
            BudgetContracts = known ? budget / trade.LossPerContract : 0,
            Stop = trade.Stop,
            Binding = binding,
            Missing = trade.Missing,
            Assumptions = prepared.Assumptions,
            Warnings = prepared.Warnings,
        };
    }

    static IEnumerable<Fault> Check(SizingInput input, string instrument, StopRule stop)
    {
        var quote = input.Market.Quotes.FirstOrDefault(quote => quote.Instrument.Name == instrument);
        if (quote is null)
            yield return new Fault(Place, null, "instrument", instrument, "an instrument of the market snapshot");
        if (stop.PriceUsd is { } price && !(price > 0 && double.IsFinite(price)))
            yield return new Fault(Place, null, "stop", FormattableString.Invariant($"{price}"), "a positive price");
        if (stop.VolatilityShift is not null && quote is { Instrument: not OptionInstrument })
            yield return new Fault(Place, null, "stop-iv", instrument, "an option: only options have a volatility");
    }

    internal static string Word(Side side) => side == Side.Buy ? "buyer" : "seller";
}
