namespace Plimsoll.Numerics;

/// <summary>Sets legs that the interior point left barely off a bound exactly onto it.</summary>
sealed class Snap(WorkingProblem problem, InteriorState state, ConvexProgram program)
{
    const double Barely = 1e-6;

    /// <summary>The cleaned point, and the legs that rest in it.</summary>
    /// <param name="point">The interior point's answer.</param>
    /// <param name="careful">Only legs whose dual exceeds them by far more.</param>
    public (ProgramPoint Clean, List<Leg> Resting) Apply(ProgramPoint point, bool careful)
    {
        double ratio = careful ? 1e-6 : 1e-3;
        double[] position = Leg.RestingPosition(program, problem.Legs);
        var resting = new List<Leg>();
        for (int j = 0; j < problem.Legs.Length; j++)
        {
            var leg = problem.Legs[j];
            double below = state.Below[j];
            double above = state.Above[j];
            double move = state.X[j] * problem.LegScale[j];
            if (below < Barely && below < ratio * state.LowerDual[j])
            {
                move = leg.Lower;
                if (leg.Lower == leg.Rest)
                    resting.Add(leg);
            }
            else if (above < Barely && above < ratio * state.UpperDual[j])
                move = leg.Upper;
            if (move != 0)
                position[leg.Position] += leg.Sign * move;
        }
        for (int i = 0; i < position.Length; i++)
            position[i] = Math.Clamp(position[i], program.Lower[i], program.Upper[i]);
        foreach (var leg in problem.Legs)
            SetOntoBox(leg, position);
        return (new ProgramPoint(program, position, point.Auxiliary, point.BestT), resting);
    }

    /// <summary>Legs that barely move at a price well above their move.</summary>
    public IEnumerable<Leg> Idle() =>
        problem.Legs.Where(
            (leg, j) => leg.Lower == leg.Rest && state.Below[j] < 1e-4 && state.Below[j] < 1e-2 * state.LowerDual[j]
        );

    /// <summary>q0 + (u − q0) may miss u by a rounding error.</summary>
    void SetOntoBox(Leg leg, double[] position)
    {
        int i = leg.Position;
        double ulp = 4e-16 * (Math.Abs(program.Reference[i]) + Math.Abs(position[i]));
        if (Math.Abs(position[i] - program.Upper[i]) <= ulp)
            position[i] = program.Upper[i];
        if (Math.Abs(position[i] - program.Lower[i]) <= ulp)
            position[i] = program.Lower[i];
    }
}
