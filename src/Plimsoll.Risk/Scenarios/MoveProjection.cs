using System.Collections.Immutable;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Sets level and tilt of every slice in every scenario, within the surface's bounds.</summary>
internal sealed class MoveProjection
{
    const double ReferenceYears = 30 / 365.0;

    /// <summary>Scenarios that one thread takes at a time; each stands by itself.</summary>
    const int Run = 1024;

    readonly ImmutableArray<SurfaceMove> moves;
    readonly MoveBounds bounds;
    readonly int anchor;
    readonly double[] logTime;
    readonly double[] tenorFactor;
    readonly double[] tiltPerSkew;

    /// <summary>ln u_i + offset_i is non-decreasing exactly when no ratio of neighbours is too large.</summary>
    readonly double[] offset;

    /// <summary>Largest ln u_i + offset_i that leaves room for every later slice; non-decreasing.</summary>
    readonly double[] ceiling;

    public MoveProjection(SviSlice[] slices, ImmutableArray<SurfaceMove> moves, VolatilityResponse response)
    {
        this.moves = moves;
        bounds = new MoveBounds(slices);
        int count = slices.Length;
        logTime = [.. moves.Select(move => Math.Log(move.TYearsLeft / move.Slice.TYears))];
        tenorFactor = [.. slices.Select(slice => SurfaceMoves.TenorFactor(response, slice.TYears))];
        tiltPerSkew =
        [
            .. moves.Select((move, i) => 2 * Math.Sqrt(move.Slice.TotalVariance(0) * move.TYearsLeft) * tenorFactor[i]),
        ];
        (offset, ceiling) = (new double[count], new double[count]);
        for (int i = 1; i < count; i++)
            if (Math.Abs(slices[i].TYears - ReferenceYears) < Math.Abs(slices[anchor].TYears - ReferenceYears))
                anchor = i;
    }

    /// <summary>Fills scale and tilt of all moves from the moves at 30 days.</summary>
    public void Fill(double[] logVolatilityMove, double[] skewMove, int threads = 1)
    {
        BoundNeighbours();
        int runs = (logVolatilityMove.Length + Run - 1) / Run;
        Parallel.For(
            0,
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            r => Fill(logVolatilityMove, skewMove, r * Run, Math.Min((r + 1) * Run, logVolatilityMove.Length))
        );
    }

    void Fill(double[] logVolatilityMove, double[] skewMove, int from, int to)
    {
        int count = moves.Length;
        var level = new double[count];
        var block = new int[count];
        var tilt = new double[count];
        var root = new double[count];
        for (int s = from; s < to; s++)
        {
            Levels(logVolatilityMove[s], level, block);
            for (int i = 0; i < count; i++)
            {
                double scale = Math.Exp(level[i]);
                moves[i].VarianceScale[s] = scale;
                root[i] = Math.Sqrt(scale);
            }
            double share = Tilts(skewMove[s], root, tilt);
            for (int i = 0; i < count; i++)
                moves[i].Tilt[s] = share * tilt[i] / root[i];
        }
    }

    /// <summary>
    /// Fills the moves as they are stated, each slice by itself: neighbours may cross and a slice may leave its bounds.
    /// </summary>
    /// <param name="logVolatilityMove">At 30 days.</param>
    /// <param name="skewMove">At 30 days.</param>
    /// <param name="termMove">Of the term structure's slope; empty: none.</param>
    public void FillAsStated(double[] logVolatilityMove, double[] skewMove, double[] termMove)
    {
        const double Largest = VolatilityMoves.LargestLogMove;
        for (int i = 0; i < moves.Length; i++)
        {
            var (least, greatest) = bounds.Tilt[i];
            double slope = SurfaceMoves.SlopeFactor(moves[i].Slice.TYears);
            for (int s = 0; s < logVolatilityMove.Length; s++)
            {
                double move = logVolatilityMove[s] * tenorFactor[i];
                if (termMove.Length > 0)
                    move += slope * termMove[s];
                moves[i].VarianceScale[s] = Math.Exp(logTime[i] + 2 * Math.Clamp(move, -Largest, Largest));
                moves[i].Tilt[s] = Math.Clamp(tiltPerSkew[i] * skewMove[s], least, greatest);
            }
        }
    }

