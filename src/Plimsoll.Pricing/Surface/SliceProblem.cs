using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>
/// Cost of one smile in units of its own deviation: quotes, a weak prior, and penalties on arbitrage.
/// </summary>
/// <remarks>
/// With θ the at-the-money total variance, y = k/√θ and W = w/θ, every expiry's smile has about the same size:
/// W(y) = v − ς√(LR) + ½(R − L)(y − μ) + ½(R + L)√((y − μ)² + ς²): v least variance, L and R wing slopes, μ centre,
/// ς width. Unknowns are (v, L, R, μ, ln ς). Each quote costs ρ(e), e = ε·r² + max(0, |r| − d)², r the miss in half
/// corridors and ρ(e) = c²·ln(1 + e/c²), so that one bad quote has a bounded pull.
/// </remarks>
sealed class SliceProblem : ICurvedCost
{
    public const int Unknowns = 5;
    const double CentrePull = 0.02;
    const double DeadZone = 0.5;
    const double RobustScale = 1;
    const double SmallestHalfCorridor = 0.0045;
    const double DensityMargin = 0.004;
    const double DensityScale = 0.01;
    const int StartPasses = 3;
    const double LeastWing = 0.02;
    const double SteepestAllowedWing = 1.9;

    static readonly double[] FixedGrid = [.. Enumerable.Range(-16, 33).Select(i => 0.3 * Math.Sinh(0.32 * i))];
    static readonly double[] VertexGrid = [.. Enumerable.Range(-6, 13).Select(i => Math.Sinh(0.45 * i))];

    readonly double[] y;
    readonly double[] middle;
    readonly double[] half;
    readonly double[] weight;
    readonly bool[] hasBid;
    readonly double theta;
    readonly double penalty;

    /// <param name="quotes">Quotes of the expiry; at least one.</param>
    /// <param name="penalty">Weight of the penalty on negative density, 1 for a first fit.</param>
    public SliceProblem(ExpiryQuotes quotes, double penalty)
    {
        this.penalty = penalty;
        theta = quotes.AtTheMoneyVariance;
        Root = Math.Sqrt(theta);
        int count = quotes.Points.Length;
        (y, middle, half) = (new double[count], new double[count], new double[count]);
        (weight, hasBid) = (new double[count], new bool[count]);
        double smallestHalf = SmallestHalfCorridor * Math.Sqrt(quotes.TYears) / Root;
        for (int i = 0; i < count; i++)
        {
            var point = quotes.Points[i];
            y[i] = point.LogMoneyness / Root;
            hasBid[i] = point.HasBid;
            half[i] = Math.Max(smallestHalf, 0.5 * (point.AskDeviation - point.BidDeviation) / Root);
            middle[i] = point.HasBid ? point.MidDeviation / Root : point.AskDeviation / Root - half[i];
            weight[i] = point.IsLiquid ? 1 : quotes.IlliquidWeight;
        }
        Lower = [0.02, LeastWing, LeastWing, -6, Math.Log(0.03)];
        Upper = [4, SteepestAllowedWing / Root, SteepestAllowedWing / Root, 6, Math.Log(10)];
        Prior = [double.NaN, 0.7, 0.6, 0, Math.Log(1.5)];
    }

    public int Size => Unknowns;

    /// <summary>√θ, the unit of log-moneyness and of total deviation.</summary>
    public double Root { get; }

    public double[] Lower { get; }
    public double[] Upper { get; }

    /// <summary>Centre of the weak prior; NaN for none.</summary>
    public double[] Prior { get; init; }

    /// <summary>Weight of the prior in units of one liquid quote missed by one half corridor.</summary>
    public double PriorWeight { get; init; } = 0.1;

    public int Points => y.Length;

    /// <summary>The raw slice of a solution.</summary>
    public SviSlice Slice(ReadOnlySpan<double> p, ExpiryQuotes quotes)
    {
        double width = Math.Exp(p[4]);
        return new SviSlice(
            quotes.Expiry,
            quotes.TYears,
            quotes.ForwardUsd,
            theta * (p[0] - width * Math.Sqrt(p[1] * p[2])),
            Root * 0.5 * (p[1] + p[2]),
            (p[2] - p[1]) / (p[2] + p[1]),
            Root * p[3],
            Root * width
        );
    }

    /// <summary>Parameters of a raw slice in this problem's units, within its bounds.</summary>
    public double[] Start(SviSlice slice)
    {
        double[] p =
        [
            slice.LeastVariance / theta,
            slice.LeftWing / Root,
            slice.RightWing / Root,
            slice.M / Root,
            Math.Log(slice.Sigma / Root),
        ];
        Clamp(p);
        return p;
    }

