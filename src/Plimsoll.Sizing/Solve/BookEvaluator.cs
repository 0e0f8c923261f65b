using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Exact value of the objective and of every limit at a book, without the solver.</summary>
/// <remarks>
/// What the solver bounds by auxiliary variables (funding, tails) is taken at its true value. Not thread safe: products
/// of the last book are kept.
/// </remarks>
public sealed class BookEvaluator
{
    /// <summary>
    /// Violation, on a limit's own scale, that counts as none: exact decimals may miss by a rounding.
    /// </summary>
    public const double Tolerance = 1e-9;

    /// <summary>
    /// Excess, on a limit's own scale, at most. A drawdown limit's has no bound where some wealth is gone: infinite, it
    /// would hide every other excess, and an account deep in breach would get no trade at all.
    /// </summary>
    const double LargestExcess = 1e4;

    readonly ProgramParts parts;
    readonly ConvexProgram program;
    readonly Dictionary<ColumnMatrix, double[]> products = [];
    readonly double[] amounts;
    readonly double[] auxiliary;
    double[]? today;
    double cost;
    double drawdownT = 0.1;

    /// <param name="parts">Material of the program.</param>
    /// <param name="program">The program.</param>
    public BookEvaluator(ProgramParts parts, ConvexProgram program)
    {
        (this.parts, this.program) = (parts, program);
        amounts = new double[parts.Legs.Length];
        auxiliary = new double[program.AuxiliaryLower.Length];
        Positions = new double[parts.Prepared.Lines.Length];
        MoveTo(amounts);
    }

    /// <summary>Contracts held of each line at the book.</summary>
    public double[] Positions { get; }

    /// <summary>Whole cost of the trades, share of equity.</summary>
    public double Cost => cost;

    /// <summary>Sets the book by the amounts of its legs.</summary>
    public void MoveTo(ReadOnlySpan<double> legAmounts)
    {
        legAmounts.CopyTo(amounts);
        products.Clear();
        cost = 0;
        for (int i = 0; i < Positions.Length; i++)
            Positions[i] = parts.Prepared.Lines[i].CurrentContracts;
        for (int j = 0; j < amounts.Length; j++)
        {
            if (amounts[j] == 0)
                continue;
            cost += parts.Cost[j] * amounts[j] + parts.Impact[j] * Math.Pow(Math.Abs(amounts[j]), 1.5);
            Positions[parts.Legs[j].Line] += parts.Legs[j].Direction * amounts[j];
        }
        foreach (var (index, value) in parts.WealthAuxiliary)
            auxiliary[index] = value(amounts);
    }

    /// <summary>What the program maximises.</summary>
    public double Objective() =>
        program.Objective switch
        {
            GrowthObjective growth => Growth(Scenarios(growth.Value), growth.Weights, growth.RiskAversion),
            CostObjective paid => -(
                paid.CostShare * cost + Dot(paid.Position, amounts) + Dot(paid.Auxiliary, auxiliary)
            ),
            _ => throw new InvalidOperationException("an unknown objective"),
        };

    /// <summary>
    /// Sum of weighted excesses on each limit's scale, what lies beyond today's by <see cref="Mending"/>'s weight;
    /// stops early once above a bound.
    /// </summary>
    public double Violation(double stopAbove = double.PositiveInfinity)
    {
        double sum = 0;
        today ??= ExcessesToday();
        foreach (bool expensive in new[] { false, true })
            for (int k = 0; k < program.Constraints.Length && sum <= stopAbove; k++)
            {
                var constraint = program.Constraints[k];
                if (parts.Meanings[k].IsAuxiliary || constraint is DrawdownConstraint != expensive)
                    continue;
                double excess = (Value(k, quick: true) - constraint.Limit) / constraint.Scale;
                if (!(excess > Tolerance))
                    continue;
                double beyond = excess > today[k] + Tolerance ? excess - today[k] : 0;
                double counted = excess + (Mending.WorseningWeight - 1) * beyond;
                sum += (constraint.SlackWeight ?? 1000) * Math.Min(counted, LargestExcess);
            }
        return sum;
    }

    /// <summary>Excess of each limit without a trade, on the limit's own scale; 0 where it holds.</summary>
    internal double[] ExcessesToday()
    {
        double[] at = (double[])amounts.Clone();
        MoveTo(new double[amounts.Length]);
        double[] excess = Excesses();
        MoveTo(at);
        return excess;
    }

    /// <summary>Excess of each limit at the book, on the limit's own scale; 0 where it holds.</summary>
    internal double[] Excesses()
    {
        var excess = new double[program.Constraints.Length];
        for (int k = 0; k < excess.Length; k++)
        {
            var limit = program.Constraints[k];
            double share = parts.Meanings[k].IsAuxiliary ? 0 : (Value(k) - limit.Limit) / limit.Scale;
            excess[k] = share > Tolerance ? share : 0;
        }
        return excess;
    }

    /// <summary>Wealth ratio as growth sees it.</summary>
    public double[] GrowthWealth() => Scenarios(parts.EdgeValue(fullCost: false));

    /// <summary>Wealth ratio as the drawdown limit sees it: without unstated edge, after the whole cost.</summary>
    public double[] DrawdownWealth() => Scenarios(DeleveragedParts.Drawdown(parts));

