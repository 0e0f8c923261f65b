using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>The estimator of the spot-volatility response, and the figures shipped.</summary>
public sealed class VolatilityResponseTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Estimator_finds_the_law_that_made_the_surfaces()
    {
        var law = new VolatilityResponse("BTC", "", -2, -1, 0.5, 1.5, 0, 0);
        var estimate = VolatilityResponseEstimator.Estimate(Path(law, 400, noise: 0)).Response;

        Assert.Equal(law.DownBeta, estimate.DownBeta, 1e-9);
        Assert.Equal(law.UpBeta, estimate.UpBeta, 1e-9);
        Assert.Equal(law.TenorExponent, estimate.TenorExponent, 1e-3);
        Assert.Equal(law.SkewBeta, estimate.SkewBeta, 1e-3);
        Assert.Equal(0, estimate.ResidualLogVolatilityPerDay, 1e-9);
    }

    [Fact]
    public void Estimator_finds_the_noise_and_its_standard_errors_cover_the_law()
    {
        var law = new VolatilityResponse("BTC", "", -2, -1, 0.5, 1.5, 0.04, 0.05);
        var estimate = VolatilityResponseEstimator.Estimate(Path(law, 600, noise: 1));

        Assert.Equal(law.ResidualLogVolatilityPerDay, estimate.Response.ResidualLogVolatilityPerDay, 0.004);
        Assert.Equal(law.ResidualSkewPerDay, estimate.Response.ResidualSkewPerDay, 0.005);
        Assert.InRange(estimate.StandardErrors.DownBeta, 0.01, 0.3);
        Assert.Equal(law.DownBeta, estimate.Response.DownBeta, 4 * estimate.StandardErrors.DownBeta);
        Assert.Equal(law.UpBeta, estimate.Response.UpBeta, 4 * estimate.StandardErrors.UpBeta);
        Assert.Equal(law.SkewBeta, estimate.Response.SkewBeta, 4 * estimate.StandardErrors.SkewBeta);
        Assert.InRange(estimate.ExplainedShare, 0.3, 0.9);
    }

    [Fact]
    public void Estimator_refuses_a_series_too_short_and_one_of_two_coins()
    {
        var law = new VolatilityResponse("BTC", "", -2, -1, 0.5, 1.5, 0, 0);
        var path = Path(law, 40, noise: 0);
        var mixed = path.Append(new SurfaceObservation(1, path[0].Surface with { Underlying = "ETH" }));

        Assert.Throws<ArgumentException>(() => VolatilityResponseEstimator.Estimate(path[..15]));
        Assert.Throws<ArgumentException>(() => VolatilityResponseEstimator.Estimate(mixed));
    }

    [Fact]
    public void Other_coins_take_bitcoins_response_and_say_that_it_is_an_assumption()
    {
        var response = VolatilityResponses.For("SOL");

        Assert.Equal(VolatilityResponses.For("BTC").DownBeta, response.DownBeta);
        Assert.StartsWith("assumed", response.Source, StringComparison.Ordinal);
        Assert.False(VolatilityResponses.IsEstimated("SOL"));
        Assert.True(VolatilityResponses.IsEstimated("ETH"));
    }

    [Theory]
    [Trait("suite", "all")]
    [InlineData("BTC")]
    [InlineData("ETH")]
    public void Shipped_figures_are_those_of_the_recorded_chains(string underlying)
    {
        string? folder = Repository.Shared("market/chains");
        Assert.SkipUnless(folder is not null, Golden.Absent);
        var observations = new List<SurfaceObservation>();
        foreach (string file in Directory.GetFiles(folder!, "*.csv.gz").Order(StringComparer.Ordinal))
        {
            var snapshot = RecordedChainFile.Read(file).Value;
            var surface = SurfaceFit.Fit(snapshot, underlying).Surface!;
            observations.Add(new SurfaceObservation(snapshot.Find(underlying)!.IndexUsd, surface));
        }

        var estimate = VolatilityResponseEstimator.Estimate(observations);
        var found = estimate.Response;
        var shipped = VolatilityResponses.For(underlying);

        Assert.Equal(193, estimate.Pairs);
        Assert.Equal(shipped.DownBeta, found.DownBeta, 0.02);
        Assert.Equal(shipped.UpBeta, found.UpBeta, 0.02);
        Assert.Equal(shipped.TenorExponent, found.TenorExponent, 0.01);
        Assert.Equal(shipped.SkewBeta, found.SkewBeta, 0.02);
        Assert.Equal(shipped.ResidualLogVolatilityPerDay, found.ResidualLogVolatilityPerDay, 0.0005);
        Assert.Equal(shipped.ResidualSkewPerDay, found.ResidualSkewPerDay, 0.0005);
        Assert.InRange(estimate.StandardErrors.DownBeta, 0.1, 1);
    }

    static SurfaceObservation[] Path(VolatilityResponse law, int count, double noise)
    {
        var random = new SeededRandom(11, 0);
        var path = new SurfaceObservation[count];
        double index = 70_000;
        double logVolatility = Math.Log(0.5);
        double skew = -0.3;
        for (int i = 0; i < count; i++)
        {
            path[i] = new SurfaceObservation(index, Surface(Start.AddDays(i), logVolatility, skew, law.TenorExponent));
            double r = 0.03 * random.NextNormal();
            index *= Math.Exp(r);
            logVolatility +=
                (r < 0 ? law.DownBeta : law.UpBeta) * r + noise * law.ResidualLogVolatilityPerDay * random.NextNormal();
            skew += law.SkewBeta * r + noise * law.ResidualSkewPerDay * random.NextNormal();
        }
        return path;
    }

    /// <summary>Slices at the estimator's own tenors, so that no interpolation stands between law and estimate.</summary>
    static VolatilitySurface Surface(DateTimeOffset asOf, double logVolatility, double skew, double exponent)
    {
        double[] days = [3, 7, 14, 30, 60, 90, 180];
        return new VolatilitySurface
        {
            Underlying = "BTC",
            AsOf = asOf,
            Slices =
            [
                .. days.Select(day =>
                {
                    double level = Math.Log(0.5) + (logVolatility - Math.Log(0.5)) * Math.Pow(30 / day, exponent);
                    return Slice(asOf.AddDays(day), day / 365, Math.Exp(level), skew);
                }),
            ],
            Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
        };
    }

    /// <summary>The slice with a given volatility and skew at the forward: w(0) = σ²t, w'(0) = 2σ·skew·t.</summary>
    static SviSlice Slice(DateTimeOffset expiry, double tYears, double volatility, double skew)
    {
        double variance = volatility * volatility * tYears;
        double slope = 2 * volatility * skew * tYears;
        double b = Math.Max(0.05, 2 * Math.Abs(slope));
        double sigma = 0.1;
        return new SviSlice(expiry, tYears, 70_000, variance - b * sigma, b, slope / b, 0, sigma);
    }
}
