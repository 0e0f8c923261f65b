namespace Plimsoll.Numerics;

/// <summary>A starting x of a working problem near a given point, inside every box and every logarithm's
/// domain.</summary>
static class StartingPoint
{
    /// <summary>The start, or null where some weighted scenario value is not positive near the point.</summary>
    /// <param name="problem">The working problem.</param>
    /// <param name="program">What it is a part of.</param>
    /// <param name="near">The point.</param>
    /// <param name="inward">Distance from the bounds that is kept at most, in scales of the legs.</param>
    public static double[]? Near(WorkingProblem problem, ConvexProgram program, ProgramPoint near, double inward)
    {
        var x = new double[problem.Size];
        for (int attempt = 0; attempt < 12; attempt++, inward *= 0.2)
        {
            Place(problem, program, near, inward, x);
            if (Positive(problem, x))
            {
                PlaceOwn(problem, program, near, x);
                return x;
            }
        }
        return null;
    }

    static void Place(WorkingProblem problem, ConvexProgram program, ProgramPoint near, double inward, double[] x)
    {
        for (int j = 0; j < problem.Legs.Length; j++)
        {
            var leg = problem.Legs[j];
            double moved = leg.Sign * (near.Position[leg.Position] - program.Reference[leg.Position]);
            x[j] = Inside(moved / problem.LegScale[j], problem.Lower[j], problem.Upper[j], inward);
        }
        for (int j = 0; j < near.Auxiliary.Length; j++)
        {
            int at = problem.AuxiliaryStart + j;
            x[at] = Inside(near.Auxiliary[j], problem.Lower[at], problem.Upper[at], inward);
        }
    }

    static double Inside(double value, double lower, double upper, double inward)
    {
        double margin = Math.Min(0.25 * (upper - lower), inward);
        return Math.Min(Math.Max(value, lower + margin), upper - margin);
    }

    static bool Positive(WorkingProblem problem, double[] x)
    {
        double cost = problem.PowerCost(x);
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
        {
            term.Base.CopyTo(term.Y, 0);
            ColumnProducts.MultiplyAdd(group.Matrix, x.AsSpan(0, group.Matrix.Columns), term.Y);
            double constant = ColumnProducts.Dot(term.Broadcast, x) - term.CostShare * cost;
            for (int s = 0; s < term.Y.Length; s++)
                if (term.Weights[s] > 0 && !(term.Y[s] + constant > 1e-12))
                    return false;
        }
        return true;
    }

    /// <summary>Thresholds and t.</summary>
    static void PlaceOwn(WorkingProblem problem, ConvexProgram program, ProgramPoint near, double[] x)
    {
        foreach (var scalar in problem.Scalars)
        {
            if (scalar.Limit < 0 || scalar.Variable < 0)
                continue;
            var limit = program.Constraints[scalar.Limit];
            if (limit is ExpectedShortfallConstraint shortfall)
            {
                Shortfall.Of(near.Scenarios(shortfall.Value), shortfall.Weights, shortfall.Level, out double v);
                x[scalar.Variable] = v / limit.Scale;
            }
            else if (limit is DrawdownConstraint drawdown)
            {
                double least = 1e-3 * Math.Min(1, drawdown.Rate > 0 ? Math.Abs(drawdown.Limit) / drawdown.Rate : 1);
                double t = near.BestT[scalar.Limit];
                double most = 0.9 * (drawdown.LargestT ?? double.PositiveInfinity);
                x[scalar.Variable] = Math.Min(Math.Clamp(t, Math.Max(least, 1e-5), 1e3), most);
            }
        }
    }
}

/// <summary>Where an interior point starts.</summary>
/// <param name="Inward">Distance from the bounds that is kept at most, in scales of the legs.</param>
/// <param name="Complementarity">Product of every slack and its price; no slack is smaller than this.</param>
readonly record struct StartingStep(double Inward, double Complementarity)
{
    /// <summary>Close to where the last one ended and well centred: a quarter fewer steps than the other.</summary>
    public static readonly StartingStep Close = new(1e-3, 0.1);

    /// <summary>Further inside, nearer to the end: for the few in a thousand where the other stalls.</summary>
    public static readonly StartingStep FurtherInside = new(1e-2, 1e-2);
}
