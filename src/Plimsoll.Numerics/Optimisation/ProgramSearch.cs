namespace Plimsoll.Numerics;

/// <summary>Where a search ended.</summary>
sealed record SearchOutcome(ProgramPoint Point, Certificate Certificate, double Gap, bool Proven);

/// <summary>Solves a program at given penalties by working problems that grow, and cleans the answer.</summary>
sealed partial class ProgramSearch
{
    const int MostRounds = 60;
    const int FirstRounds = 12;
    const double LooseGap = 1e-5;

    readonly ConvexProgram program;
    readonly SolveTolerance tolerance;
    readonly int threads;
    readonly ProgramPoint reference;
    readonly Certificate still;
    readonly double objectiveScale;
    ProgramPoint near;
    int allowance;

    /// <param name="program">What to solve.</param>
    /// <param name="tolerance">When to stop.</param>
    /// <param name="threads">1 or 2.</param>
    /// <param name="from">A solution of a program like it to start from; null: the reference.</param>
    public ProgramSearch(ConvexProgram program, SolveTolerance tolerance, int threads, ConvexSolution? from = null)
    {
        (this.program, this.tolerance, this.threads) = (program, tolerance, threads);
        allowance = tolerance.MaximumIterations;
        int m = program.AuxiliaryLower.Length;
        var auxiliary = new double[m];
        for (int j = 0; j < m; j++)
            auxiliary[j] = Math.Min(Math.Max(0, program.AuxiliaryLower[j]), program.AuxiliaryUpper[j]);
        double[] start = Inside(program.Reference);
        reference = new ProgramPoint(program, (double[])program.Reference.Clone(), auxiliary);
        near = new ProgramPoint(program, start, auxiliary);
        still = new Certificate(near, LimitMultipliers.None(program.Constraints.Length));
        objectiveScale = ScaleOf();
        if (from is not null)
            near = new ProgramPoint(program, Inside(from.Position), from.Auxiliary);
    }

    double[] Inside(double[] position) =>
        [.. position.Select((q, i) => Math.Clamp(q, program.Lower[i], program.Upper[i]))];

    public int Iterations { get; set; }

    /// <summary>Whether it was shown that no point within the boxes has positive wealth in every scenario.</summary>
    public bool OutOfDomain { get; private set; }

    /// <summary>The reference itself, bit for bit, when it meets every limit and nothing gains.</summary>
    public ConvexSolution? StayingIsOptimal()
    {
        bool stays = reference.MaximumViolation <= tolerance.Violation && double.IsFinite(reference.Objective);
        if (!stays || still.Bound > tolerance.AbsoluteGap)
            return null;
        var none = LimitMultipliers.None(program.Constraints.Length);
        var here = new Certificate(reference, none);
        return Solution(new SearchOutcome(reference, here, Math.Max(0, here.Bound), true), SolveStatus.Optimal);
    }

    /// <summary>Optimum at these penalties; null where the numbers failed.</summary>
    public SearchOutcome? Run(double[] penalty)
    {
        var started = near;
        var first = Run(penalty, StartingStep.Close);
        if (first is { Proven: true } || OutOfDomain)
            return first;
        near = started;
        allowance = Iterations + tolerance.MaximumIterations;
        return Run(penalty, StartingStep.FurtherInside) is { } second && !(first?.Gap < second.Gap) ? second : first;
    }

