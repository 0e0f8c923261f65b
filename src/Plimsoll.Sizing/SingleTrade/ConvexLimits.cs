using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>
/// Every limit with what a trade may not exceed: the limit, or today's value where that is worse already.
/// </summary>
sealed class ConvexLimits(string[] names, double[] bounds)
{
    readonly List<int> indices = [];

    /// <summary>Reads the bounds at the book without a trade.</summary>
    public static ConvexLimits WithoutTrade(ProgramParts parts, ConvexProgram program, BookEvaluator evaluator)
    {
        evaluator.MoveTo(new double[parts.Legs.Length]);
        var names = new string[program.Constraints.Length];
        var bounds = new double[names.Length];
        var limits = new ConvexLimits(names, bounds);
        for (int k = 0; k < names.Length; k++)
        {
            if (parts.Meanings[k].IsAuxiliary)
                continue;
            var constraint = program.Constraints[k];
            names[k] = constraint.Name;
            bounds[k] = Math.Max(constraint.Limit, evaluator.Value(k)) + BookEvaluator.Tolerance * constraint.Scale;
            limits.indices.Add(k);
        }
        return limits;
    }

    /// <summary>Name of the first limit that the evaluator's book exceeds, or null.</summary>
    public string? FirstBroken(BookEvaluator evaluator)
    {
        foreach (int k in indices)
            if (!(evaluator.Value(k) <= bounds[k]))
                return names[k];
        return null;
    }
}
