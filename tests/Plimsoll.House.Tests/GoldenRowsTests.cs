using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.House.Tests;

/// <summary>
/// No golden row of pricing, sizing, margin and tails, and none of its figures, is forgotten: each is asked for by name in a test, or
/// stands here with the reason why not.
/// </summary>
/// <remarks>A row that a file holds in a series is asked for with its file, each figure by its key.</remarks>
public sealed class GoldenRowsTests
{
    /// <summary>Files and kinds of rows that Plimsoll has no function for; docs/concepts.md says so too.</summary>
    static readonly Dictionary<string, string> Outside = new()
    {
        ["textbook-barrier"] = "barrier options: none of Plimsoll's venues lists them",
        ["quanto_future"] = "quanto contracts: none of Plimsoll's venues lists them",
        ["quanto_forward"] = "quanto contracts: none of Plimsoll's venues lists them",
        ["paradex-aevo-bit"] = "margin of venues that Plimsoll has no model of",
        ["okx_simple"] = "OKX's simple account mode has no model: docs/margin/okx.md",
    };

    /// <summary>Figures that no function of Plimsoll's gives.</summary>
    static readonly Dictionary<string, string> NotAsked = new()
    {
        ["covariance-shrinkage/oas-chen-2010/shrinkage_scikit_learn_variant"] = "another formula; ours differs, tested",
        ["known-wrong-answers/minimum-infeasible-view/wrong_answer"] = "a library's fallback; ours is refused, tested",
        ["rules/fixed-fractional-with-stop-inverse/contracts_if_linear_formula_used"] = "the mistake; ours is another",
        ["rules/drawdown-throttle-linear/risk_kept_linear"] = "throttles of a mandate are steps; that row is tested",
        ["known-wrong-answers/minimum-infeasible-view/answer"] = "words; that it is refused is tested",
        ["risk-budgeting/undamped-newton-failure-three-assets/undamped_stops_after_iterations"] = "another's count",
        ["tail-objectives/evar-of-fixed-portfolio/worst"] = "the greatest loss, which the row's others stay below",
        ["deribit-standard-margin/position_coin"] = "an input in other units, for the reader; its margin is tested",
        ["d1"] = "part of a formula: every price and Greek that it makes is tested",
        ["d2"] = "part of a formula: every price and Greek that it makes is tested",
        ["k_of_smallest_relative_gap"] = "how the row was made; the answer, free or not, is tested",
        ["smallest_relative_gap"] = "how the row was made; the answer, free or not, is tested",
        ["probability_discrete"] = "touches at a few dates only: Plimsoll's corridors are continuous or by simulation",
        ["shift_beta"] = "the shift for touches at a few dates, which Plimsoll does not price",
        ["interest_in_interval"] = "part of a rate that is tested whole",
        ["vol_annual_exact"] = "vol_annual with more digits than a double holds",
        ["total_stdev_exact"] = "vol_annual times a root, with more digits than a double holds",
        ["vol_annual_if_a_number_is_returned"] = "none is: these prices are refused by name, tested",
        ["wrong_arithmetic_mean_usd"] = "the mistake; ours is the harmonic mean, tested",
        ["dw_dtheta"] = "of a surface in one parameter; Plimsoll's slices have their own, tested in pairs",
        ["d_theta_phi_dtheta"] = "of a surface in one parameter; Plimsoll's slices have their own, tested in pairs",
        ["calendar_upper_bound"] = "of a surface in one parameter; Plimsoll's slices have their own, tested in pairs",
        ["calendar_condition_holds"] = "of a surface in one parameter; Plimsoll's slices are tested in pairs",
        ["near_k0_usd"] = "the strike at which a strip turns; the variance of the whole strip is tested",
        ["next_k0_usd"] = "the strike at which a strip turns; the variance of the whole strip is tested",
    };