    SearchOutcome? Run(double[] penalty, StartingStep from)
    {
        if (!InDomain() && !FindDomain())
            return null;
        var set = new WorkingSet(program, near, new Certificate(near, Guess(penalty)));
        bool cleaned = false;
        for (int round = 0; round < MostRounds; round++)
        {
            var builder = new WorkingProblemBuilder(program, set.Legs, set.Rows, objectiveScale, penalty);
            using var problem = builder.Build();
            if (StartingPoint.Near(problem, program, near, from.Inward) is not { } start)
                return null;
            double[] elastic = [.. penalty.Select((price, k) => Math.Min(near.Violation(k), 1e6) + 0.1 / price)];
            using var interior = new InteriorPoint(problem, start, elastic, from.Complementarity, threads);
            var outcome = Loose(interior, problem, set, penalty, round < FirstRounds);
            if (outcome is not null)
            {
                near = outcome.Point;
                continue;
            }
            outcome = Tight(interior, problem, penalty, null);
            if (outcome is null)
                return null;
            double accepted = Accepted(outcome.Point, penalty);
            double gain = outcome.Gap <= accepted ? double.PositiveInfinity : 0;
            near = outcome.Point;
            if (set.Grow(outcome.Point, outcome.Certificate, 0.5 * tolerance.Violation, gain))
            {
                if (round < FirstRounds)
                    set.Remove(new Snap(problem, interior.State, program).Idle());
                continue;
            }
            if (outcome.Gap > 0.5 * accepted)
                outcome = Tight(interior, problem, penalty, outcome)!;
            near = outcome.Point;
            accepted = Accepted(outcome.Point, penalty);
            var (clean, resting) = new Snap(problem, interior.State, program).Apply(outcome.Point, cleaned);
            var at = new Certificate(clean, outcome.Certificate.Multipliers);
            double gap = GapOf(clean, at, penalty);
            bool still = clean.MaximumViolation <= Math.Max(tolerance.Violation, outcome.Point.MaximumViolation);
            if (gap <= Accepted(clean, penalty) && still)
                return new SearchOutcome(clean, at, gap, true);
            if (cleaned || resting.Count == 0)
                return outcome with { Proven = outcome.Gap <= accepted };
            set.Remove(resting);
            cleaned = true;
        }
        return null;
    }

    /// <summary>The gap that is small enough at a point: of a priced excess, the tolerance of violations.</summary>
    public double Accepted(ProgramPoint point, double[] penalty)
    {
        double gained = point.Objective - (double.IsFinite(reference.Objective) ? reference.Objective : 0);
        double accepted = Math.Max(tolerance.RelativeGap * Math.Abs(gained), tolerance.AbsoluteGap);
        return accepted + tolerance.Violation * PricedExcess(point, penalty);
    }

    /// <summary>Price of what exceeds the limits by more than the tolerance, in the program's objective.</summary>
    double PricedExcess(ProgramPoint point, double[] penalty)
    {
        double price = 0;
        for (int k = 0; k < penalty.Length; k++)
            if (point.Violation(k) > tolerance.Violation)
                price += penalty[k] * point.Violation(k) / objectiveScale;
        return price;
    }

    /// <summary>No answer; or, where no point has positive wealth, the point of largest least wealth.</summary>
    public ConvexSolution NoAnswer()
    {
        var outcome = new SearchOutcome(near, still, double.PositiveInfinity, OutOfDomain);
        return Solution(outcome, OutOfDomain ? SolveStatus.Infeasible : SolveStatus.Failed);
    }

    /// <param name="outcome">Where the search ended.</param>
    /// <param name="status">What it means.</param>
    /// <param name="penalty">Price of a unit of weighted excess; the shadow prices of an infeasible program are in
    /// it.</param>
    public ConvexSolution Solution(SearchOutcome outcome, SolveStatus status, double penalty = 1)
    {
        var point = outcome.Point;
        if (!outcome.Proven && status == SolveStatus.Optimal)
            status = SolveStatus.Failed;
        int n = point.Position.Length;
        var states = new ConstraintState[program.Constraints.Length];
        double weight = status == SolveStatus.Infeasible ? objectiveScale / penalty : 1;
        var times = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (int k = 0; k < states.Length; k++)
        {
            var limit = program.Constraints[k];
            double price = weight * outcome.Certificate.Multipliers.Total[k];
            states[k] = new ConstraintState(limit.Name, limit.Limit, point.Value[k], price, point.WorstRow[k]);
            if (limit is DrawdownConstraint)
                times[limit.Name] = point.BestT[k];
        }
        return new ConvexSolution
        {
            Status = status,
            Position = point.Position,
            Auxiliary = point.Auxiliary,
            Objective = point.Objective,
            ReferenceObjective = double.IsFinite(reference.Objective) ? reference.Objective : double.NegativeInfinity,
            Gap = outcome.Gap,
            ObjectiveWeight = weight,
            MaximumViolation = point.MaximumViolation,
            Iterations = Iterations,
            Constraints = states,
            BuyGain = [.. Enumerable.Range(0, n).Select(outcome.Certificate.BuyGain)],
            SellGain = [.. Enumerable.Range(0, n).Select(outcome.Certificate.SellGain)],
            DrawdownT = times,
            Prices = outcome.Certificate.Prices,
        };
    }

