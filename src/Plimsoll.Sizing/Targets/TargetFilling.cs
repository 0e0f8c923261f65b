using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Progressive filling from a book toward an aim, see <see cref="TargetSizer"/>.</summary>
sealed class TargetFilling
{
    const int BisectionSteps = 26;
    const double Probe = 1e-3;
    const int MostRounds = 24;

    readonly PreparedSizing prepared;
    readonly ContinuousSolve solve;
    readonly double[] amounts;
    readonly (int Line, int From, int Count)[] groups;

    public TargetFilling(PreparedSizing prepared, IEnumerable<int> chosen, double[] aim)
    {
        this.prepared = prepared;
        Lines = [.. chosen.Distinct().Order()];
        var legs = Leg.Of(prepared.Lines, Lines);
        amounts = new double[legs.Length];
        solve = ContinuousSolve.Evaluate(prepared, legs, amounts);
        groups =
        [
            .. Lines.Select(line =>
            {
                int from = Enumerable.Range(0, legs.Length).FirstOrDefault(j => legs[j].Line == line, -1);
                return (line, Math.Max(0, from), legs.Count(leg => leg.Line == line));
            }),
        ];
        Aim = Reachable(aim);
    }

    public int[] Lines { get; }

    /// <summary>The aim within what can be traded at all.</summary>
    public double[] Aim { get; }

    public double FirstStop { get; private set; } = 1;

    public List<string> StoppedBy { get; } = [];

    public List<string> Clipped { get; } = [];

    /// <summary>Whether every limit holds at positions.</summary>
    public bool Holds(double[] positions)
    {
        MoveTo(positions);
        return solve.Evaluator.Violation(0) == 0;
    }

    /// <summary>Positions that the limits allow.</summary>
    public double[] Run(double[] start)
    {
        var at = (double[])start.Clone();
        var free = Lines.Where(line => Aim[line] != start[line]).ToList();
        double reached = 0;
        for (int round = 0; round < MostRounds && free.Count > 0; round++)
        {
            if (Holds(Stretch(start, at, free, 1)))
                return Stretch(start, at, free, 1);
            double low = reached,
                high = 1;
            for (int step = 0; step < BisectionSteps; step++)
            {
                double middle = 0.5 * (low + high);
                if (Holds(Stretch(start, at, free, middle)))
                    low = middle;
                else
                    high = middle;
            }
            Note(Stretch(start, at, free, high));
            if (round == 0)
                FirstStop = low;
            at = Stretch(start, at, free, low);
            reached = low;
            double next = Math.Min(1, low + Probe);
            int before = free.Count;
            free.RemoveAll(line => !Holds(Stretch(start, at, [line], next)));
            if (free.Count == before)
                break;
        }
        return at;
    }

    /// <summary>The solve at a point, with every limit's exact state, for the whole lots and the answer.</summary>
    public ContinuousSolve SolveAt(double[] positions, TargetTracking tracking, double objective)
    {
        MoveTo(positions);
        var program = solve.Program;
        var states = new ConstraintState[program.Constraints.Length];
        for (int k = 0; k < states.Length; k++)
        {
            double value = solve.Parts.Meanings[k].IsAuxiliary ? 0 : solve.Evaluator.Value(k);
            states[k] = new ConstraintState(program.Constraints[k].Name, program.Constraints[k].Limit, value, 0, -1);
        }
        var none = new double[amounts.Length];
        Array.Fill(none, double.NaN);
        return solve with
        {
            Tracking = tracking,
            Solution = new ConvexSolution
            {
                Status = SolveStatus.Optimal,
                Position = (double[])amounts.Clone(),
                Auxiliary = [],
                Objective = objective,
                ReferenceObjective = -tracking.Distance(prepared.Current),
                Gap = 0,
                MaximumViolation = 0,
                Iterations = 0,
                Constraints = states,
                BuyGain = none,
                SellGain = none,
                DrawdownT = new Dictionary<string, double>(),
            },
        };
    }

    double[] Reachable(double[] aim)
    {
        double[] reachable = prepared.Current;
        foreach (var (line, from, count) in groups)
        {
            Leg.Spread(
                solve.Parts.Legs.AsSpan(from, count),
                reachable[line],
                aim[line] - reachable[line],
                amounts.AsSpan(from, count)
            );
            double position = reachable[line];
            for (int j = from; j < from + count; j++)
                position += solve.Parts.Legs[j].Direction * Math.Min(amounts[j], solve.Parts.Legs[j].Cap);
            if (Math.Abs(position - aim[line]) > 1e-9 * (1 + Math.Abs(aim[line])))
                Clipped.Add(prepared.Lines[line].Name);
            reachable[line] = position;
        }
        return reachable;
    }

    /// <summary>The given lines at a share of their way from the start, the others where they are.</summary>
    double[] Stretch(double[] start, double[] at, List<int> free, double share)
    {
        var moved = (double[])at.Clone();
        foreach (int line in free)
            moved[line] = share == 1 ? Aim[line] : start[line] + share * (Aim[line] - start[line]);
        return moved;
    }

    void Note(double[] beyond)
    {
        MoveTo(beyond);
        for (int k = 0; k < solve.Program.Constraints.Length; k++)
        {
            var limit = solve.Program.Constraints[k];
            if (solve.Parts.Meanings[k].IsAuxiliary || StoppedBy.Contains(limit.Name))
                continue;
            if (solve.Evaluator.Value(k) > limit.Limit + BookEvaluator.Tolerance * limit.Scale)
                StoppedBy.Add(limit.Name);
        }
    }

    void MoveTo(double[] positions)
    {
        foreach (var (line, from, count) in groups)
        {
            double now = prepared.Lines[line].CurrentContracts;
            Leg.Spread(solve.Parts.Legs.AsSpan(from, count), now, positions[line] - now, amounts.AsSpan(from, count));
        }
        solve.Evaluator.MoveTo(amounts);
    }
}
