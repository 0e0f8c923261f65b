using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Budgets on Greeks, basis and funding of a real chain: each exposure's contribution is its budget.</summary>
public sealed class FactorExposureTests
{
    static readonly Lazy<PreparedSizing> Prepared = new(() =>
        MethodCases.Prepare(60, MethodCases.Mandate(), MethodCases.Dollars(1_000_000))
    );

    static MethodProblem Problem(ImmutableArray<string> factors, params (string Name, double Budget)[] budgets)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var settings = MethodSettings
            .Defaults.With(FactorParity.Factors, factors)
            .With(FactorParity.Budgets, budgets.ToImmutableDictionary(entry => entry.Name, entry => entry.Budget))
            .With(MethodParameters.Side, "long")
            .With(MethodParameters.Universe, Universe());
        return MethodProblem.Of(Prepared.Value, settings).Value;
    }

    /// <summary>What is no option, and the option of most vega of each expiry: no two of nearly the same gains.</summary>
    static ImmutableArray<string> Universe()
    {
        var lines = Prepared.Value.Lines.Where(line => line.IsCandidate && line.Instrument.Underlying == "BTC");
        var options = lines
            .Where(line => line.Instrument is OptionInstrument)
            .GroupBy(line => line.Instrument.SettlesAt)
            .Select(expiry => expiry.MaxBy(line => Prepared.Value.Greeks[line.Column].Vega1Pt)!);
        return [.. lines.Where(line => line.Instrument is not OptionInstrument).Concat(options).Select(l => l.Name)];
    }

    [Fact]
    public void Each_exposure_takes_its_share_of_the_variance()
    {
        var problem = Problem(["delta", "vega-by-tenor", "basis", "funding"], ("delta-BTC", 2), ("vega-*", 0.5));
        var exposures = FactorExposures.Of(problem, problem.Settings.Get(FactorParity.Factors));
        Assert.Contains("basis-BTC", exposures.Names);
        Assert.Contains("funding-BTC", exposures.Names);
        Assert.Contains("vega-14d", exposures.Names);
        Assert.Contains("vega-120d", exposures.Names);
        var proposal = new FactorParity().Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        double[] book =
        [
            .. proposal.Contracts.Select((q, i) => problem.Side[i] * q * problem.Notional[i] / problem.Equity),
        ];
        // Exposures and their marginal risks: Σw lies in the span of the loadings, solved by least squares.
        var returns = MethodReturns.Of(problem);
        var marginal = new double[book.Length];
        returns.Covariance.Multiply(book, marginal);
        double[] exposure = [.. exposures.Rows.Select(row => row.Zip(book, (a, w) => a * w).Sum())];
        double[] price = LeastSquares.Fit(exposures.Rows, marginal);
        double[] share = [.. exposure.Zip(price, (e, p) => e * p)];
        Assert.All(exposure, value => Assert.True(value > 0));
        double left = marginal
            .Select((m, i) => m - price.Zip(exposures.Rows, (p, row) => p * row[i]).Sum())
            .Max(Math.Abs);
        Assert.True(left < 1e-6 * marginal.Max(Math.Abs), $"{left} of {marginal.Max(Math.Abs)}");
        double unit = share.Sum() / exposures.Names.Sum(Budget);
        foreach (var (name, found) in exposures.Names.Zip(share))
            Assert.Equal(Budget(name), found / unit, 1e-4);

        static double Budget(string name) =>
            name == "delta-BTC" ? 2
            : name.StartsWith("vega-", StringComparison.Ordinal) ? 0.5
            : 1;
    }

    [Fact]
    public void A_budget_for_no_exposure_is_refused_by_name()
    {
        var proposal = new FactorParity().Propose(Problem(["delta"], ("vega-45d", 1)));
        Assert.Contains("\"vega-45d\" matches none of the exposures: delta-BTC", Assert.Single(proposal.Refusals));
    }

    /// <summary>A side of every instrument, or a name, turns an exposure; the book is the long one's opposite.</summary>
    [Fact]
    public void An_exposure_is_held_short_where_the_sides_are_or_where_it_is_named()
    {
        string[] perpetuals = ["BTC-PERPETUAL", "ETH-PERPETUAL"];
        double[] Book(string side, params string[] named)
        {
            var problem = Problem(["delta"]);
            var settings = problem
                .Settings.With(MethodParameters.Side, side)
                .With(MethodParameters.Universe, [.. perpetuals])
                .With(FactorParity.Short, [.. named]);
            return [.. new FactorParity().Propose(MethodProblem.Of(Prepared.Value, settings).Value).Contracts];
        }
        double[] held = Book("long"),
            sold = Book("short"),
            named = Book("long", "delta-*"),
            one = Book("short", "delta-ETH");
        Assert.All(held, contracts => Assert.True(contracts > 0));
        Assert.All(held.Zip(sold), pair => Assert.Equal(-1, pair.Second / pair.First, 1e-9));
        Assert.Equal(sold, named, (a, b) => Math.Abs(a - b) < 1e-6 * Math.Abs(a));
        Assert.True(one[0] > 0 && one[1] < 0);
        var wrong = Problem(["delta"]).Settings.With(FactorParity.Short, ["vega"]);
        var refused = new FactorParity().Propose(MethodProblem.Of(Prepared.Value, wrong).Value);
        Assert.Contains("short \"vega\" matches none of the exposures", Assert.Single(refused.Refusals));
    }

    [Fact]
    public void Tenors_of_vega_sum_to_vega()
    {
        var problem = Problem(["delta"]);
        double[] whole = FactorExposures.Of(problem, ["vega"]).Rows[0];
        var parts = FactorExposures.Of(problem, ["vega-by-tenor"]).Rows;
        for (int i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], parts.Sum(row => row[i]), 1e-12);
    }
}

/// <summary>min |Bᵀp − m| over p by the normal equations, plainly.</summary>
static class LeastSquares
{
    public static double[] Fit(IReadOnlyList<double[]> rows, double[] target)
    {
        int k = rows.Count;
        var a = new double[k, k + 1];
        for (int i = 0; i < k; i++)
        {
            double size = rows[i].Sum(x => x * x);
            for (int j = 0; j < k; j++)
                a[i, j] = rows[i].Zip(rows[j], (x, y) => x * y).Sum() / size;
            a[i, k] = rows[i].Zip(target, (x, y) => x * y).Sum() / size;
        }
        for (int c = 0; c < k; c++)
        {
            int pivot = Enumerable.Range(c, k - c).MaxBy(r => Math.Abs(a[r, c]));
            for (int j = 0; j <= k; j++)
                (a[c, j], a[pivot, j]) = (a[pivot, j], a[c, j]);
            for (int r = 0; r < k; r++)
                if (r != c)
                    for (int j = k; j >= c; j--)
                        a[r, j] -= a[r, c] / a[c, c] * a[c, j];
        }
        return [.. Enumerable.Range(0, k).Select(i => a[i, k] / a[i, i])];
    }
}