    /// <summary>Raw wealth ratio after the whole cost.</summary>
    public double[] RawWealth() => Scenarios(parts.RawValue(0));

    /// <summary>Exact left-hand side of a constraint.</summary>
    public double Value(int k, bool quick = false)
    {
        if (parts.Meanings[k].Exact is { } exact)
            return exact(Positions) + ((program.Constraints[k] as MaxLinearConstraint)?.CostShare ?? 0) * cost;
        switch (program.Constraints[k])
        {
            case MaxLinearConstraint linear:
                return RowValue(linear);
            case ExpectedShortfallConstraint shortfall:
                return RiskMeasures.ExpectedShortfall(Scenarios(shortfall.Value), shortfall.Weights, shortfall.Level);
            case ScenarioFloorConstraint floor:
                return -Scenarios(floor.Value).Min();
            case DrawdownConstraint drawdown:
                return Drawdown(drawdown, quick);
            default:
                throw new InvalidOperationException("an unknown constraint");
        }
    }

    /// <summary>Largest of the rows that a constraint has.</summary>
    internal double RowValue(MaxLinearConstraint linear)
    {
        double most = double.NegativeInfinity;
        double[] product = Product(linear.Rows);
        for (int r = 0; r < product.Length; r++)
            most = Math.Max(most, linear.Offset[r] + product[r]);
        return most + linear.CostShare * cost;
    }

    /// <summary>Row in which a maximum of rows is attained; −1 for other constraints.</summary>
    public int WorstRow(int k)
    {
        if (program.Constraints[k] is not MaxLinearConstraint linear || parts.Meanings[k].Exact is not null)
            return -1;
        double[] product = Product(linear.Rows);
        int worst = 0;
        for (int r = 1; r < product.Length; r++)
            if (linear.Offset[r] + product[r] > linear.Offset[worst] + product[worst])
                worst = r;
        return worst;
    }

    /// <summary>Certainty equivalent of log growth; −∞ where some wealth is not positive.</summary>
    public static double Growth(double[] wealth, double[] weights, double riskAversion)
    {
        double sum = 0;
        double power = 1 - riskAversion;
        for (int s = 0; s < wealth.Length; s++)
        {
            double weight = weights[s];
            double then = wealth[s];
            if (weight <= 0)
                continue;
            if (!(then > 0))
                return double.NegativeInfinity;
            // Half Kelly is what most ask for, and a division is a tenth of a logarithm or a power.
            sum +=
                weight
                * (
                    power == -1 ? 1 / then
                    : power == 0 ? Math.Log(then)
                    : Math.Pow(then, power)
                );
        }
        return power == 0 ? sum : Math.Log(sum) / power;
    }

    double[] Scenarios(ScenarioValue value)
    {
        double constant = Dot(value.Shift, amounts) + Dot(value.Auxiliary, auxiliary) - value.CostShare * cost;
        double[] without = value.Base;
        var wealth = new double[without.Length];
        double[] product = value.Matrix is null ? wealth : Product(value.Matrix);
        for (int s = 0; s < wealth.Length; s++)
            wealth[s] = without[s] + product[s] + constant;
        return wealth;
    }

    double[] Product(ColumnMatrix matrix)
    {
        if (products.TryGetValue(matrix, out double[]? known))
            return known;
        var sum = new double[matrix.Rows];
        ColumnProducts.MultiplyAdd(matrix, amounts, sum);
        return products[matrix] = sum;
    }

    /// <summary>
    /// min over t up to its bound of t·log E y^(−1/t) + t·rate; quick: any t that meets the limit will do.
    /// </summary>
    double Drawdown(DrawdownConstraint drawdown, bool quick)
    {
        double[] wealth = Scenarios(drawdown.Value);
        for (int s = 0; s < wealth.Length; s++)
        {
            if (drawdown.Weights[s] > 0 && !(wealth[s] > 0))
                return double.PositiveInfinity;
            wealth[s] = Math.Log(wealth[s]);
        }
        double largestT = drawdown.LargestT ?? double.PositiveInfinity;
        drawdownT = Math.Min(drawdownT, largestT);
        double At(double t) => t * LogMean(wealth, drawdown.Weights, -1 / t) + t * drawdown.Rate;
        if (drawdown.FixedT is { } fixedT)
            return At(fixedT);
        double value = At(drawdownT);
        if (quick && value <= drawdown.Limit)
            return value;
        (double best, double t) = Minimise.OnLogScale(At, drawdownT);
        if (t > largestT)
            (best, t) = (At(largestT), largestT);
        if (best < value)
            (value, drawdownT) = (best, t);
        return value;
    }

    static double LogMean(double[] logs, double[] weights, double power)
    {
        double most = double.NegativeInfinity;
        for (int s = 0; s < logs.Length; s++)
            if (weights[s] > 0)
                most = Math.Max(most, power * logs[s]);
        double sum = 0;
        for (int s = 0; s < logs.Length; s++)
            if (weights[s] > 0)
                sum += weights[s] * Math.Exp(power * logs[s] - most);
        return most + Math.Log(sum);
    }

    static double Dot(double[]? a, double[] b)
    {
        double sum = 0;
        for (int j = 0; a is not null && j < a.Length; j++)
            if (b[j] != 0)
                sum += a[j] * b[j];
        return sum;
    }
}
