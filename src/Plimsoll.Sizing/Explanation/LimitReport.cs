using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Every limit of the mandate before and after the trades, with its shadow price in plain words.</summary>
static class LimitReport
{
    const double BindingShare = 1e-6;

    /// <summary>Lines in the mandate's order.</summary>
    /// <param name="solve">The problem.</param>
    /// <param name="before">Exact values without a trade.</param>
    /// <param name="after">Exact values after the whole-lot trades.</param>
    /// <param name="positions">Contracts by line after the trades.</param>
    /// <param name="drawdown">Bound on the probability of the drawdown before and after; it stands for that
    /// limit.</param>
    public static ImmutableArray<LimitLine> Of(
        ContinuousSolve solve,
        double[] before,
        double[] after,
        (double Before, double After) drawdown,
        double[] positions
    )
    {
        var lines = ImmutableArray.CreateBuilder<LimitLine>();
        for (int k = 0; k < solve.Program.Constraints.Length; k++)
        {
            var meaning = solve.Parts.Meanings[k];
            if (!meaning.IsMandate || meaning.IsAuxiliary)
                continue;
            var state = solve.Solution.Constraints[k];
            var constraint = solve.Program.Constraints[k];
            bool binding = Binds(solve, k);
            double price = solve.Solution.Status == SolveStatus.Failed ? 0 : state.ShadowPrice;
            bool isDrawdown = constraint is DrawdownConstraint;
            var (limit, valueBefore, value, shown) = InItsOwnUnit(
                solve,
                k,
                isDrawdown ? drawdown.Before : before[k],
                isDrawdown ? drawdown.After : after[k],
                price
            );
            lines.Add(
                new LimitLine(
                    constraint.Name,
                    limit,
                    value,
                    valueBefore,
                    binding,
                    shown,
                    meaning.CollateralValue,
                    Words(meaning.Meaning, limit, value, binding, shown, Unit(solve))
                )
            );
        }
        foreach (var implied in solve.Parts.Implied)
        {
            double value = implied.Value(positions);
            lines.Add(
                new LimitLine(
                    implied.Name,
                    implied.Limit,
                    value,
                    implied.Value(solve.Parts.Prepared.Current),
                    false,
                    0,
                    implied.CollateralValue,
                    Words(implied.Meaning, implied.Limit, value, false, 0, Unit(solve))
                )
            );
        }
        return lines.ToImmutable();
    }

    /// <summary>Whether a constraint ends the continuous size.</summary>
    public static bool Binds(ContinuousSolve solve, int k)
    {
        var (state, constraint) = (solve.Solution.Constraints[k], solve.Program.Constraints[k]);
        return solve.Solution.Status != SolveStatus.Failed
            && state.ShadowPrice > 0
            && state.Value >= constraint.Limit - BindingShare * constraint.Scale;
    }

    /// <summary>Exact values of all constraints at the evaluator's book; auxiliary ones are 0.</summary>
    public static double[] Values(ContinuousSolve solve)
    {
        var values = new double[solve.Program.Constraints.Length];
        for (int k = 0; k < values.Length; k++)
            if (!solve.Parts.Meanings[k].IsAuxiliary)
                values[k] = solve.Evaluator.Value(k);
        return values;
    }

    /// <summary>
    /// Values of one problem's book in the order of another problem's constraints; absent ones are −∞.
    /// </summary>
    public static double[] ValuesByName(ContinuousSolve at, ContinuousSolve order)
    {
        double[] own = Values(at);
        var byName = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int k = 0; k < own.Length; k++)
            byName[at.Program.Constraints[k].Name] = own[k];
        return
        [
            .. order.Program.Constraints.Select(
                (constraint, k) =>
                    order.Parts.Meanings[k].IsAuxiliary
                        ? double.NegativeInfinity
                        : byName.GetValueOrDefault(constraint.Name, double.NegativeInfinity)
            ),
        ];
    }

    /// <summary>The drawdown limit is shown as the probability that it bounds; the others as they are.</summary>
    static (double Limit, double Before, double After, double Price) InItsOwnUnit(
        ContinuousSolve solve,
        int k,
        double before,
        double after,
        double price
    )
    {
        var drawdown = solve.Parts.Prepared.Mandate.Survival.Drawdown;
        if (solve.Program.Constraints[k] is not DrawdownConstraint constraint || drawdown is null)
            return (solve.Stated[k] + 0.0, before, after, price);
        double periods = drawdown.Within is { } within
            ? Math.Max(1, within.Value / solve.Parts.Prepared.Mandate.Horizon.Value)
            : double.PositiveInfinity;
        // One more unit of probability is worth the price of the limit times how the limit moves with it.
        double slope =
            constraint.FixedT is null && solve.Solution.DrawdownT.TryGetValue(constraint.Name, out double t)
                ? t / periods / drawdown.Probability
                : 0;
        return (drawdown.Probability, before, after, price * slope);
    }

    /// <summary>What a shadow price is counted in: the objective's own unit.</summary>
    static string Unit(ContinuousSolve solve) =>
        solve.Program.Objective is GrowthObjective ? "bp of growth per horizon" : "bp of equity in cost";

    static string Words(string meaning, double limit, double value, bool binding, double price, string unit)
    {
        string state = $"{meaning}: {PlainNumber.Text(value)} of {PlainNumber.Text(limit)}";
        return binding
            ? FormattableString.Invariant($"{state}; it binds: one hundredth more is worth {price * 100:G3} {unit}")
            : state;
    }
}