    public void Clamp(Span<double> p)
    {
        for (int i = 0; i < Size; i++)
            p[i] = Math.Clamp(p[i], Lower[i], Upper[i]);
    }

    /// <summary>Cost at p; fills gradient and the generalised Gauss-Newton matrix (row-major) when not empty.</summary>
    public double Cost(ReadOnlySpan<double> p, Span<double> gradient, Span<double> curvature)
    {
        gradient.Clear();
        curvature.Clear();
        var smile = new SmileJet(p);
        double cost = QuoteCost(ref smile, gradient, curvature);
        for (int i = 0; i < Size; i++)
            if (!double.IsNaN(Prior[i]))
            {
                double miss = p[i] - Prior[i];
                cost += 0.5 * PriorWeight * miss * miss;
                if (gradient.IsEmpty)
                    continue;
                gradient[i] += PriorWeight * miss;
                curvature[i * Size + i] += PriorWeight;
            }
        foreach (double point in FixedGrid)
        {
            smile.MoveTo(point);
            cost += DensityPenalty(ref smile, gradient, curvature);
        }
        foreach (double step in VertexGrid)
        {
            smile.MoveTo(smile.Centre + smile.Width * step);
            cost += DensityPenalty(ref smile, gradient, curvature);
        }
        return cost;
    }

    /// <summary>
    /// Weighted least squares for (level, L, R) at a given centre and width, reweighted for robustness.
    /// </summary>
    public void LinearStart(double centre, double width, Span<double> p)
    {
        using var normal = new SymmetricMatrix(3);
        Span<double> solution = stackalloc double[3];
        Span<double> row = stackalloc double[3];
        Span<double> right = stackalloc double[3];
        for (int pass = 0; pass < StartPasses; pass++)
        {
            normal.Clear();
            right.Clear();
            for (int i = 0; i < y.Length; i++)
            {
                if (!hasBid[i])
                    continue;
                double z = y[i] - centre;
                double q = Math.Sqrt(z * z + width * width);
                (row[0], row[1], row[2]) = (1, 0.5 * (q - z), 0.5 * (q + z));
                double scale = 1 / (2 * middle[i] * half[i]);
                double target = middle[i] * middle[i];
                double miss = (solution[0] + solution[1] * row[1] + solution[2] * row[2] - target) * scale;
                double say = weight[i] * scale * scale / (pass == 0 ? 1 : 1 + miss * miss / 4);
                for (int j = 0; j < 3; j++)
                {
                    right[j] += say * row[j] * target;
                    var into = normal.Row(j);
                    for (int l = j; l < 3; l++)
                        into[l] += say * row[j] * row[l];
                }
            }
            Cholesky.Factor(normal);
            right.CopyTo(solution);
            Cholesky.Solve(normal, solution);
        }
        p[1] = Math.Clamp(solution[1], Lower[1], Upper[1]);
        p[2] = Math.Clamp(solution[2], Lower[2], Upper[2]);
        p[0] = solution[0] + width * Math.Sqrt(p[1] * p[2]);
        (p[3], p[4]) = (centre, Math.Log(width));
        Clamp(p);
    }

    double QuoteCost(ref SmileJet smile, Span<double> gradient, Span<double> curvature)
    {
        double cost = 0;
        for (int i = 0; i < y.Length; i++)
        {
            smile.MoveTo(y[i]);
            double deviation = Math.Sqrt(smile.Value);
            double r = (deviation - middle[i]) / half[i];
            double outside = hasBid[i] ? Math.Max(0, Math.Abs(r) - DeadZone) : Math.Max(0, r - DeadZone);
            double pull = hasBid[i] ? CentrePull : 0;
            double e = pull * r * r + outside * outside;
            cost += 0.5 * weight[i] * RobustScale * Math.Log(1 + e / RobustScale);
            if (gradient.IsEmpty || e == 0)
                continue;
            double robust = weight[i] / (1 + e / RobustScale);
            double slope = robust * (pull * r + (r > 0 ? outside : -outside));
            double bend = robust * (pull + (outside > 0 ? 1 : 0));
            smile.AddValue(slope, bend, 1 / (2 * deviation * half[i]), gradient, curvature);
        }
        return cost;
    }

    double DensityPenalty(ref SmileJet smile, Span<double> gradient, Span<double> curvature)
    {
        double miss = (DensityMargin - smile.Density(theta)) / DensityScale;
        if (miss <= 0)
            return 0;
        if (!gradient.IsEmpty)
            smile.AddDensity(
                theta,
                -penalty * miss / DensityScale,
                penalty / (DensityScale * DensityScale),
                gradient,
                curvature
            );
        return 0.5 * penalty * miss * miss;
    }
}
