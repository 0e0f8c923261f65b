using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>The law of risk and the law after the views.</summary>
public sealed record ViewLaw
{
    /// <summary>p: the law of risk.</summary>
    public required double[] Prior { get; init; }

    /// <summary>x: after all views; the same array as <see cref="Prior"/> where there is none.</summary>
    public required double[] Weights { get; init; }

    /// <summary>
    /// After level and volatility views only: what gives options an edge of their own. A drift or relative view does
    /// not.
    /// </summary>
    public required double[] OptionWeights { get; init; }

    /// <summary>Views as used.</summary>
    public required ImmutableArray<ViewLine> Lines { get; init; }

    /// <summary>Warnings, such as a law that rests on few scenarios.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Whether any view moves the law.</summary>
    public bool HasViews => !ReferenceEquals(Prior, Weights);

    /// <summary>Pools all views.</summary>
    /// <param name="views">The mandate's views.</param>
    /// <param name="targets">Moments of the scenarios.</param>
    /// <param name="prior">p.</param>
    /// <param name="place">Where the mandate came from, for faults.</param>
    public static Parsed<ViewLaw> Of(ImmutableArray<View> views, ViewTargets targets, double[] prior, string place)
    {
        if (views.IsEmpty)
            return Parsed<ViewLaw>.Ok(Without(prior));
        var all = views.Select(targets.Of).ToImmutableArray();
        var faults = new List<Fault>();
        double[] weights = Layered(all, targets, prior, place, faults);
        var own = all.Where(target => target.View is LevelView or VolatilityView).ToImmutableArray();
        double[] option = own.Length == all.Length ? weights : Layered(own, targets, prior, place, faults);
        if (faults.Count > 0)
            return Parsed<ViewLaw>.Fail(faults.Distinct());
        double effective = EntropyPooling.EffectiveScenarios(weights) / EntropyPooling.EffectiveScenarios(prior);
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (effective < 0.05)
            warnings.Add(
                FormattableString.Invariant(
                    $"the views leave {effective * 100:0.#}% of the scenarios' entropy: the answer rests on few of them"
                )
            );
        return Parsed<ViewLaw>.Ok(
            new ViewLaw
            {
                Prior = prior,
                Weights = weights,
                OptionWeights = option,
                Lines = [.. all.Select(target => Line(target, targets, prior, weights))],
                Warnings = warnings.ToImmutable(),
            }
        );
    }

    /// <summary>The law of risk alone.</summary>
    public static ViewLaw Without(double[] prior) =>
        new()
        {
            Prior = prior,
            Weights = prior,
            OptionWeights = prior,
            Lines = [],
            Warnings = [],
        };

    /// <summary>
    /// Opinion pooling (Meucci 2008, sec. 5): between two neighbouring confidences counts the law that meets every view
    /// of at least the higher one. One view alone is (1 − c)·p + c·x.
    /// </summary>
    static double[] Layered(
        ImmutableArray<ViewTarget> views,
        ViewTargets targets,
        double[] prior,
        string place,
        List<Fault> faults
    )
    {
        if (views.IsEmpty)
            return prior;
        var mixed = new double[prior.Length];
        double below = 0;
        foreach (double level in views.Select(target => target.View.Confidence).Where(c => c > 0).Distinct().Order())
        {
            var layer = views.Where(target => target.View.Confidence >= level).ToImmutableArray();
            var pooled = EntropyPooling.Solve(prior, TargetsOf(layer, targets));
            if (pooled.Weights is not { } weights)
            {
                faults.Add(Unreachable(layer, views, pooled, place));
                return prior;
            }
            for (int s = 0; s < mixed.Length; s++)
                mixed[s] += (level - below) * weights[s];
            below = level;
        }
        for (int s = 0; s < mixed.Length; s++)
            mixed[s] += (1 - below) * prior[s];
        return mixed;
    }

    static List<PoolingTarget> TargetsOf(ImmutableArray<ViewTarget> layer, ViewTargets targets)
    {
        var freed = layer.SelectMany(target => target.Frees).ToHashSet(StringComparer.Ordinal);
        var pins = layer
            .SelectMany(target => target.Pins)
            .Distinct(StringComparer.Ordinal)
            .Where(key => !freed.Contains(key));
        return [.. layer.Select(target => target.Says), .. pins.Select(targets.Pin)];
    }

    static Fault Unreachable(
        ImmutableArray<ViewTarget> layer,
        ImmutableArray<ViewTarget> views,
        PoolingResult pooled,
        string place
    )
    {
        var culprit = layer.FirstOrDefault(target => ReferenceEquals(target.Says, pooled.Unreachable)) ?? layer[0];
        int index = views.IndexOf(culprit);
        double low = culprit.FromExpectation(pooled.AttainableLow),
            high = culprit.FromExpectation(pooled.AttainableHigh);
        string expected = ReferenceEquals(culprit.Says, pooled.Unreachable)
            ? FormattableString.Invariant(
                $"a view between {low:0.####} and {high:0.####}, which the scenarios can reach"
            )
            : "views that can hold together with what they leave as it is (or spillover = true)";
        return new Fault(
            place,
            null,
            $"views[{index}]",
            FormattableString.Invariant($"{culprit.View.Text} ({culprit.Stated:0.####})"),
            expected
        );
    }

    static ViewLine Line(ViewTarget target, ViewTargets targets, double[] prior, double[] weights)
    {
        double posterior = target.FromExpectation(Posterior(target, prior, weights));
        var induced = ImmutableArray.CreateBuilder<string>();
        foreach (string key in targets.AllMoments())
        {
            double[] rows = targets.Moment(key);
            double before = ViewTargets.Mean(prior, rows),
                after = ViewTargets.Mean(weights, rows);
            double scale = key.StartsWith("mean", StringComparison.Ordinal) ? 1e-5 : 1e-4 * Math.Abs(before) + 1e-12;
            if (Math.Abs(after - before) > scale && !target.Frees.Contains(key))
                induced.Add(FormattableString.Invariant($"{Words(key)} {before:0.#####} -> {after:0.#####}"));
        }
        return new ViewLine(target.View.Text, target.Prior, target.Stated, posterior, induced.ToImmutable());
    }

    /// <summary>For an event beyond the horizon: the mixture's own probability of it is (1 − c)·π + c·v.</summary>
    static double Posterior(ViewTarget target, double[] prior, double[] weights)
    {
        if (!target.Says.IsEvent)
            return ViewTargets.Mean(weights, target.Says.Rows);
        double c = target.View.Confidence;
        return (1 - c) * ViewTargets.Mean(prior, target.Says.Rows) + c * target.Says.Target;
    }

    static string Words(string key)
    {
        string[] parts = key.Split(':');
        return parts[0] switch
        {
            "mean" => $"expected return of {parts[1]} over the horizon",
            "square" => $"variance of {parts[1]} over the horizon",
            "vol" => $"implied volatility of {parts[1]} at 30 days",
            _ => $"skew of {parts[1]} at 30 days",
        };
    }
}
