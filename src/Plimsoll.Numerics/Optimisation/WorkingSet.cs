namespace Plimsoll.Numerics;

/// <summary>Which legs may move and which rows are written, and how both grow until nothing is missing.</summary>
sealed class WorkingSet
{
    const int AllRows = 128;
    const int FirstRows = 64;
    const int MoreRows = 128;
    const int AllLegs = 60;
    const int FirstLegs = 48;
    const int MoreLegs = 64;

    readonly ConvexProgram program;
    readonly Leg[] all;
    readonly bool[] active;
    readonly bool[] wasRemoved;
    readonly HashSet<int>[] rows;

    public WorkingSet(ConvexProgram program, ProgramPoint start, Certificate prices)
    {
        this.program = program;
        all = Leg.Of(program);
        active = new bool[all.Length];
        wasRemoved = new bool[all.Length];
        // A move that costs nothing seldom rests; one that costs rests unless it gains, and most of them do.
        for (int j = 0; j < all.Length; j++)
            active[j] =
                all.Length <= AllLegs
                || all[j] is { Cost: 0, Power: 0 }
                || all[j].Lower != 0
                || all[j].Sign * (start.Position[all[j].Position] - program.Reference[all[j].Position]) > 0;
        AddLegs(prices, FirstLegs, double.NegativeInfinity);
        rows = [.. program.Constraints.Select((_, k) => FirstRowsOf(k, start))];
    }

    /// <summary>The legs that may move.</summary>
    public Leg[] Legs => [.. all.Where((_, j) => active[j])];

    /// <summary>Whether some leg or row is left out.</summary>
    public bool Partial => active.Contains(false) || rows.Where((r, k) => r.Count < RowCount(k)).Any();

    /// <summary>Rows written for each limit, ascending.</summary>
    public int[][] Rows =>
        [
            .. rows.Select(chosen =>
            {
                int[] sorted = [.. chosen];
                Array.Sort(sorted);
                return sorted;
            }),
        ];

    /// <summary>Adds what the point shows to be missing: rows above their limit, legs with a gain.</summary>
    /// <param name="point">Where the working problem ended.</param>
    /// <param name="prices">Its prices.</param>
    /// <param name="tolerance">Violation that is accepted.</param>
    /// <param name="gain">Gain by leg that is accepted, in its own scale.</param>
    public bool Grow(ProgramPoint point, Certificate prices, double tolerance, double gain)
    {
        bool grown = AddLegs(prices, MoreLegs, gain);
        for (int k = 0; k < rows.Length; k++)
            grown |= AddRows(k, point, tolerance);
        return grown;
    }

    /// <summary>
    /// Takes legs out; they rest. One that came back once stays, so that rounds cannot go in circles.
    /// </summary>
    public void Remove(IEnumerable<Leg> legs)
    {
        foreach (var leg in legs)
        {
            int j = Array.IndexOf(all, leg);
            active[j] = wasRemoved[j];
            wasRemoved[j] = true;
        }
    }

    bool AddLegs(Certificate prices, int most, double least)
    {
        var gains = new List<(double Gain, int Leg)>();
        for (int j = 0; j < all.Length; j++)
        {
            if (active[j])
                continue;
            int i = all[j].Position;
            double gain = (all[j].Sign > 0 ? prices.BuyGain(i) : prices.SellGain(i)) * program.Scale[i];
            if (all[j].Cost == 0 && all[j].Power == 0)
                gain = Math.Abs(prices.Gain[i]) * program.Scale[i];
            if (gain > least)
                gains.Add((gain, j));
        }
        gains.Sort((a, b) => a.Gain != b.Gain ? b.Gain.CompareTo(a.Gain) : a.Leg.CompareTo(b.Leg));
        foreach (var (_, leg) in gains.Take(most))
            active[leg] = true;
        return gains.Count > 0;
    }

    int RowCount(int k) =>
        program.Constraints[k] switch
        {
            MaxLinearConstraint limit => limit.Offset.Length,
            ExpectedShortfallConstraint shortfall => shortfall.Value.Base.Length,
            ScenarioFloorConstraint floor => floor.Value.Base.Length,
            _ => 0,
        };

    HashSet<int> FirstRowsOf(int k, ProgramPoint point)
    {
        int count = RowCount(k);
        var shortfall = program.Constraints[k] as ExpectedShortfallConstraint;
        if (count <= AllRows)
            return [.. Enumerable.Range(0, count).Where(s => shortfall is null || shortfall.Weights[s] > 0)];
        int first = FirstRows;
        if (shortfall is not null)
            first += (int)Math.Min(count, 4 * (1 - shortfall.Level) * count);
        double[] height = Heights(k, point);
        return [.. Highest(height, s => shortfall is null || shortfall.Weights[s] > 0, first)];
    }

    /// <summary>What a limit takes the maximum or the tail mean of.</summary>
    double[] Heights(int k, ProgramPoint point)
    {
        double[] Negative(ScenarioValue value) => [.. point.Scenarios(value).Select(y => -y)];
        return program.Constraints[k] switch
        {
            MaxLinearConstraint limit => point.Rows(limit),
            ExpectedShortfallConstraint shortfall => Negative(shortfall.Value),
            ScenarioFloorConstraint floor => Negative(floor.Value),
            _ => [],
        };
    }

    bool AddRows(int k, ProgramPoint point, double tolerance)
    {
        if (rows[k].Count >= RowCount(k))
            return false;
        var limit = program.Constraints[k];
        double level = limit.Limit + tolerance * limit.Scale;
        var shortfall = limit as ExpectedShortfallConstraint;
        if (shortfall is not null)
        {
            // Scenarios left out count as no loss beyond the threshold: right only where they are not beyond it.
            if (point.Value[k] <= level)
                return false;
            Shortfall.Of(point.Scenarios(shortfall.Value), shortfall.Weights, shortfall.Level, out level);
        }
        else if (point.Value[k] <= level)
            return false;
        double[] height = Heights(k, point);
        var missing = Highest(
            height,
            s => height[s] >= level && !rows[k].Contains(s) && (shortfall is null || shortfall.Weights[s] > 0),
            shortfall is null ? MoreRows : 4 * MoreRows
        );
        rows[k].UnionWith(missing);
        return missing.Length > 0;
    }

    static int[] Highest(double[] height, Func<int, bool> eligible, int most)
    {
        int[] order = [.. Enumerable.Range(0, height.Length).Where(eligible)];
        double[] keys = [.. order.Select(s => -height[s])];
        Array.Sort(keys, order);
        return order[..Math.Min(most, order.Length)];
    }
}
