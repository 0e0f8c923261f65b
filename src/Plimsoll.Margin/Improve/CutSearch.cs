using Plimsoll.Numerics;

namespace Plimsoll.Margin;

/// <summary>Cutting planes, rounding, exchange of lots, and branch and bound over lots cut.</summary>
sealed class CutSearch(CutProblem problem)
{
    const int Rounds = 60;
    const int MostNodes = 400;
    const double Accuracy = 1e-6;

    readonly List<double[]> rows = [];
    readonly List<double> right = [];
    readonly List<(double[] Lots, double Excess)> seen = [];
    readonly int count = problem.Lines.Length;
    int[] best = [];
    double bestCost;
    bool isUncertain;

    /// <summary>Lower bound of the cost, USD; valid where the requirement is convex.</summary>
    public double Bound { get; private set; }

    public bool IsProved { get; private set; }

    /// <summary>The cheapest allowed cuts found, from ones that are allowed.</summary>
    public int[] Cheapest(int[] allowed)
    {
        (best, bestCost) = (allowed, problem.Cost(allowed));
        Prune([.. allowed]);
        double[] low = new double[count],
            high = [.. problem.Lines.Select(line => (double)line.Lots)];
        if (Relax(low, high, Rounds) is { } root)
        {
            Bound = Math.Max(0, root.Cost);
            Round(root.Lots);
        }
        Exchange();
        IsProved = !isUncertain && bestCost <= Bound * (1 + Accuracy) + 1e-9;
        if (!IsProved && problem.IsConvex)
            Branch(low, high);
        return best;
    }

    /// <summary>
    /// Least cost over the planes between bounds; planes are added until the point is allowed. Null: nothing is.
    /// </summary>
    (double[] Lots, double Cost)? Relax(double[] low, double[] high, int rounds)
    {
        (double[] Lots, double Cost)? last = null;
        for (int round = 0; round < rounds && problem.HasWork; round++)
        {
            if (rows.Where((row, r) => Least(row, low, high) > right[r]).Any())
                return null;
            // In shares of each range: lots of an option and of a perpetual differ by orders of magnitude.
            double[] width = [.. high.Select((value, i) => Math.Max(value - low[i], 1e-9))];
            var solution = QuadraticSolver.Solve(
                new QuadraticProgram
                {
                    Linear = [.. problem.Lines.Select((line, i) => line.CostUsd * width[i])],
                    Lower = new double[count],
                    Upper = [.. high.Select((value, i) => value > low[i] ? 1.0 : 0)],
                    LessRows = [.. rows.Select(row => row.Select((slope, i) => slope * width[i]).ToArray())],
                    LessThan = [.. right.Select((limit, r) => limit - Dot(rows[r], low))],
                }
            );
            if (!solution.Report.Converged)
            {
                // A relaxation that has no point closes the node; any other failure leaves it open.
                if (solution.Report.Reason == QuadraticSolver.NoPoint)
                    return null;
                isUncertain = true;
                return last ?? (low, 0);
            }
            double[] lots = [.. solution.X.Select((share, i) => low[i] + Math.Clamp(share, 0, 1) * width[i])];
            double cost = problem.Lines.Select((line, i) => line.CostUsd * lots[i]).Sum();
            last = (lots, cost - solution.Report.Gap);
            if (!AddPlane(lots))
                break;
        }
        return last;
    }

    /// <summary>Adds the tangent of the requirement at a point that breaks it; false when it holds there.</summary>
    bool AddPlane(double[] lots)
    {
        var slope = new double[count];
        double excess = problem.Excess(lots, slope);
        if (!double.IsFinite(excess) || !slope.All(double.IsFinite))
        {
            isUncertain = true;
            return false;
        }
        // A slope across a kink is steeper than any tangent: no plane may stand above a point that was looked at.
        for (int r = 0; r < rows.Count; r++)
            right[r] = Math.Max(right[r], Dot(rows[r], lots) - excess);
        double level = excess;
        foreach (var (point, value) in seen)
            level = Math.Min(level, value + Dot(slope, lots) - Dot(slope, point));
        seen.Add((lots, excess));
        double scale = Math.Max(1, slope.Select((value, i) => Math.Abs(value) * problem.Lines[i].Lots).Max());
        if (level <= 1e-8 * scale)
            return false;
        rows.Add(slope);
        // level + slope·(x − lots) ≤ 0, let out by the accuracy of the slope.
        right.Add(Dot(slope, lots) - level + 1e-9 * scale);
        return true;
    }

    /// <summary>Rounds up, then takes back what is not needed.</summary>
    void Round(double[] lots)
    {
        int[] up = [.. lots.Select((value, i) => Math.Min(problem.Lines[i].Lots, (int)Math.Ceiling(value - 1e-6)))];
        int[] near = [.. lots.Select(value => (int)Math.Round(value, MidpointRounding.AwayFromZero))];
        foreach (int[] start in (int[][])[near, up])
            for (int more = 0; more < 40 && problem.HasWork; more++)
            {
                if (problem.Excess(start) <= 0)
                {
                    Prune(start);
                    break;
                }
                if (Cheapening(start) is not { } line)
                    break;
                start[line] += Math.Min(1 << Math.Min(more / 4, 20), problem.Lines[line].Lots - start[line]);
            }
    }

