namespace Plimsoll.Numerics;

/// <summary>Writes a program as a <see cref="WorkingProblem"/> over chosen legs and rows.</summary>
sealed class WorkingProblemBuilder
{
    readonly ConvexProgram program;
    readonly Leg[] legs;
    readonly int[][] chosenRows;
    readonly ProgramPoint rest;
    readonly double objectiveScale;
    readonly double[] penalty;

    readonly int auxiliaryStart;
    readonly int[] ownVariable;
    readonly int size;
    readonly double[] legScale;

    readonly List<ScalarLimit> scalars = [];
    readonly List<(ScenarioValue Value, ScenarioTerm Term)> terms = [];

    /// <param name="program">The program.</param>
    /// <param name="legs">Legs that may move; the others rest.</param>
    /// <param name="chosenRows">Rows or scenarios that are written for each limit (unused for a drawdown).</param>
    /// <param name="objectiveScale">Multiplies the objective.</param>
    /// <param name="penalty">Price of one unit of excess of each limit, in the scaled objective.</param>
    public WorkingProblemBuilder(
        ConvexProgram program,
        Leg[] legs,
        int[][] chosenRows,
        double objectiveScale,
        double[] penalty
    )
    {
        (this.program, this.legs, this.chosenRows) = (program, legs, chosenRows);
        (this.objectiveScale, this.penalty) = (objectiveScale, penalty);
        rest = new ProgramPoint(program, Leg.RestingPosition(program, legs), new double[program.AuxiliaryLower.Length]);
        legScale = [.. legs.Select(leg => program.Scale[leg.Position])];
        auxiliaryStart = legs.Length;
        int next = auxiliaryStart + program.AuxiliaryLower.Length;
        ownVariable = new int[program.Constraints.Length];
        for (int k = 0; k < ownVariable.Length; k++)
            ownVariable[k] = program.Constraints[k]
                is ExpectedShortfallConstraint
                    or DrawdownConstraint { FixedT: null }
                ? next++
                : -1;
        size = next;
    }

    public WorkingProblem Build()
    {
        var lower = new double[size];
        var upper = new double[size];
        var linear = new double[size];
        Boxes(lower, upper);
        Objective(linear);
        var (rows, constant, limit, source, scalar, mass) = Rows();
        return new WorkingProblem
        {
            Legs = legs,
            LegScale = legScale,
            ObjectiveScale = objectiveScale,
            Lower = lower,
            Upper = upper,
            Linear = linear,
            AuxiliaryStart = auxiliaryStart,
            ObjectiveShare = objectiveScale * ((program.Objective as CostObjective)?.CostShare ?? 0),
            Power = [.. legs.Select((leg, j) => leg.Power * Math.Pow(legScale[j], 1.5))],
            Penalty = penalty,
            Rows = rows,
            Constant = constant,
            RowLimit = limit,
            RowSource = source,
            RowScalar = scalar,
            RowShare = [.. limit.Select(k => ShareOf(program.Constraints[k]))],
            RowMass = mass,
            Scalars = [.. scalars],
            Groups = [.. Groups()],
        };
    }

    void Boxes(double[] lower, double[] upper)
    {
        Array.Fill(lower, double.NegativeInfinity);
        Array.Fill(upper, double.PositiveInfinity);
        for (int j = 0; j < legs.Length; j++)
            (lower[j], upper[j]) = (legs[j].Lower / legScale[j], legs[j].Upper / legScale[j]);
        program.AuxiliaryLower.CopyTo(lower, auxiliaryStart);
        program.AuxiliaryUpper.CopyTo(upper, auxiliaryStart);
        for (int k = 0; k < program.Constraints.Length; k++)
        {
            if (program.Constraints[k] is DrawdownConstraint { FixedT: null } drawdown)
                (lower[ownVariable[k]], upper[ownVariable[k]]) = (1e-7, drawdown.LargestT ?? 1e7);
        }
    }

