using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>How often an account is liquidated on the way to the horizon, and how often at its end.</summary>
/// <param name="Probability">Weight of the paths on which a pool is short of maintenance margin at some bar.</param>
/// <param name="StandardError">Of that weight, from the number of paths alone.</param>
/// <param name="AtHorizon">Weight of the paths that end short: what a look at closes alone would say.</param>
/// <param name="MedianDays">Half of the liquidated weight is short by then; null without any.</param>
/// <param name="Paths">Number of paths.</param>
/// <param name="Assessed">Markets at which the venue's margin was recomputed.</param>
/// <param name="BarHours">Length of a bar.</param>
public sealed record FirstPassage(
    double Probability,
    double StandardError,
    double AtHorizon,
    double? MedianDays,
    int Paths,
    int Assessed,
    double BarHours
)
{
    const int Chunk = 512;
    const int Looks = 2;

    /// <summary>First-passage probability over intraday bars.</summary>
    /// <remarks>
    /// Each bar is looked at three times: every coin at its low, at its high, at its close, with the volatility at the
    /// bar's end and the time that has passed. On each path the two bars that an approximation calls worst are
    /// margined by the venue's own rule, and those alone decide. Paths go from the worst by the approximation, 512 at
    /// a time, until 512 in a row are safe; the rest counts as safe. So the figure is a frequency of liquidations that
    /// are certain on their path: it may miss some, never invent one. Tested against every bar of every path.
    /// </remarks>
    /// <param name="spare">Portfolio and rule.</param>
    /// <param name="scenarios">Weighted, with their path kept.</param>
    /// <param name="threads">The answer does not depend on it.</param>
    /// <exception cref="ArgumentException">The scenarios' path was not kept.</exception>
    public static FirstPassage Of(SpareMargin spare, ScenarioSet scenarios, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(spare);
        ArgumentNullException.ThrowIfNull(scenarios);
        var path = scenarios.Path ?? throw new ArgumentException("the bars were not kept", nameof(scenarios));
        var walk = new PathStates(spare, scenarios, path);
        var approximation = new SpareApproximation(spare);
        var looks = new Look[scenarios.Count][];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, scenarios.Count, options, s => looks[s] = walk.Worst(s, approximation, Looks));
        int last = path.Days.Length - 1;
        var (any, onTheWay) = Shortfalls(walk, s => looks[s], scenarios.Count, options);
        var (ends, atEnd) = Shortfalls(
            walk,
            s => [new Look(last, BarPoint.Close, walk.Guess(s, last, BarPoint.Close, approximation))],
            scenarios.Count,
            options
        );
        double probability = 0,
            end = 0;
        var times = new List<(double Days, double Weight)>();
        for (int s = 0; s < scenarios.Count; s++)
        {
            double weight = scenarios.Weights[s];
            end += ends[s] is null ? 0 : weight;
            if ((any[s] ?? ends[s]) is not { } bar)
                continue;
            probability += weight;
            times.Add((path.Days[bar], weight));
        }
        return new FirstPassage(
            probability,
            Math.Sqrt(Math.Max(0, probability * (1 - probability)) / RiskMeasures.EffectiveSample(scenarios.Weights)),
            end,
            Median(times, probability),
            scenarios.Count,
            onTheWay + atEnd,
            24 * path.Days[0]
        );
    }

    /// <summary>The bar at which each path was found short, or null; and how many markets were margined.</summary>
    static (int?[] Bar, int Assessed) Shortfalls(
        PathStates walk,
        Func<int, Look[]> looks,
        int count,
        ParallelOptions options
    )
    {
        var found = new int?[count];
        int[] order = [.. Enumerable.Range(0, count).OrderBy(s => looks(s)[0].Guess).ThenBy(s => s)];
        int assessed = 0;
        for (int from = 0; from < count; from += Chunk)
        {
            int to = Math.Min(count, from + Chunk);
            var tried = new int[to - from];
            Parallel.For(
                from,
                to,
                options,
                i =>
                {
                    foreach (var look in looks(order[i]))
                    {
                        tried[i - from]++;
                        if (!(walk.Spare(order[i], look) < 0))
                            continue;
                        found[order[i]] = look.Bar;
                        break;
                    }
                }
            );
            assessed += tried.Sum();
            if (order[from..to].All(s => found[s] is null))
                break;
        }
        return (found, assessed);
    }

    static double? Median(List<(double Days, double Weight)> times, double whole)
    {
        double sum = 0;
        foreach (var (days, weight) in times.OrderBy(time => time.Days))
            if ((sum += weight) >= whole / 2)
                return days;
        return null;
    }
}
