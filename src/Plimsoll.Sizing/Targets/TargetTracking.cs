using System.Globalization;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>A book that somebody else chose, as what whole lots are to come near to.</summary>
/// <remarks>
/// Distance is the root mean square of the difference in gain over the law of risk, as a share of equity: a rounding
/// that moves no risk costs nothing, one that opens a hedge costs what the hedge was for.
/// </remarks>
public sealed class TargetTracking
{
    readonly int[] lines;
    readonly double[] aim;
    readonly double[] moments;
    readonly double[] difference;

    /// <param name="prepared">Matrices.</param>
    /// <param name="by">Who chose the book, for the words of the answer.</param>
    /// <param name="chosen">Lines that may trade, in order.</param>
    /// <param name="aim">Contracts aimed at, by line of the account.</param>
    internal TargetTracking(PreparedSizing prepared, string by, int[] chosen, double[] aim)
    {
        (By, lines, this.aim) = (by, chosen, aim);
        difference = new double[chosen.Length];
        moments = new double[chosen.Length * chosen.Length];
        double[] weights = prepared.Law.Prior;
        var weighted = new double[weights.Length];
        double square = prepared.Equity * prepared.Equity;
        for (int i = 0; i < chosen.Length; i++)
        {
            var column = prepared.Matrix.Gain.Column(prepared.Lines[chosen[i]].Column);
            for (int s = 0; s < weighted.Length; s++)
                weighted[s] = weights[s] * column[s];
            for (int j = 0; j <= i; j++)
            {
                var other = prepared.Matrix.Gain.Column(prepared.Lines[chosen[j]].Column);
                double moment = ColumnProducts.Dot(weighted, other) / square;
                moments[i * chosen.Length + j] = moment;
                moments[j * chosen.Length + i] = moment;
            }
        }
    }

    /// <summary>Who chose the book.</summary>
    public string By { get; }

    /// <summary>Contracts aimed at, by line of the account.</summary>
    public ReadOnlySpan<double> Aim => aim;

    /// <summary>Whether a line of the account counts in the distance.</summary>
    public bool Tracks(int line) => lines.Contains(line);

    /// <summary>Distance of a book, share of equity; at least 0.</summary>
    /// <param name="positions">Contracts by line of the account.</param>
    public double Distance(ReadOnlySpan<double> positions)
    {
        for (int i = 0; i < lines.Length; i++)
            difference[i] = positions[lines[i]] - aim[lines[i]];
        double sum = 0;
        for (int i = 0; i < lines.Length; i++)
            if (difference[i] != 0)
                sum += difference[i] * ColumnProducts.Dot(moments.AsSpan(i * lines.Length, lines.Length), difference);
        return Math.Sqrt(Math.Max(0, sum));
    }

    /// <summary>Why a line trades, in words.</summary>
    internal string Reason(int line) => string.Create(CultureInfo.InvariantCulture, $"{By} aims at {aim[line]:0.####}");
}