    void Objective(double[] linear)
    {
        switch (program.Objective)
        {
            case GrowthObjective growth:
                double t = 1 / (growth.RiskAversion - 1);
                terms.Add(
                    (
                        growth.Value,
                        new ScenarioTerm(
                            rest.Scenarios(growth.Value),
                            Broadcast(growth.Value),
                            growth.Weights,
                            objectiveScale,
                            t
                        )
                        {
                            CostShare = growth.Value.CostShare,
                        }
                    )
                );
                break;
            case CostObjective cost:
                for (int j = 0; j < legs.Length; j++)
                {
                    double slope = cost.CostShare * legs[j].Cost;
                    slope += legs[j].Sign * (cost.Position?[legs[j].Position] ?? 0);
                    linear[j] = objectiveScale * slope * legScale[j];
                }
                for (int j = 0; j < program.AuxiliaryLower.Length; j++)
                    linear[auxiliaryStart + j] = objectiveScale * (cost.Auxiliary?[j] ?? 0);
                break;
        }
    }

    /// <summary>Coefficients of y in x that are the same in every scenario.</summary>
    double[] Broadcast(ScenarioValue value)
    {
        var g = new double[size];
        for (int j = 0; j < legs.Length; j++)
        {
            double slope = legs[j].Sign * (value.Shift?[legs[j].Position] ?? 0) - value.CostShare * legs[j].Cost;
            g[j] = slope * legScale[j];
        }
        value.Auxiliary?.CopyTo(g, auxiliaryStart);
        return g;
    }

    (ColumnMatrix Rows, double[] Constant, int[] Limit, int[] Source, int[] Scalar, double[] Mass) Rows()
    {
        int count = 0;
        for (int k = 0; k < program.Constraints.Length; k++)
            count += program.Constraints[k] is DrawdownConstraint ? 0 : chosenRows[k].Length;
        var rows = new ColumnMatrix(count, size);
        var constant = new double[count];
        var limit = new int[count];
        var source = new int[count];
        var scalar = new int[count];
        var mass = new double[count];
        int start = 0;
        for (int k = 0; k < program.Constraints.Length; k++)
        {
            if (program.Constraints[k] is DrawdownConstraint drawdown)
            {
                AddDrawdown(drawdown, k);
                continue;
            }
            int[] chosen = chosenRows[k];
            limit.AsSpan(start, chosen.Length).Fill(k);
            chosen.CopyTo(source, start);
            Write(program.Constraints[k], k, chosen, start, rows, constant);
            scalar.AsSpan(start, chosen.Length).Fill(scalars.Count);
            if (program.Constraints[k] is ExpectedShortfallConstraint shortfall)
            {
                for (int r = 0; r < chosen.Length; r++)
                    mass[start + r] = shortfall.Weights[chosen[r]] / (1 - shortfall.Level);
                double level = -shortfall.Limit / shortfall.Scale;
                scalars.Add(new ScalarLimit(ScalarKind.Shortfall, k, ownVariable[k], level, 0, null));
            }
            else
                scalars.Add(new ScalarLimit(ScalarKind.Rows, k, -1, 0, 0, null));
            start += chosen.Length;
        }
        return (rows, constant, limit, source, scalar, mass);
    }

    static double ShareOf(ProgramConstraint limit) =>
        limit switch
        {
            MaxLinearConstraint linear => linear.CostShare,
            ExpectedShortfallConstraint shortfall => shortfall.Value.CostShare,
            ScenarioFloorConstraint floor => floor.Value.CostShare,
            _ => 0,
        } / limit.Scale;

    void AddDrawdown(DrawdownConstraint drawdown, int k)
    {
        var term = new ScenarioTerm(
            rest.Scenarios(drawdown.Value),
            Broadcast(drawdown.Value),
            drawdown.Weights,
            1 / drawdown.Scale,
            drawdown.FixedT ?? double.NaN
        )
        {
            TimeVariable = ownVariable[k],
            CostShare = drawdown.Value.CostShare,
        };
        terms.Add((drawdown.Value, term));
        double constant = ((drawdown.FixedT ?? 0) * drawdown.Rate - drawdown.Limit) / drawdown.Scale;
        double rate = drawdown.Rate / drawdown.Scale;
        scalars.Add(new ScalarLimit(ScalarKind.Drawdown, k, ownVariable[k], constant, rate, term));
    }