    double ScaleOf()
    {
        double steepest = 0;
        for (int i = 0; i < program.Scale.Length; i++)
        {
            double slope = Math.Abs(still.Gain[i]);
            if (program.Objective is CostObjective)
                slope += still.CostPrice * Math.Max(program.BuyCost[i], program.SellCost[i]);
            if (double.IsFinite(slope))
                steepest = Math.Max(steepest, slope * program.Scale[i]);
        }
        return steepest > 0 ? Math.Clamp(1 / steepest, 1e-6, 1e8) : 1;
    }

    /// <summary>Prices of the limits that are broken at the start, to choose the first legs by.</summary>
    LimitMultipliers Guess(double[] penalty)
    {
        var guess = LimitMultipliers.None(program.Constraints.Length);
        for (int k = 0; k < penalty.Length; k++)
        {
            if (near.Violation(k) == 0 || double.IsInfinity(near.Value[k]))
                continue;
            double price = penalty[k] / (objectiveScale * program.Constraints[k].Scale);
            guess.Total[k] = price;
            if (program.Constraints[k] is not DrawdownConstraint)
                (guess.Rows[k], guess.RowDuals[k]) = ([near.WorstRow[k]], [price]);
        }
        return guess;
    }

    /// <summary>A first rough solve while rows or legs are left out; null when none of them is missed.</summary>
    SearchOutcome? Loose(InteriorPoint interior, WorkingProblem problem, WorkingSet set, double[] penalty, bool prune)
    {
        bool reached = interior.Run(LooseGap, 1e-6, Left(interior));
        if (!set.Partial || !reached)
            return null;
        var outcome = OutcomeOf(interior, problem, penalty);
        double gained = Math.Abs(outcome.Point.Objective - reference.Objective);
        double enough = Math.Max(double.IsFinite(gained) ? 1e-4 * gained : 0, 3 * LooseGap / objectiveScale);
        double gain = outcome.Gap > enough ? 0 : double.PositiveInfinity;
        if (!set.Grow(outcome.Point, outcome.Certificate, 1e-5, gain))
            return null;
        if (prune)
            set.Remove(new Snap(problem, interior.State, program).Idle());
        Iterations += interior.Iterations;
        return outcome;
    }

    /// <summary>Solves to the wanted gap; called again with its own outcome, to ever smaller ones.</summary>
    SearchOutcome? Tight(InteriorPoint interior, WorkingProblem problem, double[] penalty, SearchOutcome? best)
    {
        double share = best is null ? 0.1 : 0.005;
        int attempts = best is null ? 2 : 3;
        int already = best is null ? 0 : interior.Iterations;
        Iterations -= already;
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            int before = interior.Iterations;
            double target = best is null ? LooseGap : share * Accepted(best.Point, penalty) * objectiveScale;
            interior.Run(Math.Max(target, 1e-17), 0.05 * tolerance.Violation, Left(interior));
            var outcome = OutcomeOf(interior, problem, penalty);
            if (double.IsNaN(outcome.Gap) || (best is not null && interior.Iterations == before))
                break;
            if (best is null || outcome.Gap < best.Gap || attempts == 2)
                best = outcome;
            if (attempt > 0 && best.Gap <= 0.5 * Accepted(best.Point, penalty))
                break;
            share *= attempts == 2 ? 1 : 0.05;
        }
        Iterations += interior.Iterations;
        return best;
    }

    /// <summary>Newton steps that may still be taken.</summary>
    int Left(InteriorPoint interior) => Math.Max(0, allowance - Iterations - interior.Iterations);

    SearchOutcome OutcomeOf(InteriorPoint interior, WorkingProblem problem, double[] penalty)
    {
        var reading = new InteriorReading(problem, interior.State, program);
        var point = reading.Point(near.BestT);
        var certificate = new Certificate(point, reading.Multipliers());
        return new SearchOutcome(point, certificate, GapOf(point, certificate, penalty), false);
    }

    /// <summary>Bound on the gain in the objective less the priced excess.</summary>
    double GapOf(ProgramPoint point, Certificate certificate, double[] penalty) =>
        Math.Max(0, certificate.Bound + PricedExcess(point, penalty));
}
