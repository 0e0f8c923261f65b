namespace Plimsoll.Numerics;

/// <summary>What one position can gain over its box at a price per unit and a price of cost.</summary>
static class PositionGain
{
    /// <summary>
    /// max over q in the box of gain·(q − from) − costPrice·(C(q) − C(from)), exact: concave, so at an end, at the
    /// reference or at a root; at least 0.
    /// </summary>
    public static double Largest(ConvexProgram program, int i, double gain, double costPrice, double from)
    {
        double best = 0;
        double reference = program.Reference[i];
        double now = Cost(program, i, from);
        Try(program.Lower[i]);
        Try(program.Upper[i]);
        Try(reference);
        double power = 1.5 * costPrice * program.PowerCost[i];
        if (power > 0)
        {
            double up = Math.Max(0, gain - costPrice * program.BuyCost[i]) / power;
            double down = Math.Max(0, -gain - costPrice * program.SellCost[i]) / power;
            Try(reference + up * up);
            Try(reference - down * down);
        }
        return best;

        void Try(double q)
        {
            q = Math.Clamp(q, program.Lower[i], program.Upper[i]);
            best = Math.Max(best, gain * (q - from) - costPrice * (Cost(program, i, q) - now));
        }
    }

    static double Cost(ConvexProgram program, int i, double q)
    {
        double moved = q - program.Reference[i];
        double size = Math.Abs(moved);
        return (moved > 0 ? program.BuyCost[i] : program.SellCost[i]) * size
            + program.PowerCost[i] * size * Math.Sqrt(size);
    }
}
