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

    /// <summary>
    /// Multipliers in the program's units, as they stand; none above the price of an excess, so that a bound from them
    /// also covers points that pay for one.
    /// </summary>
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
            rows[k].Add(problem.RowSource[r]);
            duals[k].Add(state.RowDual[r]);
            if (problem.Scalars[problem.RowScalar[r]].Kind == ScalarKind.Rows)
                total[k] += state.RowDual[r];
        }
        for (int c = 0; c < problem.Scalars.Length; c++)
            if (problem.Scalars[c].Kind != ScalarKind.Rows)
                total[problem.Scalars[c].Limit] = state.ScalarDual[c];
        for (int k = 0; k < count; k++)
        {
            double factor = Math.Min(1, problem.Penalty[k] / total[k]) / Unit(k);
            total[k] *= factor;
            for (int r = 0; r < duals[k].Count; r++)
                duals[k][r] *= factor;
        }
        return new LimitMultipliers(
            total,
            [.. rows.Select(list => list.ToArray())],
            [.. duals.Select(list => list.ToArray())]
        );
    }

    double Unit(int k) => problem.ObjectiveScale * program.Constraints[k].Scale;
}
