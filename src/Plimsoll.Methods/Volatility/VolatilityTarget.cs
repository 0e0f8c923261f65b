using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Notional W·τ/σ in each instrument, times its weight and the diversification multiplier.</summary>
/// <remarks>
/// Carver 2015, Systematic Trading, chapters 9 to 11: IDM = 1/√(wᵀρw), at most 2.5. σ is that of the law of risk, the
/// at-the-money implied volatility at the horizon, or an exponentially weighted one of past daily returns (RiskMetrics
/// 1996,
/// decay 0.94).
/// </remarks>
public sealed class VolatilityTarget : BookMethod
{
    const double LargestMultiplier = 2.5;
    const double Decay = 0.94;

    /// <summary>Annual volatility aimed at.</summary>
    public static ShareParameter Target { get; } =
        new("target", "Annual volatility of the book aimed at, as a share of equity.", 0.2, 0, 5);

    /// <summary>Where volatility comes from.</summary>
    public static ChoiceParameter Source { get; } =
        new(
            "volatility",
            "Volatility used: of the scenarios (the forecast), implied at the money, or of past daily returns.",
            ["scenarios", "implied", "history"]
        );

    /// <inheritdoc />
    public override string Key => "volatility-target";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.VolatilityAdjusted;

    /// <inheritdoc />
    public override string Description => "Notional in inverse proportion to a forecast or implied volatility.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters => [Target, Source];

    /// <summary>Notional of one instrument, in the unit of equity.</summary>
    /// <param name="equity">Wealth.</param>
    /// <param name="target">Annual volatility aimed at.</param>
    /// <param name="volatility">Annual volatility of the instrument.</param>
    /// <param name="weight">Share of the risk that is the instrument's.</param>
    /// <param name="multiplier">Diversification multiplier.</param>
    /// <param name="forecast">Strength of the signal in units of its average; 1 without one.</param>
    public static double Notional(
        double equity,
        double target,
        double volatility,
        double weight = 1,
        double multiplier = 1,
        double forecast = 1
    ) => equity * target / volatility * weight * multiplier * forecast;

    /// <summary>1/√(wᵀρw), at most 2.5.</summary>
    public static double Multiplier(SymmetricMatrix covariance, double weight)
    {
        double sum = 0;
        for (int i = 0; i < covariance.Size; i++)
        for (int j = 0; j < covariance.Size; j++)
            sum += weight * weight * covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]);
        return sum > 0 ? Math.Min(LargestMultiplier, 1 / Math.Sqrt(sum)) : LargestMultiplier;
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double weight = 1.0 / returns.Count;
        double multiplier = Multiplier(returns.Covariance, weight);
        var fractions = new double[returns.Count];
        for (int i = 0; i < fractions.Length; i++)
        {
            if (Volatility(returns, problem, i) is not { } volatility)
                return BookProposal.Refuse(
                    $"the {problem.Settings.Get(Source)} volatility of {problem.Name(i)} is not known: give bars "
                        + "(--history), or volatility = \"scenarios\""
                );
            fractions[i] = Notional(1, problem.Settings.Get(Target), volatility, weight, multiplier);
        }
        return BookProposal.Of(fractions);
    }

    static double? Volatility(MethodReturns returns, MethodProblem problem, int i)
    {
        double own = returns.Deviation(i) / Math.Sqrt(returns.HorizonYears);
        string coin = problem.Line(i).Instrument.Underlying;
        switch (problem.Settings.Get(Source))
        {
            case "implied":
                // An option's return is its delta's share of the coin's; the implied figure replaces the coin's alone.
                if (problem.Line(i).Instrument is OptionInstrument)
                    return own;
                return problem.Prepared.Surfaces.TryGetValue(coin, out var surface)
                    ? surface.AtTheMoneyVolatility(returns.HorizonYears)
                    : null;
            case "history":
                var bars = DailyBars.Of(problem.Prepared.Input, coin);
                return bars.Length < 30 ? null : DailyBars.Volatility(bars.AsSpan(), Decay);
            default:
                return own;
        }
    }
}
