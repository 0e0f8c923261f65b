using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>A sizing with everything behind it: the problem, its continuous optimum, the whole-lot trades.</summary>
/// <param name="Prepared">Input and matrices.</param>
/// <param name="Solve">Problem and continuous optimum; null when undetermined.</param>
/// <param name="Trades">Whole-lot trades by line, contracts.</param>
/// <param name="Decision">The answer.</param>
public sealed record SizingResult(
    PreparedSizing Prepared,
    ContinuousSolve? Solve,
    ImmutableDictionary<int, decimal> Trades,
    Decision Decision
);

/// <summary>Puts the answer together.</summary>
sealed class DecisionBuilder
{
    readonly PreparedSizing prepared;
    readonly ContinuousSolve solve;
    readonly LotProblem problem;
    readonly LotBook book;
    readonly bool exact;
    readonly Task<IReadOnlyDictionary<int, (double Least, double Most)>?> ranges;

    DecisionBuilder(PreparedSizing prepared, ContinuousSolve solve)
    {
        (this.prepared, this.solve) = (prepared, solve);
        // Solves of their own, which need the continuous answer only: beside the search of lots where threads allow.
        ranges = new Task<IReadOnlyDictionary<int, (double Least, double Most)>?>(() => ConfidenceRange.Of(solve));
        if (prepared.SolvesAtOnce > 1)
            ranges.Start();
        else
            ranges.RunSynchronously();
        (book, exact) = LotSearch.Run(solve);
        problem = new LotProblem(solve);
    }

    public static SizingResult Run(PreparedSizing prepared)
    {
        if (!prepared.Missing.IsEmpty)
            return Refused(prepared, prepared.Missing);
        var solve = ContinuousSolve.Of(prepared);
        if (solve.Solution.Status == SolveStatus.Failed)
            return Refused(prepared, ["a solution: the solver did not reach its tolerance"]);
        return Of(prepared, solve);
    }

    /// <summary>The answer of a problem whose continuous book is known.</summary>
    public static SizingResult Of(PreparedSizing prepared, ContinuousSolve solve) =>
        new DecisionBuilder(prepared, solve).Build();

    /// <summary>No size, and what would be needed for one.</summary>
    public static SizingResult Refused(PreparedSizing prepared, ImmutableArray<string> missing) =>
        new(prepared, null, ImmutableDictionary<int, decimal>.Empty, Undetermined(prepared, missing));

    SizingResult Build()
    {
        var trades = problem.Trades(book.Lots);
        // The report needs the trades only: beside the figures of the sizing where threads allow.
        var report = new Task<RiskReport?>(() => prepared.Input.Explain ? Risk(trades) : null);
        if (prepared.SolvesAtOnce > 1)
            report.Start();
        problem.MoveTo(new int[problem.Lines.Length]);
        double[] before = LimitReport.Values(solve);
        var figuresBefore = BookFigures.Of(solve);
        double growthBefore = Growth();
        double drawdownBefore = Drawdown();
        problem.MoveTo(book.Lots);
        double[] after = LimitReport.Values(solve);
        var figuresAfter = BookFigures.Of(solve);
        double growth = Growth();
        double drawdown = Drawdown();
        double error = GrowthError.Of(solve.Evaluator.GrowthWealth(), prepared.Law.Weights, prepared.Input.Seed);
        var limits = LimitReport.Of(
            solve,
            before,
            after,
            (drawdownBefore, drawdown),
            (double[])solve.Evaluator.Positions.Clone()
        );
        bool holds = Enumerable.Range(0, after.Length).All(k => Holds(k, after[k]));
        var status = holds ? DecisionStatus.Sized : DecisionStatus.Infeasible;
        bool isExplained = status != DecisionStatus.Sized && prepared.Input.Explain;
        var (conflicts, relaxations) = isExplained ? Infeasibility.Of(solve, after) : ([], []);
        double perYear = 1 / prepared.Mandate.Horizon.Value;
        solve.Evaluator.MoveTo(solve.Solution.Position);
        double continuous = Growth();
        if (prepared.SolvesAtOnce == 1)
            report.RunSynchronously();
        var risk = report.GetAwaiter().GetResult();
        var decision = new Decision
        {
            Status = status,
            AsOf = prepared.Input.Market.AsOf,
            Equity = prepared.Equity,
            Currency = prepared.Home,
            Objective = prepared.Objective,
            Horizon = prepared.Mandate.Horizon,
            Targets = TargetLines.Of(problem, book.Lots, after, ranges.GetAwaiter().GetResult()),
            GrowthPerHorizon = growth,
            GrowthPerHorizonBefore = growthBefore,
            GrowthStandardError = error,
            GrowthRateAnnual = growth * perYear,
            ContinuousGrowthRateAnnual = continuous * perYear,
            Governs = Governing.Words(solve, limits),
            Certificate = Certificate(),
            Limits = limits,
            Before = With(figuresBefore, risk?.Before),
            After = With(figuresAfter, risk?.After ?? risk?.Before),
            Risk = risk,
            Views = prepared.Law.Lines,
            RunnersUp = RunnersUpReport.Of(solve),
            Orders = OrderReview.Of(solve, trades),
            Conflicts = conflicts,
            Relaxations = relaxations,
            Missing = [],
            Assumptions = prepared.Assumptions,
            Repairs = prepared.Input.Market.Repairs,
            Warnings = [.. prepared.Warnings, .. VenueCheck.Words(prepared, trades)],
        };
        return new SizingResult(prepared, solve, trades, decision);
    }

