namespace Plimsoll.Numerics;

/// <summary>Refuses a malformed program by name of the field.</summary>
static class ProgramChecks
{
    public static void Check(ConvexProgram program)
    {
        int n = program.Reference.Length;
        int m = program.AuxiliaryLower.Length;
        // Limits share matrices: each is read once.
        var seen = new HashSet<ColumnMatrix>(ReferenceEqualityComparer.Instance);
        Vector(program.Reference, n, "Reference");
        Vector(program.Lower, n, "Lower");
        Vector(program.Upper, n, "Upper");
        NotNegative(program.Scale, n, "Scale");
        NotNegative(program.BuyCost, n, "BuyCost");
        NotNegative(program.SellCost, n, "SellCost");
        NotNegative(program.PowerCost, n, "PowerCost");
        Require(program.AuxiliaryUpper.Length == m, "AuxiliaryUpper", "has another length than AuxiliaryLower");
        for (int i = 0; i < n; i++)
        {
            Require(program.Scale[i] > 0, $"Scale[{i}]", "must be positive");
            Require(program.Lower[i] <= program.Upper[i], $"Lower[{i}]", $"is above Upper[{i}]");
        }
        for (int j = 0; j < m; j++)
            Require(
                program.AuxiliaryLower[j] <= program.AuxiliaryUpper[j],
                $"AuxiliaryLower[{j}]",
                "is above the upper"
            );
        switch (program.Objective)
        {
            case GrowthObjective growth:
                Value(growth.Value, n, m, "Objective", seen);
                Probabilities(growth.Weights, growth.Value.Base.Length, "Objective");
                Require(growth.RiskAversion >= 1, "Objective.RiskAversion", "must be at least 1");
                break;
            case CostObjective cost:
                Require(cost.CostShare >= 0, "Objective.CostShare", "must be at least 0");
                Vector(cost.Position ?? new double[n], n, "Objective.Position");
                Vector(cost.Auxiliary ?? new double[m], m, "Objective.Auxiliary");
                break;
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var limit in program.Constraints)
        {
            Require(names.Add(limit.Name), limit.Name, "is the name of two limits");
            Require(limit.Scale > 0 && double.IsFinite(limit.Scale), limit.Name, "needs a positive scale");
            Require(double.IsFinite(limit.Limit), limit.Name, "needs a finite limit");
            Require(limit.SlackWeight is null or (> 0 and < 1e12), limit.Name, "needs a positive slack weight");
            Limit(limit, n, m, seen);
        }
    }

    static void Limit(ProgramConstraint limit, int n, int m, HashSet<ColumnMatrix> seen)
    {
        switch (limit)
        {
            case MaxLinearConstraint linear:
                int rows = linear.Offset.Length;
                Require(rows > 0, linear.Name, "has no rows");
                Vector(linear.Offset, rows, linear.Name);
                Require(linear.CostShare >= 0, linear.Name, "needs a cost share of at least 0");
                Matrix(linear.Rows, rows, n, linear.Name, seen);
                Matrix(linear.AuxiliaryRows, rows, m, linear.Name, seen);
                break;
            case ExpectedShortfallConstraint shortfall:
                Value(shortfall.Value, n, m, shortfall.Name, seen);
                Probabilities(shortfall.Weights, shortfall.Value.Base.Length, shortfall.Name);
                Require(shortfall.Level is >= 0 and < 1, shortfall.Name, "needs a level from 0 to below 1");
                break;
            case DrawdownConstraint drawdown:
                Value(drawdown.Value, n, m, drawdown.Name, seen);
                Probabilities(drawdown.Weights, drawdown.Value.Base.Length, drawdown.Name);
                Require(
                    drawdown.Rate >= 0 && double.IsFinite(drawdown.Rate),
                    drawdown.Name,
                    "needs a rate of at least 0"
                );
                bool timed = drawdown.FixedT is { } t ? t > 0 && double.IsFinite(t) : drawdown.Rate > 0;
                Require(timed, drawdown.Name, "needs a positive rate or a fixed positive t");
                break;
            case ScenarioFloorConstraint floor:
                Value(floor.Value, n, m, floor.Name, seen);
                break;
        }
    }

    static void Value(ScenarioValue value, int n, int m, string name, HashSet<ColumnMatrix> seen)
    {
        int rows = value.Base.Length;
        Require(rows > 0, name, "has no scenarios");
        Vector(value.Base, rows, name);
        Matrix(value.Matrix, rows, n, name, seen);
        Matrix(value.AuxiliaryMatrix, rows, m, name, seen);
        Vector(value.Shift ?? new double[n], n, name);
        Vector(value.Auxiliary ?? new double[m], m, name);
        Require(value.CostShare >= 0 && double.IsFinite(value.CostShare), name, "needs a cost share of at least 0");
    }

    static void Probabilities(double[] weights, int length, string name)
    {
        NotNegative(weights, length, name);
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        Require(Math.Abs(sum - 1) < 1e-9, name, $"has weights that sum to {sum:R}, not 1");
    }

    static void Matrix(ColumnMatrix? matrix, int rows, int columns, string name, HashSet<ColumnMatrix> seen)
    {
        if (matrix is null)
            return;
        bool fits = matrix.Rows == rows && matrix.Columns == columns;
        Require(fits, name, $"has a {matrix.Rows} x {matrix.Columns} matrix where {rows} x {columns} is wanted");
        if (!seen.Add(matrix))
            return;
        // A sum of products with zero is a number only where every element is one.
        var zeros = new double[rows];
        for (int j = 0; j < columns; j++)
            if (ColumnProducts.Dot(matrix.Column(j), zeros) != 0)
                throw new ArgumentException($"{name} has an element that is not a number in column {j}");
    }

    static void NotNegative(double[] vector, int length, string name)
    {
        Vector(vector, length, name);
        foreach (double element in vector)
            Require(element >= 0, name, "has a negative element");
    }

    static void Vector(double[] vector, int length, string name)
    {
        Require(vector.Length == length, name, $"has {vector.Length} elements where {length} are wanted");
        foreach (double element in vector)
            Require(double.IsFinite(element), name, "has an element that is not a finite number");
    }

    static void Require(bool condition, string name, string message)
    {
        if (!condition)
            throw new ArgumentException($"{name} {message}");
    }
}