    /// <summary>The line whose next lot takes most excess away for its cost; null: none is left.</summary>
    int? Cheapening(int[] lots)
    {
        double here = problem.Excess(lots);
        int? chosen = null;
        double most = 0;
        for (int i = 0; i < count; i++)
        {
            if (lots[i] == problem.Lines[i].Lots)
                continue;
            lots[i]++;
            double gain = (here - problem.Excess(lots)) / Math.Max(problem.Lines[i].CostUsd, 1e-9);
            lots[i]--;
            if (gain > most)
                (most, chosen) = (gain, i);
        }
        return chosen;
    }

    /// <summary>Takes lots back, dearest first, as far as the requirement holds; keeps a cheaper result.</summary>
    void Prune(int[] lots)
    {
        int[] order =
        [
            .. Enumerable.Range(0, count).OrderByDescending(i => lots[i] * problem.Lines[i].CostUsd).ThenBy(i => i),
        ];
        foreach (int i in order)
        {
            int least = 0,
                enough = lots[i];
            while (least < enough && problem.HasWork)
            {
                lots[i] = (int)(((long)least + enough) / 2);
                if (problem.Excess(lots) <= 0)
                    enough = lots[i];
                else
                    least = lots[i] + 1;
            }
            lots[i] = enough;
        }
        Offer(lots);
    }

    /// <summary>Gives lots of one line back for fewer or cheaper ones of another.</summary>
    void Exchange()
    {
        bool better = true;
        for (int round = 0; better && round < 20; round++)
        {
            better = false;
            for (int give = 0; give < count; give++)
            for (int take = 0; take < count; take++)
                foreach (int lots in (int[])[1, Math.Max(1, best[give] / 8), best[give]])
                {
                    if (give == take || best[give] < lots || lots == 0 || !problem.HasWork)
                        continue;
                    int[] other = [.. best];
                    other[give] -= lots;
                    int room = problem.Lines[take].Lots - other[take];
                    double saved = lots * problem.Lines[give].CostUsd;
                    int most = (int)Math.Min(room, saved / Math.Max(problem.Lines[take].CostUsd, 1e-12));
                    if (most < 1)
                        continue;
                    other[take] += most;
                    if (problem.Excess(other) > 0)
                        continue;
                    double was = bestCost;
                    Prune(other);
                    better |= bestCost < was;
                }
        }
    }

    void Branch(double[] low, double[] high)
    {
        var stack = new Stack<(double[] Low, double[] High, double Bound)>();
        stack.Push((low, high, Bound));
        double open = double.PositiveInfinity;
        int nodes = 0;
        for (; stack.Count > 0 && nodes < MostNodes && problem.HasWork; nodes++)
        {
            var node = stack.Pop();
            if (IsWorse(node.Bound))
                continue;
            if (Relax(node.Low, node.High, 8) is not { } relaxed || IsWorse(relaxed.Cost))
                continue;
            int chosen = Fractional(relaxed.Lots, node);
            if (chosen < 0)
            {
                int[] whole = [.. relaxed.Lots.Select(value => (int)Math.Round(value, MidpointRounding.AwayFromZero))];
                if (problem.Excess(whole) <= 0)
                {
                    Offer(whole);
                    continue;
                }
                chosen = Widest(node);
                if (chosen < 0)
                    continue;
            }
            double split = Math.Floor(Math.Min(relaxed.Lots[chosen], node.High[chosen] - 1) + 1e-7);
            double[] under = [.. node.High],
                over = [.. node.Low];
            (under[chosen], over[chosen]) = (split, split + 1);
            stack.Push((node.Low, under, relaxed.Cost));
            stack.Push((over, node.High, relaxed.Cost));
        }
        foreach (var node in stack)
            open = Math.Min(open, node.Bound);
        if (isUncertain)
            return;
        Bound = Math.Max(Bound, Math.Min(bestCost, open));
        IsProved = bestCost <= Bound * (1 + Accuracy) + 1e-9;
    }

    bool IsWorse(double bound) => bound >= bestCost * (1 - Accuracy) - 1e-9;

    static int Fractional(double[] lots, (double[] Low, double[] High, double Bound) node)
    {
        int chosen = -1;
        double most = 1e-5;
        for (int i = 0; i < lots.Length; i++)
            if (Math.Abs(lots[i] - Math.Round(lots[i], MidpointRounding.AwayFromZero)) is var away && away > most)
                if (node.High[i] > node.Low[i])
                    (most, chosen) = (away, i);
        return chosen;
    }

    static int Widest((double[] Low, double[] High, double Bound) node)
    {
        int chosen = -1;
        double most = 0.5;
        for (int i = 0; i < node.Low.Length; i++)
            if (node.High[i] - node.Low[i] > most)
                (most, chosen) = (node.High[i] - node.Low[i], i);
        return chosen;
    }

    void Offer(int[] lots)
    {
        if (problem.Cost(lots) is var cost && cost < bestCost - 1e-12)
            (best, bestCost) = ([.. lots], cost);
    }

    /// <summary>Least value of a plane between bounds.</summary>
    static double Least(double[] row, double[] low, double[] high)
    {
        double sum = 0;
        for (int i = 0; i < row.Length; i++)
            sum += row[i] * (row[i] > 0 ? low[i] : high[i]);
        return sum;
    }

    static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
