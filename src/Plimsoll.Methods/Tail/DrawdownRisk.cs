using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Conditional drawdown at risk of a book along a path of returns, uncompounded.</summary>
/// <remarks>
/// Chekhlov, Uryasev, Zabarankin 2005: drawdown is the running maximum of the cumulative return, the start included,
/// less the
/// return; CDaR is the expected shortfall of the drawdowns over time. Level 0 is the average drawdown.
/// </remarks>
public sealed class DrawdownRisk
{
    readonly ColumnMatrix path;
    readonly double level;
    readonly double[] cumulative;
    readonly double[] drawdown;
    readonly double[] time;
    readonly double[] law;
    readonly double[] change;
    readonly int[] peak;

    /// <param name="path">Returns by period in order of time, T x n.</param>
    /// <param name="level">In [0, 1).</param>
    public DrawdownRisk(ColumnMatrix path, double level)
    {
        (this.path, this.level) = (path, level);
        int t = path.Rows;
        (cumulative, drawdown, law, change) = (new double[t], new double[t], new double[t], new double[t]);
        (peak, time) = (new int[t], new double[t]);
        Array.Fill(time, 1.0 / t);
    }

    /// <summary>Drawdowns of the last book looked at.</summary>
    public ReadOnlySpan<double> Drawdowns => drawdown;

    /// <summary>Value and a subgradient.</summary>
    public double Evaluate(ReadOnlySpan<double> book, Span<double> gradient)
    {
        int periods = path.Rows;
        cumulative.AsSpan().Clear();
        ColumnProducts.MultiplyAdd(path, book, cumulative);
        double sum = 0,
            most = 0;
        int top = -1;
        for (int t = 0; t < periods; t++)
        {
            sum += cumulative[t];
            cumulative[t] = sum;
            if (sum > most)
                (most, top) = (sum, t);
            (drawdown[t], peak[t]) = (most - sum, top);
        }
        double value = TailLossSolver.Evaluate(drawdown, time, level, law);
        // A drawdown is minus the sum of returns after its peak: weight its periods by the law of the times it stands
        // at.
        change.AsSpan().Clear();
        for (int t = 0; t < periods; t++)
        {
            if (law[t] == 0 || peak[t] == t)
                continue;
            change[peak[t] + 1] += law[t];
            if (t + 1 < periods)
                change[t + 1] -= law[t];
        }
        double running = 0;
        for (int t = 0; t < periods; t++)
        {
            running += change[t];
            change[t] = -running;
        }
        ColumnProducts.TransposeMultiply(path, change, gradient);
        return value;
    }
}