    /// <summary>E log g under the views' law, cost in shares.</summary>
    double Growth() => BookEvaluator.Growth(solve.Evaluator.GrowthWealth(), prepared.Law.Weights, 1);

    /// <summary>The risk report of the account and of the whole-lot book.</summary>
    RiskReport Risk(ImmutableDictionary<int, decimal> trades) =>
        AccountRisk.Report(
            RiskRequests.Of(
                prepared,
                [
                    .. trades
                        .Where(trade => trade.Value != 0)
                        .OrderBy(trade => trade.Key)
                        .Select(trade => new TypedTrade(
                            prepared.Lines[trade.Key].Name,
                            (double)trade.Value,
                            prepared.Lines[trade.Key].Subaccount
                        )),
                ]
            )
        );

    /// <summary>Figures of the sizing, then those of the report under keys of their own.</summary>
    static ImmutableArray<RiskFigure> With(ImmutableArray<RiskFigure> own, RiskView? view)
    {
        var known = own.Select(figure => figure.Key).ToHashSet(StringComparer.Ordinal);
        return [.. own, .. view?.Figures.Where(figure => !known.Contains(figure.Key)) ?? []];
    }

    double Drawdown() =>
        prepared.Mandate.Survival.Drawdown is { } limit
            ? BookFigures.DrawdownProbability(prepared, limit, solve.Evaluator)
            : 0;

    bool Holds(int k, double value) =>
        solve.Parts.Meanings[k].IsAuxiliary
        || value <= solve.Stated[k] + BookEvaluator.Tolerance * solve.Program.Constraints[k].Scale;

    Certificate Certificate()
    {
        var solution = solve.Solution;
        double gained = Math.Abs(solution.Objective - solution.ReferenceObjective);
        double loss = book.Violation > 0 ? 0 : Math.Max(0, solution.Objective - book.Objective);
        return new Certificate(
            gained > 0 && double.IsFinite(gained) ? solution.Gap / gained : 0,
            solution.Gap,
            solution.MaximumViolation,
            solution.Iterations,
            solve.BestLeftOut?.Gain,
            loss,
            exact,
            solve.BestLeftOut is { Gain: > 0 } best ? prepared.Lines[best.Line].Name : null
        );
    }

    static Decision Undetermined(PreparedSizing prepared, ImmutableArray<string> missing) =>
        new()
        {
            Status = DecisionStatus.Undetermined,
            AsOf = prepared.Input.Market.AsOf,
            Equity = prepared.Equity,
            Currency = prepared.Home,
            Objective = prepared.Objective,
            Horizon = prepared.Mandate.Horizon,
            Targets = [],
            GrowthPerHorizon = 0,
            GrowthPerHorizonBefore = 0,
            GrowthStandardError = 0,
            GrowthRateAnnual = 0,
            ContinuousGrowthRateAnnual = 0,
            Governs = "",
            Certificate = new Certificate(0, 0, 0, 0, null, 0, false),
            Limits = [],
            Before = [],
            After = [],
            Views = prepared.Law.Lines,
            RunnersUp = [],
            Orders = [],
            Conflicts = [],
            Relaxations = [],
            Missing = missing,
            Assumptions = prepared.Assumptions,
            Repairs = prepared.Input.Market.Repairs,
            Warnings = prepared.Warnings,
        };
}
