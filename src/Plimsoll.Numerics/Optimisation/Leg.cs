namespace Plimsoll.Numerics;

/// <summary>
/// One way to move one position: q_i = Reference_i + Sign·move, move within [Lower, Upper], at one side's cost.
/// </summary>
/// <remarks>
/// A position with costs has a buying and a selling leg; at an optimum at most one of them is not zero, so that the
/// box of q is a box of each. A position that moves free of cost has a single leg of both signs.
/// </remarks>
readonly record struct Leg(int Position, int Sign, double Lower, double Upper, double Cost, double Power)
{
    /// <summary>The move at which the leg rests when it is not in the working set: nearest to zero.</summary>
    public double Rest => Math.Clamp(0, Lower, Upper);

    /// <summary>All legs of a program, by position; a fixed position has none.</summary>
    public static Leg[] Of(ConvexProgram program)
    {
        var legs = new List<Leg>();
        for (int i = 0; i < program.Reference.Length; i++)
        {
            double up = program.Upper[i] - program.Reference[i];
            double down = program.Reference[i] - program.Lower[i];
            if (!(up + down > 0))
                continue;
            double power = program.PowerCost[i];
            if (program.BuyCost[i] == 0 && program.SellCost[i] == 0 && power == 0)
                legs.Add(new Leg(i, 1, -down, up, 0, 0));
            else
            {
                if (up > 0)
                    legs.Add(new Leg(i, 1, Math.Max(0, -down), up, program.BuyCost[i], power));
                if (down > 0)
                    legs.Add(new Leg(i, -1, Math.Max(0, -up), down, program.SellCost[i], power));
            }
        }
        return [.. legs];
    }

    /// <summary>Positions when every given leg is at zero move and all others rest.</summary>
    public static double[] RestingPosition(ConvexProgram program, Leg[] legs)
    {
        var position = new double[program.Reference.Length];
        for (int i = 0; i < position.Length; i++)
            position[i] = Math.Clamp(program.Reference[i], program.Lower[i], program.Upper[i]);
        foreach (var leg in legs)
            position[leg.Position] = program.Reference[leg.Position];
        return position;
    }
}
