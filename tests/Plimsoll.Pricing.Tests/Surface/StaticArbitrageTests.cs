using CsCheck;

namespace Plimsoll.Pricing.Tests;

/// <summary>Properties of slices, their moves and the surface between them.</summary>
public sealed class StaticArbitrageTests
{
    static readonly DateTimeOffset AsOf = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Slices inside the sufficient butterfly condition of SSVI.</summary>
    static readonly Gen<SsviSlice> FreeShapes = Gen.Select(
        Gen.Double[Math.Log(1e-4), Math.Log(0.6)],
        Gen.Double[-0.9, 0.9],
        Gen.Double[0.05, 0.98],
        (logTheta, rho, share) =>
        {
            double theta = Math.Exp(logTheta);
            double skew = 1 + Math.Abs(rho);
            return new SsviSlice(theta, rho, share * Math.Min(4 / (theta * skew), Math.Sqrt(4 / (theta * skew))));
        }
    );

    [Fact]
    public void Slices_inside_the_sufficient_condition_have_no_negative_density() =>
        FreeShapes.Sample(shape => Assert.True(StaticArbitrage.MinimumDensity(Raw(shape, 0.1)) >= -1e-12));

    [Fact]
    public void Density_integrates_to_one_and_prices_the_forward()
    {
        var slice = new SviSlice(AsOf.AddDays(60), 60 / 365.0, 70_000, 0.01, 0.08, -0.3, 0.02, 0.15);
        double mass = 0;
        double forward = 0;
        const double step = 1e-3;
        for (double k = -4; k <= 3; k += step)
        {
            double w = slice.TotalVariance(k);
            double d2 = -k / Math.Sqrt(w) - Math.Sqrt(w) / 2;
            double density =
                StaticArbitrage.Density(slice, k) / Math.Sqrt(2 * Math.PI * w) * Math.Exp(-d2 * d2 / 2) * step;
            mass += density;
            forward += density * Math.Exp(k);
        }
        Assert.Equal(1, mass, 1e-6);
        Assert.Equal(1, forward, 1e-6);
    }

    [Fact]
    public void Slope_and_curvature_are_the_derivatives_of_total_variance()
    {
        var slice = new SviSlice(AsOf.AddDays(60), 60 / 365.0, 70_000, 0.01, 0.08, -0.3, 0.02, 0.15);
        foreach (double k in new[] { -0.7, -0.1, 0, 0.05, 0.6 })
        {
            const double h = 1e-4;
            double up = slice.TotalVariance(k + h);
            double down = slice.TotalVariance(k - h);
            Assert.Equal((up - down) / (2 * h), slice.Slope(k), 1e-7);
            Assert.Equal((up - 2 * slice.TotalVariance(k) + down) / (h * h), slice.Curvature(k), 1e-5);
        }
    }

    [Fact]
    public void Moved_slice_is_the_tilted_smile_in_standard_deviations() =>
        Gen.Select(FreeShapes, Gen.Double[0.2, 3], Gen.Double[-0.4, 0.4], Gen.Double[-1, 1])
            .Sample(
                (shape, scale, tiltShare, k) =>
                {
                    var slice = Raw(shape, 0.2);
                    double tilt = tiltShare * slice.B * (1 - Math.Abs(slice.Rho));
                    double kappa = k / Math.Sqrt(scale);
                    double expected = scale * (slice.TotalVariance(kappa) + tilt * kappa);
                    double found = slice.Moved(scale, tilt, 0.15, 60_000).TotalVariance(k);
                    Assert.Equal(expected, found, 1e-12 * (1 + Math.Abs(expected)));
                }
            );

    [Fact]
    public void Density_of_a_scaled_slice_differs_by_the_square_of_its_slope() =>
        Gen.Select(FreeShapes, Gen.Double[0.1, 4], Gen.Double[-2, 2])
            .Sample(
                (shape, scale, kappa) =>
                {
                    var slice = Raw(shape, 0.2);
                    double expected =
                        StaticArbitrage.Density(slice, kappa) - (scale - 1) * Math.Pow(slice.Slope(kappa), 2) / 16;
                    double found = StaticArbitrage.Density(slice.Moved(scale, 0), kappa * Math.Sqrt(scale));
                    Assert.Equal(expected, found, 1e-9 * (1 + Math.Abs(expected)));
                }
            );

