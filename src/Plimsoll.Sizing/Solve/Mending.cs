using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>What is asked where no book meets every limit: breaches shrink, and nothing gets worse for it.</summary>
/// <remarks>
/// The least sum of excesses alone would trade one limit for another: on a crash day it raised a drawdown probability
/// from 2% to 86%, which is little on that limit's own logarithmic scale, to mend a gamma. So an excess beyond the one
/// held without a trade counts <see cref="WorseningWeight"/> times: a limit that holds today is given up, or a breach
/// enlarged, only by a hundredth of what that mends elsewhere. Not trading enlarges nothing, so that the program stays
/// as feasible as it was, and it stays convex.
/// </remarks>
static class Mending
{
    /// <summary>How many times an excess beyond today's counts.</summary>
    public const double WorseningWeight = 100;

    /// <summary>
    /// The program whose least violation mends: limits in breach keep their weight up to today's excess, and everything
    /// beyond weighs more. Limits of the program come first, in their order.
    /// </summary>
    /// <param name="program">The program that no book meets.</param>
    /// <param name="today">Excess of each of its limits without a trade.</param>
    public static ConvexProgram Of(ConvexProgram program, double[] today)
    {
        var limits = program.Constraints.ToBuilder();
        for (int k = 0; k < today.Length; k++)
        {
            if (program.Constraints[k].SlackWeight is not { } weight)
                continue;
            var heavy = program.Constraints[k] with { SlackWeight = WorseningWeight * weight };
            if (today[k] == 0)
                limits[k] = heavy;
            else if (double.IsFinite(today[k]))
                limits.Add(Beyond(heavy, today[k]));
        }
        return program with { Constraints = limits.ToImmutable() };
    }

    static ProgramConstraint Beyond(ProgramConstraint limit, double excess)
    {
        double value = limit.Limit + excess * limit.Scale;
        var moved = limit with { Name = limit.Name + " today", Limit = value };
        return moved is ScenarioFloorConstraint floor ? floor with { Floor = -value } : moved;
    }
}
