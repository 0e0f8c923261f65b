namespace Plimsoll.Numerics;

/// <content>The logarithms' domain: a start inside it.</content>
sealed partial class ProgramSearch
{
    bool InDomain() =>
        double.IsFinite(near.Objective)
        && !near
            .Value.Where((value, k) => program.Constraints[k] is DrawdownConstraint && !double.IsFinite(value))
            .Any();

    /// <summary>Moves the start to where every logarithm is defined: the point of largest least wealth up to
    /// 0.1.</summary>
    bool FindDomain()
    {
        const double Enough = 0.1;
        var wealth = new List<(ScenarioValue Value, double[] Weights)>();
        if (program.Objective is GrowthObjective growth)
            wealth.Add((growth.Value, growth.Weights));
        foreach (var limit in program.Constraints)
            if (limit is DrawdownConstraint drawdown)
                wealth.Add((drawdown.Value, drawdown.Weights));
        var phase = program with
        {
            Objective = new CostObjective(null, null, 0),
            Constraints =
            [
                .. wealth.Select(
                    (pair, k) =>
                        (ProgramConstraint)
                            new ScenarioFloorConstraint(
                                $"domain {k}",
                                Weighted(pair.Value, pair.Weights),
                                Enough,
                                1,
                                null
                            )
                ),
            ],
        };
        var search = new ProgramSearch(phase, new SolveTolerance(RelativeGap: 1e-4, AbsoluteGap: 1e-4), threads);
        var outcome = search.Run([.. Enumerable.Repeat(1.0, wealth.Count)]);
        Iterations += search.Iterations;
        if (outcome is null)
            return false;
        near = new ProgramPoint(program, outcome.Point.Position, outcome.Point.Auxiliary);
        // Where every wealth is positive, each misses by less than what is enough, and all by less than their number.
        OutOfDomain = -outcome.Certificate.Bound >= Enough * wealth.Count;
        return InDomain();
    }

    /// <summary>The value with its rows of weight zero out of the way: no logarithm is taken of them.</summary>
    static ScenarioValue Weighted(ScenarioValue value, double[] weights)
    {
        int[] kept = [.. Enumerable.Range(0, weights.Length).Where(s => weights[s] > 0)];
        if (kept.Length == weights.Length)
            return value;
        ColumnMatrix? Kept(ColumnMatrix? matrix)
        {
            if (matrix is null)
                return null;
            var rows = new ColumnMatrix(kept.Length, matrix.Columns);
            for (int j = 0; j < matrix.Columns; j++)
            for (int s = 0; s < kept.Length; s++)
                rows[s, j] = matrix[kept[s], j];
            return rows;
        }
        return value with
        {
            Base = [.. kept.Select(s => value.Base[s])],
            Matrix = Kept(value.Matrix),
            AuxiliaryMatrix = Kept(value.AuxiliaryMatrix),
        };
    }
}
