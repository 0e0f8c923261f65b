using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>One instrument more: a second half of another, or one that never gains anything; for every method.</summary>
public sealed class AssetChangeTests
{
    const string Whole = "BTC-PERPETUAL";
    const string Twin = "BTC-TWIN";

    /// <summary>Who gives each instrument its part, so that two halves are two instruments: equal ones.</summary>
    static readonly string[] ByInstrument =
    [
        "equal-weight",
        "fixed-fraction",
        "fixed-risk",
        "inverse-volatility",
        "volatility-target",
        "atr-units",
        "risk-parity",
        "shortfall-parity",
        "drawdown-parity",
    ];

    static readonly Lazy<PreparedSizing> Base = new(() => MethodCases.WithBars(market => market));
    static readonly Lazy<PreparedSizing> Split = new(() => MethodCases.WithBars(WithTwin));

    public static TheoryData<string> Keys() =>
        [.. SizingMethods.All.Select(method => method.Key).Where(key => key != "growth")];

    [Theory, MemberData(nameof(Keys))]
    public void An_instrument_in_two_halves_is_held_as_before(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var whole = Held(Base.Value, key);
        var halves = Held(Split.Value, key);
        if (key == "hierarchical-risk-parity")
        {
            // Bisection counts leaves and not clusters: a known property of the method, said on its page.
            Assert.True(halves[Whole] > 0 && halves[Twin] > 0);
            Assert.NotEqual(whole["ETH-PERPETUAL"], halves["ETH-PERPETUAL"], 1000.0);
            return;
        }
        // A view of the mandate is on one instrument of its coin: the book for it is in one of the halves.
        if (key != "black-litterman")
            Near(halves[Whole], halves[Twin], 1e-3, $"{key}, the halves");
        if (ByInstrument.Contains(key))
            return;
        Near(whole[Whole], halves[Whole] + halves[Twin], 1e-3, $"{key}, their sum");
        Near(whole["ETH-PERPETUAL"], halves["ETH-PERPETUAL"], 1e-3, $"{key}, the other");
    }

    [Theory, MemberData(nameof(Keys))]
    public void An_instrument_that_never_gains_or_loses_is_left_alone_and_changes_nothing(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var own = Held(Base.Value, key);
        var worthless = Worthless(Split.Value);
        var more = Held(worthless, key);
        Assert.Equal(own.Keys.Order(), more.Keys.Order());
        foreach (var (name, contracts) in own)
            Near(contracts, more[name], 1e-6, $"{key} {name}");
        var answer = MethodSizer.Size(worthless, SizingMethods.Find(key)!, Settings(worthless)).Value;
        Assert.Contains(answer.Decision.Warnings, warning => warning.Contains(Twin, StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Decision.Targets, line => line.Instrument == Twin && line.Trade != 0);
    }

    [Fact]
    public void The_full_problem_gains_as_much_from_two_halves_and_nothing_from_what_costs_more_than_it_earns()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var whole = Solved(Base.Value);
        double gain = whole.Objective - whole.ReferenceObjective;
        Assert.True(gain > 0);
        Assert.Equal(whole.Objective, Solved(Split.Value).Objective, 1e-6 * gain);
        var dear = MethodCases.WithBars(market => WithQuotes(WithTwin(market), 0.05m));
        Assert.True(dear.Lines.Single(line => line.Name == Twin).IsCandidate);
        Assert.Equal(whole.Objective, Solved(dear).Objective, 1e-6 * gain);
    }

    static Numerics.ConvexSolution Solved(PreparedSizing prepared) =>
        Sizer.Size(prepared with { Input = prepared.Input with { Explain = false } }).Solve!.Solution;

    /// <summary>The twin quoted with a spread.</summary>
    static MarketSnapshot WithQuotes(MarketSnapshot market, decimal spread) =>
        market with
        {
            Quotes =
            [
                .. market.Quotes.Select(quote =>
                    quote.Instrument.Name != Twin
                        ? quote
                        : quote with
                        {
                            Bid = quote.Mark * (1 - spread / 2),
                            Ask = quote.Mark * (1 + spread / 2),
                        }
                ),
            ],
        };

    static MarketSnapshot WithTwin(MarketSnapshot market)
    {
        var quote = market.Quotes.Single(quote => quote.Instrument.Name == Whole);
        var twin = quote with { Instrument = (PerpetualInstrument)quote.Instrument with { Name = Twin } };
        return market with
        {
            Quotes = [.. market.Quotes.Append(twin).OrderBy(own => own.Instrument.Name, StringComparer.Ordinal)],
        };
    }

