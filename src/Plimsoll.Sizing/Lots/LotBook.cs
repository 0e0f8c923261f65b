using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>Whole-lot trades by line, and what they are worth exactly.</summary>
/// <param name="Lots">Trade of each line in lots, signed.</param>
/// <param name="Violation">Weighted excess over all limits on their own scales; 0 when every limit holds.</param>
/// <param name="Objective">Exact objective.</param>
sealed record LotBook(int[] Lots, double Violation, double Objective)
{
    /// <summary>Whether this book is to be preferred: first fewer excesses, then the objective.</summary>
    public bool IsBetterThan(LotBook other)
    {
        double margin = BookEvaluator.Tolerance * (1 + other.Violation);
        if (Violation < other.Violation - margin)
            return true;
        // Growth of a book that can lose everything is −∞, which no share of itself can be added to.
        double rounding = double.IsFinite(other.Objective) ? 1e-15 * Math.Abs(other.Objective) : 0;
        return Violation <= other.Violation + margin && Objective > other.Objective + rounding;
    }
}

/// <summary>
/// The whole-lot form of a continuous problem: which lines trade, in which steps, between which bounds.
/// </summary>
sealed class LotProblem
{
    readonly ContinuousSolve solve;
    readonly int[][] legsOf;
    readonly double[] amounts;

    public LotProblem(ContinuousSolve solve)
    {
        this.solve = solve;
        var legs = solve.Parts.Legs;
        amounts = new double[legs.Length];
        Lines = [.. legs.Select(leg => leg.Line).Distinct().Order()];
        legsOf = new int[Lines.Length][];
        Continuous = new double[Lines.Length];
        Low = new int[Lines.Length];
        High = new int[Lines.Length];
        Least = new int[Lines.Length];
        for (int i = 0; i < Lines.Length; i++)
        {
            var line = solve.Parts.Prepared.Lines[Lines[i]];
            legsOf[i] = [.. Enumerable.Range(0, legs.Length).Where(j => legs[j].Line == Lines[i])];
            double lot = (double)line.Lot;
            foreach (int j in legsOf[i])
            {
                Continuous[i] += legs[j].Direction * solve.Solution.Position[j] / lot;
                int most = (int)Math.Min(1e9, Math.Floor(legs[j].Cap / lot + 1e-9));
                if (legs[j].Direction > 0)
                    High[i] += most;
                else
                    Low[i] -= most;
            }
            if (solve.Tracking is { } tracking)
            {
                // Toward a given book no line goes past it or away from it, whatever another line's hedge would gain.
                double wanted = (tracking.Aim[Lines[i]] - line.CurrentContracts) / lot;
                Low[i] = Math.Max(Low[i], (int)Math.Floor(Math.Min(0, Math.Min(wanted, Continuous[i])) + 1e-9));
                High[i] = Math.Min(High[i], (int)Math.Ceiling(Math.Max(0, Math.Max(wanted, Continuous[i])) - 1e-9));
            }
            Least[i] = Math.Max(
                1,
                (int)Math.Ceiling(line.Instrument.MinimumOrderContracts / line.Instrument.LotContracts)
            );
        }
    }

    /// <summary>Lines that may trade.</summary>
    public int[] Lines { get; }

    /// <summary>Continuous trade in lots.</summary>
    public double[] Continuous { get; }

    /// <summary>Least trade in lots.</summary>
    public int[] Low { get; }

    /// <summary>Largest trade in lots.</summary>
    public int[] High { get; }

    /// <summary>Smallest order in lots; a trade is 0 or at least this.</summary>
    public int[] Least { get; }

    /// <summary>The continuous problem.</summary>
    public ContinuousSolve Solve => solve;

    /// <summary>Nearest trade that the venue takes: within bounds, and 0 or at least the smallest order.</summary>
    public int Permit(int i, double lots)
    {
        int rounded = (int)Math.Clamp(Math.Round(lots, MidpointRounding.AwayFromZero), Low[i], High[i]);
        if (Math.Abs(rounded) >= Least[i])
            return rounded;
        int least = Math.Sign(rounded) * Least[i];
        return Math.Abs(rounded) * 2 >= Least[i] && least >= Low[i] && least <= High[i] ? least : 0;
    }

    /// <summary>Evaluates a book; null when it cannot beat the one to beat.</summary>
    public LotBook? Evaluate(int[] lots, LotBook? beat)
    {
        MoveTo(lots);
        double objective = solve.LotObjective();
        if (beat is { Violation: 0 } && !(objective > beat.Objective))
            return null;
        double violation = solve.Evaluator.Violation(beat?.Violation ?? double.PositiveInfinity);
        var book = new LotBook((int[])lots.Clone(), violation, objective);
        return beat is null || book.IsBetterThan(beat) ? book : null;
    }

    /// <summary>Sets the evaluator to a book: cutting legs are filled before opening ones.</summary>
    public void MoveTo(int[] lots)
    {
        var legs = solve.Parts.Legs;
        Array.Clear(amounts);
        for (int i = 0; i < Lines.Length; i++)
        {
            if (lots[i] == 0)
                continue;
            double left = (double)(Math.Abs(lots[i]) * solve.Parts.Prepared.Lines[Lines[i]].Lot);
            foreach (bool opens in new[] { false, true })
            foreach (int j in legsOf[i])
                if (legs[j].Opens == opens && legs[j].Direction == Math.Sign(lots[i]))
                {
                    amounts[j] = Math.Min(left, legs[j].Cap);
                    left -= amounts[j];
                }
        }
        solve.Evaluator.MoveTo(amounts);
    }

    /// <summary>Exact trade in contracts.</summary>
    public ImmutableDictionary<int, decimal> Trades(int[] lots)
    {
        var trades = ImmutableDictionary.CreateBuilder<int, decimal>();
        for (int i = 0; i < Lines.Length; i++)
            if (lots[i] != 0)
                trades[Lines[i]] = lots[i] * solve.Parts.Prepared.Lines[Lines[i]].Lot;
        return trades.ToImmutable();
    }
}
