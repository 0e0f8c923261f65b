namespace Plimsoll.Numerics;

/// <summary>Reads an iterate of the interior point as a point and multipliers of the program.</summary>
sealed class InteriorReading(WorkingProblem problem, InteriorState state, ConvexProgram program)
{
    /// <summary>The point, all values recomputed.</summary>
    public ProgramPoint Point(double[] hintT)
    {
        double[] position = Leg.RestingPosition(program, problem.Legs);
        for (int j = 0; j < problem.Legs.Length; j++)
        {
            var leg = problem.Legs[j];
            position[leg.Position] += leg.Sign * state.X[j] * problem.LegScale[j];
        }
        for (int i = 0; i < position.Length; i++)
            position[i] = Math.Clamp(position[i], program.Lower[i], program.Upper[i]);
        double[] auxiliary = state.X[problem.AuxiliaryStart..(problem.AuxiliaryStart + program.AuxiliaryLower.Length)];
        return new ProgramPoint(program, position, auxiliary, hintT);
    }

    /// <summary>Multipliers in the program's units; those of a shortfall within its dual set.</summary>
    public LimitMultipliers Multipliers()
    {
        int count = program.Constraints.Length;
        var total = new double[count];
        var rows = new List<int>[count];
        var duals = new List<double>[count];
        for (int k = 0; k < count; k++)
            (rows[k], duals[k]) = ([], []);
        for (int r = 0; r < problem.RowLimit.Length; r++)
        {
            int k = problem.RowLimit[r];
            double price = state.RowDual[r] / Unit(k);
            if (problem.RowMass[r] > 0)
                price = Math.Min(price, problem.RowMass[r] * state.ScalarDual[problem.RowScalar[r]] / Unit(k));
            rows[k].Add(problem.RowSource[r]);
            duals[k].Add(price);
            total[k] += price;
        }
        for (int c = 0; c < problem.Scalars.Length; c++)
            if (problem.Scalars[c].Kind == ScalarKind.Drawdown)
                total[problem.Scalars[c].Limit] = state.ScalarDual[c] / Unit(problem.Scalars[c].Limit);
        return new LimitMultipliers(
            total,
            [.. rows.Select(list => list.ToArray())],
            [.. duals.Select(list => list.ToArray())]
        );
    }

    double Unit(int k) => problem.ObjectiveScale * program.Constraints[k].Scale;
}