    void Write(ProgramConstraint limit, int k, int[] chosen, int start, ColumnMatrix rows, double[] constant)
    {
        double inverse = 1 / limit.Scale;
        switch (limit)
        {
            case MaxLinearConstraint linear:
                var offset = rest.Rows(linear);
                for (int r = 0; r < chosen.Length; r++)
                    constant[start + r] = (offset[chosen[r]] - limit.Limit) * inverse;
                Columns(linear.Rows, linear.AuxiliaryRows, inverse, chosen, start, rows);
                AddConstantColumns(linear.CostShare, chosen.Length, inverse, start, rows);
                break;
            case ExpectedShortfallConstraint shortfall:
                WriteScenarios(shortfall.Value, 0, inverse, chosen, start, rows, constant);
                rows.Column(ownVariable[k]).Slice(start, chosen.Length).Fill(-1);
                break;
            case ScenarioFloorConstraint floor:
                WriteScenarios(floor.Value, floor.Floor, inverse, chosen, start, rows, constant);
                break;
        }
    }

    /// <summary>Rows (floor − y)/scale.</summary>
    void WriteScenarios(
        ScenarioValue value,
        double floor,
        double inverse,
        int[] chosen,
        int start,
        ColumnMatrix rows,
        double[] constant
    )
    {
        var y = rest.Scenarios(value);
        for (int r = 0; r < chosen.Length; r++)
            constant[start + r] = (floor - y[chosen[r]]) * inverse;
        Columns(value.Matrix, value.AuxiliaryMatrix, -inverse, chosen, start, rows);
        double[] broadcast = Broadcast(value);
        for (int j = 0; j < size; j++)
            if (broadcast[j] != 0)
                foreach (ref double cell in rows.Column(j).Slice(start, chosen.Length))
                    cell -= broadcast[j] * inverse;
    }

    void Columns(ColumnMatrix? main, ColumnMatrix? auxiliary, double factor, int[] chosen, int start, ColumnMatrix rows)
    {
        for (int j = 0; main is not null && j < legs.Length; j++)
            Gather(main.Column(legs[j].Position), factor * legs[j].Sign * legScale[j], chosen, rows.Column(j)[start..]);
        for (int j = 0; auxiliary is not null && j < auxiliary.Columns; j++)
            Gather(auxiliary.Column(j), factor, chosen, rows.Column(auxiliaryStart + j)[start..]);
    }

    static void Gather(ReadOnlySpan<double> column, double factor, int[] chosen, Span<double> into)
    {
        for (int r = 0; r < chosen.Length; r++)
            into[r] = column[chosen[r]] * factor;
    }

    void AddConstantColumns(double share, int count, double inverse, int start, ColumnMatrix rows)
    {
        if (share == 0)
            return;
        for (int j = 0; j < legs.Length; j++)
            foreach (ref double cell in rows.Column(j).Slice(start, count))
                cell += share * legs[j].Cost * legScale[j] * inverse;
    }

    IEnumerable<ScenarioGroup> Groups()
    {
        foreach (var same in terms.GroupBy(pair => (pair.Value.Matrix, pair.Value.AuxiliaryMatrix)))
        {
            var (main, auxiliary) = same.Key;
            int scenarios = same.First().Term.Base.Length;
            var matrix = new ColumnMatrix(scenarios, legs.Length + (auxiliary?.Columns ?? 0));
            for (int j = 0; main is not null && j < legs.Length; j++)
                ColumnProducts.AddScaled(legs[j].Sign * legScale[j], main.Column(legs[j].Position), matrix.Column(j));
            for (int j = 0; auxiliary is not null && j < auxiliary.Columns; j++)
                auxiliary.Column(j).CopyTo(matrix.Column(legs.Length + j));
            yield return new ScenarioGroup(matrix, [.. same.Select(pair => pair.Term)]);
        }
    }
}
