using System.Collections.Immutable;
using Plimsoll.Tails;

namespace Plimsoll.Backtest;

/// <summary>How an exposure rule is walked.</summary>
/// <param name="VolatilityAnnual">Of daily returns, the same for every rule.</param>
/// <param name="Cost">Of a unit of exposure bought or sold: fee and half spread.</param>
/// <param name="Band">Relative distance from the target within which nothing is traded.</param>
/// <param name="Seed">Of the resampling.</param>
public sealed record TailValueRequest(
    double VolatilityAnnual = 0.2,
    double Cost = 0.0006,
    double Band = 0.1,
    ulong Seed = 1
);

/// <summary>Figures of daily returns; a year has 365 days, losses are positive.</summary>
/// <param name="GrowthAnnual">Mean log return a year.</param>
/// <param name="Sharpe">Mean over deviation, a year.</param>
/// <param name="Shortfall">Mean loss of the worst 2.5% of days.</param>
/// <param name="Drawdown">Largest fall below the highest close.</param>
/// <param name="WorstMonth">Largest loss over thirty days in a row, without overlap.</param>
/// <param name="VolatilityOfVolatility">Deviation of the volatility of those months over its mean.</param>
public readonly record struct ExposureFigures(
    double GrowthAnnual,
    double Sharpe,
    double Shortfall,
    double Drawdown,
    double WorstMonth,
    double VolatilityOfVolatility
)
{
    /// <summary>Number of figures.</summary>
    public const int Count = 6;

    const double DaysPerYear = 365;
    const int MonthDays = 30;

    /// <summary>In order of declaration.</summary>
    public double[] Values => [GrowthAnnual, Sharpe, Shortfall, Drawdown, WorstMonth, VolatilityOfVolatility];

    /// <summary>Figures of simple daily returns, each above −1.</summary>
    public static ExposureFigures Of(double[] returns)
    {
        int n = returns.Length;
        double deviation = ExposureWalk.Deviation(returns);
        var (wealth, high, drawdown) = (0.0, 0.0, 0.0);
        foreach (double r in returns)
        {
            wealth += Math.Log(1 + r);
            high = Math.Max(high, wealth);
            drawdown = Math.Max(drawdown, 1 - Math.Exp(wealth - high));
        }
        int tail = Math.Max(1, n / 40);
        double[] worst = [.. returns.Order().Take(tail)];
        double[][] months = [.. returns.Chunk(MonthDays).Where(month => month.Length == MonthDays)];
        double[] volatilities = [.. months.Select(month => ExposureWalk.Deviation(month))];
        return new(
            wealth / n * DaysPerYear,
            returns.Average() / deviation * Math.Sqrt(DaysPerYear),
            -worst.Average(),
            drawdown,
            months.Max(month => 1 - month.Aggregate(1.0, (w, r) => w * (1 + r))),
            ExposureWalk.Deviation(volatilities) / volatilities.Average()
        );
    }
}

/// <summary>One rule, and how it differs from volatility targeting.</summary>
/// <param name="Name">Rule.</param>
/// <param name="Figures">Net of cost.</param>
/// <param name="MeanExposure">Mean share of wealth.</param>
/// <param name="TurnoverAnnual">One way, shares of wealth.</param>
/// <param name="CostAnnual">Share of wealth.</param>
/// <param name="Less">Figures less those of volatility targeting; null for itself.</param>
/// <param name="Bands">90% bands of them, in order of the figures.</param>
public sealed record TailValueRow(
    string Name,
    ExposureFigures Figures,
    double MeanExposure,
    double TurnoverAnnual,
    double CostAnnual,
    double[]? Less,
    Band[]? Bands
);

/// <summary>What a forecast of the tail adds to volatility targeting, on one coin.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Days">Days.</param>
/// <param name="Rows">By rule, volatility targeting first.</param>
/// <remarks>
/// The question of Cederburg, O'Doherty, Wang and Yan, J. Financial Economics 138 (2020): what a scaled strategy is
/// worth in real time. Every rule is long the coin and scaled to the same volatility of daily returns over the whole
/// time, so that none is better for having risked less; that one number is known only afterwards and is the same
/// service to each. Bands: pairs of days resampled together (Politis and Romano 1994).
/// </remarks>
public sealed record TailValue(
    string Underlying,
    DateOnly From,
    DateOnly To,
    int Days,
    ImmutableArray<TailValueRow> Rows
)
{
    const int Draws = 1_000;
    const double Confidence = 0.9;
    const double DaysPerYear = 365;
    const int FewestDays = 365;

    /// <summary>Walks one coin; null where it has too few days after the year of reference.</summary>
    public static TailValue? Of(TailHistory history, TailValueRequest request)
    {
        int from = EvaluationRequest.FewestDays + ExposureRule.ReferenceDays;
        int days = history.Target.Count - from;
        if (days < FewestDays)
            return null;
        double[] returns =
        [
            .. history.Target.Days.AsSpan(from..).ToArray().Select(day => Math.Exp(day.Return / 100) - 1),
        ];
        var walks = ExposureRule
            .Of(history, from)
            .Select(rule =>
                (
                    rule.Name,
                    Walk: ExposureWalk.AtVolatility(
                        rule.Targets,
                        returns,
                        request.VolatilityAnnual,
                        request.Cost,
                        request.Band
                    )
                )
            )
            .ToArray();
        double[] reference = walks[0].Walk.Returns;
        double block = Math.Max(5, StationaryBootstrap.AutomaticBlock([.. reference.Select(Math.Abs)]));
        return new(
            history.Target.Underlying,
            history.Target.Days[from].Date,
            history.Target.Days[^1].Date,
            days,
            [.. walks.Select(each => Row(each.Name, each.Walk, reference, block, request.Seed))]
        );
    }

    static TailValueRow Row(string name, ExposureWalk walk, double[] reference, double block, ulong seed)
    {
        var figures = ExposureFigures.Of(walk.Returns);
        double years = reference.Length / DaysPerYear;
        bool isReference = ReferenceEquals(walk.Returns, reference);
        return new(
            name,
            figures,
            walk.MeanExposure,
            walk.Turnover / years,
            walk.Cost / years,
            isReference ? null : Less(figures, ExposureFigures.Of(reference)),
            isReference ? null : Bands(walk.Returns, reference, block, seed)
        );
    }

    static double[] Less(ExposureFigures figures, ExposureFigures reference) =>
        [.. figures.Values.Zip(reference.Values, (a, b) => a - b)];

    /// <summary>Days are drawn, not returns, so that both rules live through the same ones.</summary>
    static Band[]? Bands(double[] returns, double[] reference, double block, ulong seed)
    {
        double[] days = [.. Enumerable.Range(0, returns.Length).Select(t => (double)t)];
        double[] Drawn(double[] of, double[] at) => [.. at.Select(t => of[(int)t])];
        return StationaryBootstrap.Bands(
            days,
            (at, into) =>
                Less(ExposureFigures.Of(Drawn(returns, at)), ExposureFigures.Of(Drawn(reference, at))).CopyTo(into, 0),
            ExposureFigures.Count,
            block,
            Draws,
            Confidence,
            seed
        );
    }
}
