using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>The slices of one surface, fitted so that none crosses its neighbour.</summary>
sealed class SliceSequence(string underlying, List<ExpiryQuotes> expiries, ImmutableArray<Repair>.Builder notes)
{
    /// <summary>Fewer strikes than this do not determine a smile.</summary>
    const int FewestStrikes = 5;

    /// <summary>Hold of a borrowed shape against the few quotes of its own expiry.</summary>
    const double BorrowedPriorWeight = 10;
    const double SmallestGain = 1e-6;
    const int MostSteps = 200;
    const double Headroom = 1e-3;
    static readonly double[] Widenings = [1e-9, 1e-4, 1e-3, 1e-2];
    static readonly double[] Penalties = [0.001, 0.1, 3, 3, 3];

    readonly double[]?[] fitted = new double[]?[expiries.Count];

    readonly List<double>[] crossings = [.. expiries.Select(_ => new List<double>())];

    public List<SviSlice> Fit()
    {
        for (int i = 0; i < fitted.Length; i++)
            if (expiries[i].Strikes >= FewestStrikes)
                fitted[i] = SliceFit.Fit(new SliceProblem(expiries[i], 1));
        var priors = new double[]?[fitted.Length];
        for (int i = 0; i < fitted.Length; i++)
            if (fitted[i] is null)
                fitted[i] = priors[i] = Borrowed(i);
        foreach (double penalty in Penalties)
            if (FindCrossings())
                FitTogether(penalty, priors);
        return Certified();
    }

    SviSlice Slice(int i) => new SliceProblem(expiries[i], 1).Slice(fitted[i], expiries[i]);

    /// <summary>Adds where neighbours cross worst to what the next fit must mend; false when none does.</summary>
    bool FindCrossings()
    {
        bool any = false;
        for (int i = 0; i + 1 < fitted.Length; i++)
        {
            var (earlier, later) = (Slice(i), Slice(i + 1));
            any |= StaticArbitrage.MinimumCalendarStep(earlier, later) < 0;
            var (step, logMoneyness) = StaticArbitrage.WorstCrossing(earlier, later);
            if (step < 0)
                crossings[i].Add(logMoneyness);
        }
        return any;
    }

    void FitTogether(double penalty, double[]?[] priors)
    {
        var parts = new SliceProblem[fitted.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = priors[i] is { } prior
                ? new SliceProblem(expiries[i], Math.Max(1, penalty))
                {
                    Prior = [double.NaN, .. prior[1..]],
                    PriorWeight = BorrowedPriorWeight,
                }
                : new SliceProblem(expiries[i], Math.Max(1, penalty));
        double[] p = [.. fitted.SelectMany(block => block!)];
        DampedDescent.Minimise(new SurfaceProblem(parts, crossings, penalty), p, SmallestGain, MostSteps);
        for (int i = 0; i < parts.Length; i++)
            fitted[i] = p[(i * SliceProblem.Unknowns)..((i + 1) * SliceProblem.Unknowns)];
    }

    /// <summary>The slices in order of expiry, each proven free of arbitrage with the one before.</summary>
    List<SviSlice> Certified()
    {
        var certified = new List<SviSlice>(fitted.Length);
        for (int i = 0; i < fitted.Length; i++)
        {
            var earlier = certified.Count > 0 ? certified[^1] : null;
            if (Certify(i, earlier) is { } slice)
                certified.Add(slice);
            else
                notes.Add(SurfaceFit.Dropped(underlying, expiries[i].Expiry, "no slice without arbitrage was found"));
        }
        return certified;
    }

    SviSlice? Certify(int i, SviSlice? earlier)
    {
        var slice = Slice(i);
        if (IsFree(slice, earlier))
            return slice;
        if (earlier is null)
            return null;
        var lifted = Lifted(slice, earlier);
        if (IsFree(lifted, earlier))
            return lifted;
        var shape = Rescaled(earlier, expiries[i]);
        if (!IsFree(shape, earlier))
            return null;
        notes.Add(
            new Repair(
                underlying,
                "surface-slice-borrowed",
                FormattableString.Invariant(
                    $"{slice.Expiry:yyyy-MM-dd HH:mm}: no smile of its own without arbitrage, takes the shape before it"
                )
            )
        );
        return shape;
    }

    static bool IsFree(SviSlice slice, SviSlice? earlier) =>
        StaticArbitrage.MinimumDensity(slice) >= 0
        && (earlier is null || StaticArbitrage.MinimumCalendarStep(earlier, slice) >= 0);

    /// <summary>
    /// The slice made to lie above the earlier one: wings a little wider about the same at-the-money variance, then
    /// raised by what it still lacks; of several widenings the one that needs to be raised least.
    /// </summary>
    static SviSlice Lifted(SviSlice slice, SviSlice earlier)
    {
        SviSlice best = slice;
        double leastLift = double.PositiveInfinity;
        foreach (double widening in Widenings)
        {
            double left = Math.Max(slice.LeftWing, earlier.LeftWing) * (1 + widening);
            double right = Math.Max(slice.RightWing, earlier.RightWing) * (1 + widening);
            var widened = slice with { B = 0.5 * (left + right), Rho = (right - left) / (right + left) };
            widened = widened with { A = widened.A + slice.AtTheMoneyVariance - widened.AtTheMoneyVariance };
            double lift = Math.Max(0, -StaticArbitrage.MinimumCalendarStep(earlier, widened)) * (1 + Headroom);
            if (lift < leastLift)
                (best, leastLift) = (widened with { A = widened.A + lift }, lift);
        }
        return best;
    }

    /// <summary>
    /// Shape of the nearest fitted expiry, in standard deviations, at this expiry's own at-the-money variance: for an
    /// expiry with too few strikes.
    /// </summary>
    double[] Borrowed(int i)
    {
        SviSlice? nearest = null;
        for (int distance = 1; distance < fitted.Length && nearest is null; distance++)
        {
            if (i + distance < fitted.Length && expiries[i + distance].Strikes >= FewestStrikes)
                nearest = Slice(i + distance);
            else if (i - distance >= 0 && fitted[i - distance] is not null)
                nearest = Slice(i - distance);
        }
        var expiry = expiries[i];
        notes.Add(
            new Repair(
                underlying,
                "surface-slice-borrowed",
                FormattableString.Invariant(
                    $"{expiry.Expiry:yyyy-MM-dd HH:mm}: {expiry.Strikes} strikes, takes the shape of its neighbour"
                )
            )
        );
        var shape =
            nearest
            ?? SsviSlice.Typical(expiry.AtTheMoneyVariance).ToRaw(expiry.Expiry, expiry.TYears, expiry.ForwardUsd);
        return new SliceProblem(expiry, 1).Start(Rescaled(shape, expiry));
    }

    static SviSlice Rescaled(SviSlice shape, ExpiryQuotes expiry)
    {
        double scale = expiry.AtTheMoneyVariance / shape.AtTheMoneyVariance;
        if (shape.Expiry < expiry.Expiry)
            scale = Math.Max(scale, 1 + 1e-9);
        double steepest = Math.Max(shape.LeftWing, shape.RightWing);
        if (scale > 1)
            scale = Math.Min(scale, Math.Max(1, Math.Pow(1.9 / steepest, 2)));
        return shape.Moved(scale, 0, expiry.TYears, expiry.ForwardUsd) with { Expiry = expiry.Expiry };
    }
}