    [Fact]
    public void What_undoes_another_has_no_shares_of_risk_and_the_refusal_says_so()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        int whole = Split.Value.Lines.Single(line => line.Name == Whole).Column;
        int other = Split.Value.Lines.Single(line => line.Name == "ETH-PERPETUAL").Column;
        var opposite = WithTwin(
            Split.Value,
            (prepared, into) =>
            {
                Numerics.ColumnProducts.AddScaled(-0.7, prepared.Matrix.Gain.Column(whole), into);
                Numerics.ColumnProducts.AddScaled(-0.4, prepared.Matrix.Gain.Column(other), into);
            }
        );
        var settings = MethodSettings.Defaults.With(MethodParameters.Side, "long");
        var problem = MethodProblem.Of(opposite, settings.With(MethodParameters.Universe, ["*-PERPETUAL", Twin])).Value;
        string refusal = Assert.Single(new RiskParity().Propose(problem).Refusals);
        Assert.Contains("hedge one another wholly", refusal, StringComparison.Ordinal);
    }

    /// <summary>The twin without any gain in any scenario.</summary>
    static PreparedSizing Worthless(PreparedSizing prepared) => WithTwin(prepared, (_, _) => { });

    /// <summary>The twin with other gains and no edge.</summary>
    /// <param name="prepared">With the twin.</param>
    /// <param name="fill">Adds to a column of zeros.</param>
    static PreparedSizing WithTwin(PreparedSizing prepared, Action<PreparedSizing, Span<double>> fill)
    {
        int column = prepared.Lines.Single(line => line.Name == Twin).Column;
        var gain = prepared.Matrix.Gain.Select([.. Enumerable.Range(0, prepared.Matrix.Gain.Columns)]);
        gain.Column(column).Clear();
        fill(prepared, gain.Column(column));
        double[] edge = [.. prepared.Edge.Edge.Select((value, i) => i == column ? 0 : value)];
        double[] shift = [.. prepared.Edge.Shift.Select((value, i) => i == column ? 0 : value)];
        return prepared with
        {
            Matrix = prepared.Matrix with { Gain = gain },
            Edge = prepared.Edge with { Edge = edge, Shift = shift },
        };
    }

    [Fact]
    public void Of_two_perpetuals_of_a_coin_the_one_that_trades_more_is_chosen()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        string[] Chosen(PreparedSizing prepared)
        {
            var problem = MethodProblem.Of(prepared, MethodSettings.Defaults).Value;
            return [.. Enumerable.Range(0, problem.Count).Select(problem.Name)];
        }
        Assert.Equal([Whole, "ETH-PERPETUAL"], Chosen(Split.Value));
        var busy = Split.Value with
        {
            Lines =
            [
                .. Split.Value.Lines.Select(line =>
                    line.Name == Twin ? line with { Quote = line.Quote with { DailyVolumeContracts = 1 } } : line
                ),
            ],
        };
        Assert.Equal([Twin, "ETH-PERPETUAL"], Chosen(busy));
    }

    /// <summary>Both halves are chosen among where there are two.</summary>
    /// <remarks>
    /// The equilibrium of Black and Litterman is an input by instrument, as are views on each instrument's own edge:
    /// halves are half of it each, and the view is the mandate's, on the coin.
    /// </remarks>
    static MethodSettings Settings(PreparedSizing prepared)
    {
        int twin = prepared.Lines.FirstOrDefault(line => line.Name == Twin)?.Column ?? -1;
        var settings =
            twin < 0
                ? MethodSettings.Defaults
                : MethodSettings.Defaults.With(MethodParameters.Universe, [Whole, Twin, "ETH-PERPETUAL"]);
        bool two = twin >= 0 && prepared.Matrix.Gain.Column(twin).ContainsAnyExcept(0);
        return settings
            .With(BlackLitterman.Views, "mandate")
            .With(
                BlackLitterman.Equilibrium,
                ImmutableDictionary<string, double>.Empty.Add("BTC-*", two ? 0.25 : 0.5).Add("ETH-*", 0.5)
            );
    }

    static Dictionary<string, double> Held(PreparedSizing prepared, string key)
    {
        var problem = MethodProblem.Of(prepared, Settings(prepared)).Value;
        var proposal = SizingMethods.Find(key)!.Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        return Enumerable.Range(0, problem.Count).ToDictionary(problem.Name, i => proposal.Contracts[i]);
    }

    static void Near(double wanted, double found, double tolerance, string what) =>
        Assert.True(
            Math.Abs(wanted - found) <= tolerance * Math.Max(1000, Math.Abs(wanted)),
            $"{what}: {found:G10}, not {wanted:G10}"
        );
}