    [Fact]
    public void Every_row_and_figure_of_sizing_is_asked_for()
    {
        var missing = new List<string>();
        var sources = Texts();
        foreach (string file in Files("sizing"))
        foreach (var row in Golden.Cases($"sizing/{file}.json")!)
        {
            string name = (string)row["name"]!;
            string[] naming = [.. sources.Where(text => text.Contains($"\"{name}\"", StringComparison.Ordinal))];
            naming = [.. naming.Where(text => IsOf(text, "sizing", file))];
            if (naming.Length == 0)
                missing.Add($"{file}/{name}");
            foreach (var (key, _) in row["expected"]!.AsObject())
                if (!naming.Any(text => Asks(text, key)) && !NotAsked.ContainsKey($"{file}/{name}/{key}"))
                    missing.Add($"{file}/{name}/{key}");
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    [Fact]
    public void Every_row_and_figure_of_pricing_is_asked_for()
    {
        var missing = new List<string>();
        var sources = Texts();
        foreach (string file in Files("pricing").Where(file => !Outside.ContainsKey(file)))
        {
            string[] naming = [.. sources.Where(text => IsOf(text, "pricing", file))];
            if (naming.Length == 0)
                missing.Add(file);
            foreach (var row in Golden.Cases($"pricing/{file}.json")!)
            {
                if (row["inputs"]!["kind"] is { } kind && Outside.ContainsKey((string)kind!))
                    continue;
                foreach (var (key, _) in row["expected"]!.AsObject())
                    if (
                        !NotAsked.ContainsKey(key)
                        && !naming.Any(text => Asks(text, key))
                        && !missing.Contains($"{file}: {key}")
                    )
                        missing.Add($"{file}: {key}");
            }
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    /// <summary>Tests of margin go through a file's rows by the start of their names, or take all of them.</summary>
    static readonly string[] TakenWhole =
    [
        "deribit-standard-margin",
        "derive-liquidation",
        "derive-pmrm",
        "derive-pmrm2",
        "derive-srm",
        "dydx-v4",
        "hyperliquid",
        "span-like",
    ];

    [Fact]
    public void Every_row_and_figure_of_margin_is_asked_for()
    {
        var missing = new List<string>();
        var sources = Texts();
        foreach (string file in Files("margin").Where(file => !Outside.ContainsKey(file)))
        {
            string[] naming =
            [
                .. sources.Where(text => text.Contains($"margin/{file}.json\"", StringComparison.Ordinal)),
            ];
            string[] starts = [.. naming.SelectMany(text => text.Split('"')).Where(word => word.Length > 6)];
            foreach (var row in Golden.Cases($"margin/{file}.json")!)
            {
                string name = (string)row["name"]!;
                if (Outside.Keys.Any(kind => name.StartsWith(kind, StringComparison.Ordinal)))
                    continue;
                if (!TakenWhole.Contains(file) && !starts.Any(name.StartsWith))
                    missing.Add($"{file}/{name}");
                foreach (var (key, _) in row["expected"]!.AsObject())
                    if (!NotAsked.ContainsKey($"{file}/{key}") && !naming.Any(text => Asks(text, key)))
                        missing.Add($"{file}/{name}/{key}");
            }
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    [Fact]
    public void Every_row_and_figure_of_tails_is_asked_for()
    {
        var missing = new List<string>();
        var sources = Texts();
        foreach (string file in Files("tails"))
        {
            string[] naming = [.. sources.Where(text => IsOf(text, "tails", file))];
            foreach (var row in Golden.Cases($"tails/{file}.json")!)
            {
                string name = (string)row["name"]!;
                string[] own = [.. naming.Where(text => text.Contains($"\"{name}\"", StringComparison.Ordinal))];
                if (own.Length == 0)
                    missing.Add($"{file}/{name}");
                // These stand by level and days or by degrees, which their tests take from the keys.
                bool isTable = name is "kupiec-non-rejection-regions" or "acerbi-szekely-critical-values";
                if (row["expected"] is JsonObject expected && !isTable)
                    foreach (var (key, _) in expected)
                        if (!own.Any(text => Asks(text, key)) && !NotAsked.ContainsKey($"{file}/{name}/{key}"))
                            missing.Add($"{file}/{name}/{key}");
            }
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
    }

    static IEnumerable<string> Files(string folder)
    {
        Assert.SkipUnless(Repository.Shared($"golden/{folder}") is not null, Golden.Absent);
        return Directory
            .GetFiles(Repository.Shared($"golden/{folder}")!, "*.json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>Sources of the tests, this one apart.</summary>
    static List<string> Texts() =>
        [
            .. Tree.Sources("tests")
                .Where(path => !path.EndsWith(nameof(GoldenRowsTests) + ".cs", StringComparison.Ordinal))
                .Select(File.ReadAllText),
        ];

    /// <summary>Whether a test reads this file, by its path or, where a base class adds the folder, by its name.</summary>
    static bool IsOf(string text, string folder, string file) =>
        text.Contains($"{folder}/{file}.json", StringComparison.Ordinal)
        || text.Contains($"\"{file}\"", StringComparison.Ordinal)
        || text.Contains($"\"{file}.json\"", StringComparison.Ordinal);

    static bool Asks(string text, string key) =>
        text.Contains($"\"{key}\"", StringComparison.Ordinal) || text.Contains($"(\"{key}", StringComparison.Ordinal);
}
