namespace Plimsoll.Tails.Tests;

/// <summary>Recursions at fixed parameters: these are tested before any fit.</summary>
public class RecursionGoldenTests
{
    [Fact]
    public void Ewma_variance()
    {
        var row = TailsGolden.Case("recursions", "ewma-variance");
        double[] returns = row.InputVector("returns_pct");
        var path = new double[returns.Length + 1];
        EwmaFilter.Run(returns, row.Input("lam"), row.Input("var0"), path);
        row.MeetsVector("variance_path", path);
        var forecast = new ReturnForecast(0, Math.Sqrt(path[^1]), NormalLaw.Standard).Lower(new(0.01));
        row.Meets("var01_normal", forecast.ValueAtRisk);
        row.Meets("es01_normal", forecast.ExpectedShortfall);
    }

    [Fact]
    public void Gjr_variance()
    {
        var row = TailsGolden.Case("recursions", "gjr-variance");
        double[] returns = row.InputVector("returns_pct");
        var at = new GarchParameters(0, row.Input("omega"), row.Input("alpha"), row.Input("gamma"), row.Input("beta"));
        var path = new double[returns.Length + 1];
        GarchFilter.Run(returns, VarianceDynamics.Gjr, at, row.Input("h0"), path);
        row.MeetsVector("h", path);
    }

    [Fact]
    public void Variance_of_several_days_is_not_a_multiple_of_the_first()
    {
        var row = TailsGolden.Case("recursions", "garch-h-step");
        var at = new GarchParameters(0, row.Input("omega"), row.Input("alpha"), 0, row.Input("beta"));
        double[] path = at.VarianceAhead(row.Input("h_next"), (int)row.Input("steps"));
        row.MeetsVector("h", path);
        row.Meets("sum_variance", path.Sum());
    }

    [Theory]
    [InlineData("caviar-sav", CaviarKind.SymmetricAbsolute)]
    [InlineData("caviar-as", CaviarKind.AsymmetricSlope)]
    [InlineData("caviar-ig", CaviarKind.IndirectGarch)]
    public void Caviar(string name, CaviarKind kind)
    {
        var row = TailsGolden.Case("recursions", name);
        var path = new List<double> { row.Input("var0") };
        double[] b = row.InputVector("beta");
        foreach (double r in row.InputVector("returns_pct"))
            path.Add(CaviarRecursion.Next(kind, b, path[^1], r));
        row.MeetsVector("var_path", path);
    }

    [Fact]
    public void One_factor_model_raises_risk_after_a_hit()
    {
        var row = TailsGolden.Case("recursions", "gas-1f");
        var at = new OneFactorParameters(row.Input("a"), row.Input("b"), row.Input("beta"), row.Input("gamma"));
        var p = new TailProbability(row.Input("alpha"));
        var path = new List<double> { row.Input("kappa0") };
        var forecasts = new List<TailForecast>();
        foreach (double y in row.InputVector("returns_pct"))
        {
            forecasts.Add(ScoreDriven.At(at, path[^1]));
            path.Add(ScoreDriven.NextFactor(at, path[^1], y, p));
        }
        row.MeetsVector("kappa", path);
        row.MeetsVector("v", [.. forecasts.Select(f => f.Quantile)]);
        row.MeetsVector("e", [.. forecasts.Select(f => f.TailMean)]);
    }

    [Fact]
    public void Two_factor_model()
    {
        var row = TailsGolden.Case("recursions", "gas-2f");
        double[][] rows = TailsGolden.Rows(row["inputs"]!["A"]);
        double[] a = [.. rows[0], .. rows[1]];
        var path = new List<TailForecast> { new(row.Input("v0"), row.Input("e0")) };
        foreach (double y in row.InputVector("returns_pct"))
            path.Add(
                ScoreDriven.NextPair(
                    row.InputVector("w"),
                    row.InputVector("B_diag"),
                    a,
                    path[^1],
                    y,
                    new(row.Input("alpha"))
                )
            );
        row.MeetsVector("v", [.. path.Select(f => f.Quantile)]);
        row.MeetsVector("e", [.. path.Select(f => f.TailMean)]);
    }

    [Fact]
    public void Realised_measures_of_a_day()
    {
        var row = TailsGolden.Case("recursions", "realised-semivariance");
        var day = RealisedMeasures.Of(row.InputVector("intraday_returns_pct"));
        row.Meets("rv", day.Variance);
        row.Meets("rs_minus", day.DownVariance);
        row.Meets("rs_plus", day.UpVariance);
        row.Meets("bipower", day.Bipower);
    }
}