    [Fact]
    public void Scaling_down_keeps_a_slice_free_and_below_the_fitted_one() =>
        Gen.Select(FreeShapes, Gen.Double[0.02, 1])
            .Sample(
                (shape, scale) =>
                {
                    var slice = Raw(shape, 0.2);
                    var moved = slice.Moved(scale, 0);
                    Assert.True(StaticArbitrage.MinimumDensity(moved) >= -1e-12);
                    Assert.True(StaticArbitrage.MinimumCalendarStep(moved, slice) >= -1e-12);
                }
            );

    [Fact]
    public void Calendar_check_finds_a_crossing_of_any_width_wherever_it_stands() =>
        Gen.Select(FreeShapes, Gen.Double[-1, 1])
            .Sample(
                (shape, place) =>
                {
                    var later = Raw(shape, 0.2);
                    double k = place * 3 * Math.Sqrt(later.AtTheMoneyVariance);
                    var earlier = later.Moved(0.999, 0);
                    double gap = later.TotalVariance(k) - earlier.TotalVariance(k);
                    var raised = earlier with { A = earlier.A + gap * 1.001 };
                    Assert.True(StaticArbitrage.MinimumCalendarStep(raised, later) < 0);
                }
            );

    [Fact]
    public void A_tilt_that_turns_a_wing_downwards_is_refused()
    {
        var slice = new SviSlice(AsOf.AddDays(60), 60 / 365.0, 70_000, 0.01, 0.08, -0.3, 0.02, 0.15);
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Moved(1, 0.11));
        Assert.Throws<ArgumentOutOfRangeException>(() => slice.Moved(0, 0));
    }

    [Fact]
    public void Lookups_between_before_and_after_expiries_never_fall_in_time()
    {
        var surface = Surface();
        double[] days = [0.01, 0.5, 1, 2, 7, 8, 20, 30, 31, 60, 61, 200, 1000];
        for (double k = -1.5; k <= 1.5; k += 0.05)
        {
            double before = 0;
            foreach (double day in days)
            {
                double w = surface.TotalVariance(k, day / 365);
                Assert.True(w > before, $"k {k}, day {day}");
                before = w;
            }
        }
    }

    [Fact]
    public void Lookups_at_a_fitted_expiry_are_its_slice()
    {
        var surface = Surface();
        foreach (var slice in surface.Slices)
        {
            Assert.Equal(slice.TotalVariance(0.1), surface.TotalVariance(0.1, slice.TYears), 1e-15);
            Assert.Equal(
                slice.VolatilityAnnual(Math.Log(80_000 / slice.ForwardUsd)),
                surface.VolatilityAnnual(80_000, slice.Expiry),
                1e-12
            );
            Assert.Equal(slice.AtTheMoneySkew, surface.AtTheMoneySkew(slice.TYears), 1e-6);
            Assert.Equal(slice.VolatilityAnnual(0), surface.AtTheMoneyVolatility(slice.TYears), 1e-15);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => surface.TotalVariance(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => surface.VolatilityAnnual(0, 0.1, 70_000));
    }

    static SviSlice Raw(SsviSlice shape, double tYears) => shape.ToRaw(AsOf.AddDays(365 * tYears), tYears, 70_000);

    static VolatilitySurface Surface()
    {
        double[] days = [1, 7, 30, 60];
        var slices = days.Select(
            (day, i) =>
            {
                double theta = 0.25 * day / 365;
                return new SsviSlice(theta, -0.3 + 0.02 * i, 0.9 / Math.Sqrt(theta)).ToRaw(
                    AsOf.AddDays(day),
                    day / 365,
                    70_000 * (1 + day / 3650)
                );
            }
        );
        return new VolatilitySurface
        {
            Underlying = "BTC",
            AsOf = AsOf,
            Slices = [.. slices],
            Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
        };
    }
}
