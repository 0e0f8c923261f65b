using Plimsoll.Tails;

namespace Plimsoll.Backtest;

/// <summary>Exposure to one coin for each day, decided from the days before it, in arbitrary units.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Targets">Positive, one a day.</param>
sealed record ExposureRule(string Name, double[] Targets)
{
    /// <summary>What every other rule is compared with.</summary>
    public const string VolatilityTarget = "volatility target";

    /// <summary>Days of forecasts before the first day: they make the usual shortfall.</summary>
    public const int ReferenceDays = BudgetReading.ReferenceDays;

    static readonly TailProbability Level = new(0.025);

    /// <summary>The rules over the days from one position to the end.</summary>
    /// <param name="history">The coin and the market about it.</param>
    /// <param name="from">First day; forecasts are made from <see cref="ReferenceDays"/> before it.</param>
    public static ExposureRule[] Of(TailHistory history, int from)
    {
        int start = from - ReferenceDays;
        int days = history.Target.Count - from;
        double[] shortfall = Shortfalls(history, start);
        double[] share = Shares(shortfall, days);
        double[] variance = new double[history.Target.Count + 1];
        var returns = history.Before(history.Target.Count);
        EwmaFilter.Run(returns, SimpleModels.Decay, EwmaFilter.First(returns[..from]), variance);
        double[] inverse = [.. Enumerable.Range(from, days).Select(t => 1 / Math.Sqrt(variance[t]))];
        return
        [
            new(VolatilityTarget, inverse),
            new("with tail budget", [.. inverse.Select((w, t) => w * share[t])]),
            new("tail budget alone", share),
            new("shortfall target", [.. Enumerable.Range(0, days).Select(t => 1 / shortfall[ReferenceDays + t])]),
            new("hold", [.. Enumerable.Repeat(1.0, days)]),
        ];
    }

    /// <summary>Forecast shortfall of each day by the default combination, fitted anew every 50 days.</summary>
    static double[] Shortfalls(TailHistory history, int start)
    {
        var span = new WalkForwardSpan(start, history.Target.Count);
        var members = TailModels.AutoMembers.Select(model => WalkForwardOf(model, history, span)).ToArray();
        double[] returns = [.. history.Target.Days.AsSpan(start..).ToArray().Select(day => day.Return)];
        var combined = ForecastCombination.Run(TailModels.Auto, members, returns, Level, new());
        return [.. combined.Forecasts.Select(forecast => forecast!.Value.ExpectedShortfall)];
    }

    static ForecastSeries WalkForwardOf(ITailModel model, TailHistory history, WalkForwardSpan span) =>
        Tails.WalkForward.Run(model, history, span, [Level])[0];

    /// <summary>The risk budget day by day: each against the median of the forecasts of the year before.</summary>
    static double[] Shares(double[] shortfall, int days)
    {
        var budget = new RiskBudget();
        var shares = new double[days];
        var path = new double[ReferenceDays + 1];
        for (int t = 0; t < days; t++)
        {
            double[] year = shortfall[t..(t + ReferenceDays + 1)];
            double usual = year.Take(ReferenceDays).Order().ElementAt(ReferenceDays / 2);
            budget.Path(year, usual, path);
            shares[t] = path[^1];
        }
        return shares;
    }
}
