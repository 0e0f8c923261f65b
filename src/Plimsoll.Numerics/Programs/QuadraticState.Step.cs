namespace Plimsoll.Numerics;

/// <summary>Newton steps of the interior point.</summary>
sealed partial class QuadraticState
{
    const int Refinements = 2;

    readonly SymmetricMatrix system;
    readonly Directions allocated;
    readonly double[] inverse;
    double[][] equalSolved = [];
    double[][] freeColumns = [];
    double[][] freeSolved = [];
    SymmetricMatrix? freeBlock;
    int[] free = [];
    double equalWeight = 1;
    SymmetricMatrix? schur;

    /// <summary>Room for one direction and its right-hand sides.</summary>
    sealed class Directions(int n, int equal, int less)
    {
        public double[] X { get; } = new double[n];
        public double[] Y { get; } = new double[equal];
        public double[] S { get; } = new double[less];
        public double[] Z { get; } = new double[less];
        public double[] Lower { get; } = new double[n];
        public double[] Upper { get; } = new double[n];
        public double[] LowerTarget { get; } = new double[n];
        public double[] UpperTarget { get; } = new double[n];
        public double[] LessTarget { get; } = new double[less];
    }

    /// <summary>Whether nothing but the barrier stands in the system: a linear program in standard form.</summary>
    bool IsDiagonal => p is null && less == 0;

    /// <summary>A term that makes free directions of a linear program solvable; corrected by refinement.</summary>
    const double Proximity = 1e-11;

    /// <summary>Predictor: complementary products to their targets at once.</summary>
    public void Predict()
    {
        var d = allocated;
        for (int i = 0; i < n; i++)
        {
            d.LowerTarget[i] = logWeight[i];
            d.UpperTarget[i] = 0;
        }
        d.LessTarget.AsSpan().Clear();
        Solve();
    }

    /// <summary>Corrector: centring by Mehrotra's rule and the second-order term of the predictor.</summary>
    /// <param name="predicted">Share of the predictor that kept everything positive.</param>
    /// <param name="centreOnly">All products to their mean, without any progress.</param>
    public void Correct(double predicted, bool centreOnly)
    {
        var d = allocated;
        double now = 0,
            then = 0;
        int count = 0;
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(lower[i]) && logWeight[i] == 0)
            {
                now += (x[i] - lower[i]) * zLower[i];
                then += (x[i] + predicted * d.X[i] - lower[i]) * (zLower[i] + predicted * d.Lower[i]);
                count++;
            }
            if (double.IsFinite(upper[i]))
            {
                now += (upper[i] - x[i]) * zUpper[i];
                then += (upper[i] - x[i] - predicted * d.X[i]) * (zUpper[i] + predicted * d.Upper[i]);
                count++;
            }
        }
        for (int r = 0; r < less; r++)
        {
            now += s[r] * z[r];
            then += (s[r] + predicted * d.S[r]) * (z[r] + predicted * d.Z[r]);
            count++;
        }
        double ratio =
            centreOnly ? 1
            : now > 0 ? Math.Clamp(then / now, 0, 1)
            : 0;
        double centre = count > 0 ? ratio * ratio * ratio * now / count : 0;
        // The second-order term counts as far as the predictor could go; in full it can cycle (Cartis 2009).
        double second = centreOnly ? 0 : predicted * predicted;
        for (int i = 0; i < n; i++)
        {
            double target = logWeight[i] > 0 ? logWeight[i] : centre;
            d.LowerTarget[i] = target - second * d.X[i] * d.Lower[i];
            d.UpperTarget[i] = centre + second * d.X[i] * d.Upper[i];
        }
        for (int r = 0; r < less; r++)
            d.LessTarget[r] = centre - second * d.S[r] * d.Z[r];
        Solve();
    }

    /// <summary>Largest share of the direction that keeps everything positive.</summary>
    public double StepLength(double share)
    {
        var d = allocated;
        double most = 1;
        void Keep(double value, double change)
        {
            if (change < 0 && value + most * change < (1 - share) * value)
                most = Math.Min(most, -share * value / change);
        }
        for (int i = 0; i < n; i++)
        {
            if (double.IsFinite(lower[i]))
            {
                Keep(x[i] - lower[i], d.X[i]);
                Keep(zLower[i], d.Lower[i]);
            }
            if (double.IsFinite(upper[i]))
            {
                Keep(upper[i] - x[i], -d.X[i]);
                Keep(zUpper[i], d.Upper[i]);
            }
        }
        for (int r = 0; r < less; r++)
        {
            Keep(s[r], d.S[r]);
            Keep(z[r], d.Z[r]);
        }
        return most;
    }

    /// <summary>Moves along the direction.</summary>
    public void Move(double length)
    {
        var d = allocated;
        ColumnProducts.AddScaled(length, d.X, x);
        ColumnProducts.AddScaled(length, d.Y, y);
        ColumnProducts.AddScaled(length, d.S, s);
        ColumnProducts.AddScaled(length, d.Z, z);
        ColumnProducts.AddScaled(length, d.Lower, zLower);
        ColumnProducts.AddScaled(length, d.Upper, zUpper);
        for (int i = 0; i < n; i++)
        {
            // A step to a bound within rounding must not touch it.
            if (x[i] <= lower[i])
                x[i] = Math.BitIncrement(lower[i]);
            if (x[i] >= upper[i])
                x[i] = Math.BitDecrement(upper[i]);
        }
    }
}
