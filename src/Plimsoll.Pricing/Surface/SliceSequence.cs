using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>The slices of one surface, fitted so that none crosses its neighbour.</summary>
sealed class SliceSequence(string underlying, List<ExpiryQuotes> expiries, ImmutableArray<Repair>.Builder notes)
{
    /// <summary>Fewer strikes than this do not determine a smile.</summary>
    const int FewestStrikes = 5;
    const int Sweeps = 4;
    const double Headroom = 1e-3;

    readonly SviSlice?[] slices = new SviSlice?[expiries.Count];

    public List<SviSlice> Fit()
    {
        for (int i = 0; i < slices.Length; i++)
            if (expiries[i].Strikes >= FewestStrikes)
                slices[i] = SliceFit.Fit(expiries[i], new SliceProblem(expiries[i], null, null, 1));
        for (int i = 0; i < slices.Length; i++)
            slices[i] ??= Borrowed(i);
        double penalty = 1;
        for (int sweep = 0; sweep < Sweeps && SweepCrossed(penalty); sweep++)
            penalty *= 4;
        return Certified();
    }

    /// <summary>Fits again, between their neighbours, the slices that cross; false when none does.</summary>
    bool SweepCrossed(double penalty)
    {
        bool[] crossed = new bool[slices.Length];
        for (int i = 1; i < slices.Length; i++)
            if (StaticArbitrage.MinimumCalendarStep(slices[i - 1]!, slices[i]!) < 0)
                crossed[i - 1] = crossed[i] = true;
        for (int i = 0; i < slices.Length; i++)
            if (crossed[i])
            {
                var earlier = i > 0 ? slices[i - 1] : null;
                var later = i + 1 < slices.Length ? slices[i + 1] : null;
                var problem = new SliceProblem(expiries[i], earlier, later, penalty);
                slices[i] = SliceFit.Refit(expiries[i], problem, slices[i]!);
            }
        return crossed.Contains(true);
    }

    /// <summary>The slices in order of expiry, each proven free of arbitrage with the one before.</summary>
    List<SviSlice> Certified()
    {
        var certified = new List<SviSlice>(slices.Length);
        for (int i = 0; i < slices.Length; i++)
        {
            var earlier = certified.Count > 0 ? certified[^1] : null;
            if (Certify(i, slices[i]!, earlier) is { } slice)
                certified.Add(slice);
            else
                notes.Add(SurfaceFit.Dropped(underlying, expiries[i].Expiry, "no slice without arbitrage was found"));
        }
        return certified;
    }

    SviSlice? Certify(int i, SviSlice slice, SviSlice? earlier)
    {
        if (IsFree(slice, earlier))
            return slice;
        for (double penalty = 16; penalty < 1e6; penalty *= 16)
        {
            slice = SliceFit.Refit(expiries[i], new SliceProblem(expiries[i], earlier, null, penalty), slice);
            if (IsFree(slice, earlier))
                return slice;
            if (earlier is not null && Lifted(slice, earlier) is { } lifted && IsFree(lifted, earlier))
                return lifted;
        }
        if (earlier is null)
            return null;
        var borrowed = Rescaled(earlier, expiries[i]);
        if (!IsFree(borrowed, earlier))
            return null;
        notes.Add(
            new Repair(
                underlying,
                "surface-slice-borrowed",
                FormattableString.Invariant(
                    $"{slice.Expiry:yyyy-MM-dd HH:mm}: its own quotes allow no smile without arbitrage; takes the shape before it"
                )
            )
        );
        return borrowed;
    }

    static bool IsFree(SviSlice slice, SviSlice? earlier) =>
        StaticArbitrage.MinimumDensity(slice) >= 0
        && (earlier is null || StaticArbitrage.MinimumCalendarStep(earlier, slice) >= 0);

    /// <summary>The slice raised by what it lacks to the earlier one; null when its wings cross.</summary>
    static SviSlice? Lifted(SviSlice slice, SviSlice earlier)
    {
        double step = StaticArbitrage.MinimumCalendarStep(earlier, slice);
        return double.IsNegativeInfinity(step) ? null : slice with { A = slice.A - step * (1 + Headroom) };
    }

    /// <summary>
    /// Shape of the nearest fitted expiry, in standard deviations, at this expiry's own at-the-money variance: for an
    /// expiry with too few strikes.
    /// </summary>
    SviSlice Borrowed(int i)
    {
        SviSlice? nearest = null;
        for (int distance = 1; distance < slices.Length && nearest is null; distance++)
        {
            if (i + distance < slices.Length && expiries[i + distance].Strikes >= FewestStrikes)
                nearest = slices[i + distance];
            else if (i - distance >= 0)
                nearest = slices[i - distance];
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
        return Rescaled(
            nearest
                ?? SsviSlice.Typical(expiry.AtTheMoneyVariance).ToRaw(expiry.Expiry, expiry.TYears, expiry.ForwardUsd),
            expiry
        );
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
