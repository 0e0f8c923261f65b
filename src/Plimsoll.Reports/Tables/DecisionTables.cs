using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Sizing;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>A decision for people: the trades in order and why, what limits them, what changes.</summary>
public static partial class DecisionTables
{
    // Of the limits that do not bind, the nearest are worth reading; all stand in --json.
    const int NearestLimitsShown = 8;

    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="decision">What to write.</param>
    /// <param name="source">Where the market came from.</param>
    /// <param name="bets">What the book was betting on before the trades, where that was asked for.</param>
    public static void Write(IAnsiConsole console, Decision decision, string source, ImpliedViews? bets = null)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(decision);
        WriteHead(console, decision, source);
        ReportPage.Missing(console, decision.Missing);
        WriteTrades(console, decision);
        WriteConflicts(console, decision);
        WriteLimits(console, decision.Limits, decision.Status);
        ReportPage.Section(
            console,
            "Before and after the trades (all figures in --json)",
            BeforeAndAfter(Shown(decision), decision.After)
        );
        if (decision.Risk?.Before is { } risk)
            RiskTables.WriteWaysOut(console, risk, decision.Risk.After);
        WriteGrowth(console, decision);
        WriteViews(console, decision.Views);
        WriteBets(console, bets);
        WriteOrders(console, decision.Orders);
        WriteRunnersUp(console, decision.RunnersUp);
        ReportPage.List(console, "Assumptions used", decision.Assumptions);
        ReportPage.Repairs(console, decision.Repairs);
        ReportPage.List(console, "Warnings", decision.Warnings, ReportPage.Attention);
    }

    /// <summary>Figures of two books side by side, by their keys.</summary>
    internal static ReportTable BeforeAndAfter(ImmutableArray<RiskFigure> before, ImmutableArray<RiskFigure> after)
    {
        var table = new ReportTable("figure", "#before", "#after", "unit");
        var later = after.ToDictionary(figure => figure.Key, StringComparer.Ordinal);
        foreach (var figure in before)
            table.Add(
                Named(figure),
                Value(figure.Value, figure),
                Value(later.GetValueOrDefault(figure.Key)?.Value, figure),
                figure.Unit == "fraction" ? "" : figure.Unit
            );
        return table;
    }

    // What a reader looks for first, where it is anything; growth, ways out and the rest of the risk report stand
    // elsewhere.
    static ImmutableArray<RiskFigure> Shown(Decision decision)
    {
        var later = decision.After.ToDictionary(figure => figure.Key, StringComparer.Ordinal);
        return
        [
            .. decision
                .Before.Where(figure =>
                    Place(figure) >= 0 && (figure.Value != 0 || later.GetValueOrDefault(figure.Key)?.Value != 0)
                )
                .OrderBy(Place),
        ];
    }

    static int Place(RiskFigure figure) =>
        Array.FindIndex(ShownKeys, key => figure.Key.StartsWith(key, StringComparison.Ordinal));

    static readonly string[] ShownKeys =
    [
        "drawdown_probability_bound",
        "value_at_risk_",
        "expected_shortfall_",
        "worst_scenario",
        "worst_case_stress",
        "worst_case_tail[",
        "delta_home[",
        "gamma_1pct_home[",
        "vega_1pt_home[",
        "theta_1d_home[",
        "initial_margin[",
        "maintenance_margin[",
        "liquidation_probability",
    ];

    static string Value(double? value, RiskFigure figure) =>
        figure.Key.Contains("probability", StringComparison.Ordinal)
            ? Figures.Probability(value)
            : Figures.InUnit(value, figure.Unit);

    // The scope of a key, such as [BTC], says which of several figures of the same kind it is.
    static string Named(RiskFigure figure)
    {
        int scope = figure.Key.IndexOf('[', StringComparison.Ordinal);
        return scope < 0 || figure.Description.Contains(figure.Key[(scope + 1)..^1], StringComparison.Ordinal)
            ? figure.Description
            : $"{figure.Key[scope..]} {figure.Description}";
    }

    static void WriteHead(IAnsiConsole console, Decision decision, string source)
    {
        var (word, style) = decision.Status switch
        {
            DecisionStatus.Sized => ("sized: every limit holds", ReportPage.Good),
            DecisionStatus.Infeasible => (
                "infeasible: no book meets every limit; these trades violate least",
                ReportPage.Bad
            ),
            _ => ("undetermined: something needed is missing", ReportPage.Attention),
        };
        ReportPage.Line(console, word, style);
        ReportPage.Line(
            console,
            $"equity {Figures.Amount(decision.Equity)} {decision.Currency}, {Figures.Instant(decision.AsOf)}, {source}"
        );
        string governs = decision.Governs.Length == 0 ? "" : $"; {decision.Governs}";
        ReportPage.Line(console, $"objective {DecisionJson.Objective(decision)}, horizon {decision.Horizon}{governs}");
    }

    static void WriteTrades(IAnsiConsole console, Decision decision)
    {
        var trades = decision.Targets.Where(line => line.Trade != 0).OrderBy(line => line.Step).ToArray();
        var kept = decision.Targets.Where(line => line.Trade == 0).ToArray();
        bool severalSubaccounts = decision.Targets.Select(line => line.Subaccount).Distinct().Count() > 1;
        if (trades.Length == 0 && decision.Status != DecisionStatus.Undetermined)
            ReportPage.Line(console, "no trade: the account stays as it is");
        var table = new ReportTable("", "instrument", "#now", "#target", "#trade", "order", "#limit price");
        var reasons = new ReportTable("", "why");
        foreach (var line in trades)
        {
            string step = Figures.Exact(line.Step);
            table.Add(
                line.Trade > 0 ? ReportPage.Good : ReportPage.Bad,
                step,
                Named(line, severalSubaccounts),
                Figures.Exact(line.Current),
                Figures.Exact(line.Target),
                Figures.Signed(line.Trade),
                $"{(line.Trade > 0 ? "buy" : "sell")} {Figures.Exact(line.OrderAmount)} {line.OrderAmountUnit}",
                Figures.Exact(line.Price)
            );
            reasons.Add(step, Reason(line));
        }
        ReportPage.Section(console, "Trades, in the order in which they can be done", table);
        ReportPage.Section(console, "Why", reasons);
        var held = new ReportTable("instrument", "#contracts", "why");
        foreach (var line in kept)
            held.Add(Named(line, severalSubaccounts), Figures.Exact(line.Current), Reason(line));
        ReportPage.Section(console, "Kept as they are", held);
    }

    static string Named(TargetLine line, bool severalSubaccounts) =>
        severalSubaccounts ? $"{line.Instrument} ({line.Subaccount})" : line.Instrument;

    static string Reason(TargetLine line)
    {
        var parts = line.Reasons.ToList();
        if (line.Combination is { } combination)
            parts.Add($"together with the other legs of {combination}");
        if (line.TargetRange is { } range)
        {
            var (least, most) = (Figures.Amount(range.Least), Figures.Amount(range.Most));
            if (least != most)
                parts.Add($"{least} to {most} as confidence moves by ten points");
        }
        return string.Join("; ", parts);
    }

    static void WriteGrowth(IAnsiConsole console, Decision decision)
    {
        if (decision.Status == DecisionStatus.Undetermined)
            return;
        ReportPage.Heading(console, "Growth");
        ReportPage.Paragraph(
            console,
            $"{Figures.Percent(decision.GrowthPerHorizon)} per horizon (standard error "
                + $"{Figures.Percent(decision.GrowthStandardError)}), "
                + $"{Figures.Percent(decision.GrowthPerHorizonBefore)} "
                + $"without the trades; {Figures.Percent(decision.GrowthRateAnnual)} a year if the opportunity recurs"
        );
        var certificate = decision.Certificate;
        string lots = certificate.LotsExact ? "the best whole lots" : "the best whole lots found";
        string proof = certificate.Method switch
        {
            null => $"optimal to {certificate.RelativeGap:0.0E+0} of the gain, "
                + $"limits to {certificate.MaximumViolation:0.0E+0}, {certificate.Iterations} steps; "
                + $"{lots} cost {Figures.Percent(certificate.LotLoss)}",
            { Iterations: 0 } => "the book aimed at is a formula's, without a solver",
            { } own => $"the book aimed at is optimal to a gap of {own.Gap:0.0E+0} in its method's own objective, "
                + $"conditions met to {own.Residual:0.0E+0}, {own.Iterations} steps",
        };
        ReportPage.Paragraph(console, proof, ReportPage.Dim);
        if (certificate.BestExcluded is { } excluded)
            ReportPage.Paragraph(
                console,
                $"best instrument left out: {excluded} would add at most "
                    + $"{certificate.BestExcludedGain:0.0E+0} of growth per horizon",
                ReportPage.Dim
            );
        else if (certificate.BestExcludedGain is not null)
            ReportPage.Paragraph(console, "no instrument left out by number would add anything", ReportPage.Dim);
    }

    static void WriteViews(IAnsiConsole console, ImmutableArray<ViewLine> views)
    {
        var table = new ReportTable("view", "#before it", "#stated", "#used", "moves that it brings along");
        foreach (var view in views)
            table.Add(
                view.Text,
                Figures.Percent(view.Prior),
                Figures.Percent(view.Stated),
                Figures.Percent(view.Posterior),
                string.Join("; ", view.Induced)
            );
        ReportPage.Section(console, "Views", table);
    }

    static void WriteBets(IAnsiConsole console, ImpliedViews? bets)
    {
        if (bets is null)
            return;
        var table = new ReportTable("coin", "of", "#law of risk", "#implied by the book");
        foreach (var line in bets.Lines)
            table.Add(line.Underlying, line.Kind, Figures.Percent(line.Prior), Figures.Percent(line.Implied));
        ReportPage.Section(console, "What the book before the trades was betting on", table);
        ReportPage.Paragraph(
            console,
            $"views under which that book is the optimum without costs; "
                + $"strength (relative entropy) {bets.Divergence:0.####}"
        );
    }

    static void WriteOrders(IAnsiConsole console, ImmutableArray<OrderAdvice> orders)
    {
        var table = new ReportTable("open order", "instrument", "advice", "why");
        foreach (var order in orders)
            table.Add(
                order.Cancel ? ReportPage.Attention : Style.Plain,
                order.OrderId,
                order.Instrument,
                order.Cancel ? "cancel" : "keep",
                order.Why
            );
        ReportPage.Section(console, "Open orders", table);
    }

    static void WriteRunnersUp(IAnsiConsole console, ImmutableArray<RunnerUp> runners)
    {
        var table = new ReportTable("nearly traded", "side", "#gain", "why not");
        foreach (var runner in runners)
            table.Add(
                runner.Instrument,
                runner.Side == Side.Buy ? "buy" : "sell",
                Figures.Percent(runner.GainPerHorizon),
                runner.Why
            );
        ReportPage.Section(console, "Runner-up trades", table);
    }
}
