using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Each trade loses the same share of equity if its stop is hit.</summary>
/// <remarks>
/// Fixed fractional sizing (Vince 1990; Tharp 1998) with exact payoffs: <see cref="StopLoss"/> knows that an inverse
/// contract's
/// loss is size·(1/stop − 1/entry) coin. A bought option risks its premium; a sold one has no stop that bounds its
/// loss and is
/// left out.
/// </remarks>
public sealed class FixedRisk : ISizingMethod
{
    /// <summary>Share of equity lost at the stop.</summary>
    public static ShareParameter Risk { get; } =
        new("risk", "Share of equity that each position loses at its stop.", 0.01, 0, 1);

    /// <summary>Distance of the stop.</summary>
    public static ShareParameter Stop { get; } =
        new("stop", "Adverse move of the price at which the stop is hit, share of the price.", 0.05, 0.0001, 0.95);

    /// <inheritdoc />
    public string Key => "fixed-risk";

    /// <inheritdoc />
    public MethodFamily Family => MethodFamily.Static;

    /// <inheritdoc />
    public string Description => "The same share of equity lost at each position's stop.";

    /// <inheritdoc />
    public ImmutableArray<MethodParameter> Parameters => [Risk, Stop];

    /// <inheritdoc />
    public MethodProposal Propose(MethodProblem problem)
    {
        double budget = problem.Settings.Get(Risk) * problem.Equity;
        double stop = problem.Settings.Get(Stop);
        var contracts = new double[problem.Count];
        var left = new List<string>();
        for (int i = 0; i < contracts.Length; i++)
        {
            double loss = LossPerContract(problem, i, stop);
            if (loss > 0 && double.IsFinite(loss))
                contracts[i] = problem.Side[i] * budget / loss;
            else
                left.Add(problem.Name(i));
        }
        string words = $"left out, a sold option's loss has no bound at a stop: {string.Join(", ", left)}";
        return MethodProposal.Of(contracts) with { Notes = left.Count == 0 ? [] : [words] };
    }

    static double LossPerContract(MethodProblem problem, int i, double stop)
    {
        var line = problem.Line(i);
        var prices = problem.Prepared.Matrix.Prices!;
        if (line.Instrument is OptionInstrument)
            return problem.Side[i] > 0 ? problem.Prepared.Matrix.ValueNow[line.Column] : double.PositiveInfinity;
        double index = problem.Prepared.Input.Market.Find(line.Instrument.Underlying)!.IndexUsd;
        double entry = (double)(line.Quote.Mark ?? line.Quote.Bid ?? line.Quote.Ask ?? (decimal)index);
        var side = problem.Side[i] > 0 ? Side.Buy : Side.Sell;
        double at = entry * (1 - problem.Side[i] * stop);
        return StopLoss.OfFuture(line.Instrument, side, entry, at, 0) * prices.Now(line.Instrument.Settlement);
    }
}