    /// <summary>What only the projection asks for: a set that moves as stated does without it.</summary>
    void BoundNeighbours()
    {
        bounds.BoundPairs();
        int count = moves.Length;
        for (int i = 1; i < count; i++)
            offset[i] = offset[i - 1] + Math.Log(bounds.LargestRatio[i - 1]);
        for (int i = count - 1; i >= 0; i--)
            ceiling[i] = Math.Min(
                Math.Log(bounds.LargestVarianceScale[i]) + offset[i],
                i == count - 1 ? double.PositiveInfinity : ceiling[i + 1]
            );
    }

    /// <summary>ln u of one slice before any projection.</summary>
    double Stated(int i, double move)
    {
        const double Largest = VolatilityMoves.LargestLogMove;
        return logTime[i] + 2 * Math.Clamp(move * tenorFactor[i], -Largest, Largest);
    }

    /// <summary>ln u of each slice.</summary>
    void Levels(double move, double[] level, int[] block)
    {
        bool ordered = true;
        for (int i = 0; i < level.Length; i++)
        {
            level[i] = Stated(i, move) + offset[i];
            ordered &= i == 0 || level[i] >= level[i - 1];
        }
        if (!ordered)
            PoolAdjacentViolators(level, block);
        for (int i = 0; i < level.Length; i++)
            level[i] = Math.Min(level[i], ceiling[i]) - offset[i];
    }

    /// <summary>Replaces values by the non-decreasing ones nearest to them in least squares.</summary>
    internal static void PoolAdjacentViolators(double[] values, int[] size)
    {
        int blocks = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double mean = values[i];
            int members = 1;
            while (blocks > 0 && values[blocks - 1] > mean)
            {
                blocks--;
                mean = (mean * members + values[blocks] * size[blocks]) / (members + size[blocks]);
                members += size[blocks];
            }
            (values[blocks], size[blocks]) = (mean, members);
            blocks++;
        }
        int at = values.Length;
        for (int b = blocks - 1; b >= 0; b--)
        {
            double mean = values[b];
            for (int j = 0; j < size[b]; j++)
                values[--at] = mean;
        }
    }

    /// <summary>
    /// k-space tilts √u·τ of each slice; returns the share of all of them that every slice's own range allows.
    /// </summary>
    double Tilts(double move, double[] root, double[] tilt)
    {
        double share = 1;
        for (int i = anchor; i >= 0; i--)
            Tilt(i, i + 1);
        for (int i = anchor + 1; i < tilt.Length; i++)
            Tilt(i, i - 1);
        return share;

        double Ratio(int i) => root[i] / root[i + 1] * (root[i] / root[i + 1]);

        void Tilt(int i, int towardsAnchor)
        {
            var (least, greatest) = bounds.Tilt[i];
            double wanted = root[i] * Math.Clamp(tiltPerSkew[i] * move, least, greatest);
            if (i > anchor)
            {
                var (below, above) = bounds.TiltStep(i - 1, Ratio(i - 1));
                wanted = Math.Clamp(
                    wanted,
                    tilt[towardsAnchor] - root[i] * above,
                    tilt[towardsAnchor] + root[i] * below
                );
            }
            else if (i < anchor)
            {
                var (below, above) = bounds.TiltStep(i, Ratio(i));
                double next = root[towardsAnchor];
                wanted = Math.Clamp(wanted, tilt[towardsAnchor] - next * below, tilt[towardsAnchor] + next * above);
            }
            tilt[i] = wanted;
            if (wanted < root[i] * least)
                share = Math.Min(share, root[i] * least / wanted);
            else if (wanted > root[i] * greatest)
                share = Math.Min(share, root[i] * greatest / wanted);
        }
    }
}
