namespace Plimsoll.Pricing;

/// <summary>Cost of one smile in units of its own deviation: quotes, a weak prior, and penalties on arbitrage.</summary>
/// <remarks>
/// With θ the at-the-money total variance, y = k/√θ and W = w/θ, every expiry's smile has about the same size:
/// W(y) = v − ς√(LR) + ½(R − L)(y − μ) + ½(R + L)√((y − μ)² + ς²): v least variance, L and R wing slopes, μ centre,
/// ς width. Unknowns are (v, L, R, μ, ln ς). Each quote costs ρ(e), e = ε·r² + max(0, |r| − d)², r the miss in half
/// corridors and ρ(e) = c²·ln(1 + e/c²), so that one bad quote has a bounded pull.
/// </remarks>
sealed class SliceProblem
{
    public const int Size = 5;
    const double CentrePull = 0.05;
    const double DeadZone = 0.7;
    const double RobustScale = 9;
    const double SmallestHalfCorridor = 0.0045;
    const double DensityMargin = 0.004;
    const double DensityScale = 0.01;
    const double CalendarMargin = 5e-4;
    const double CalendarScale = 2e-3;
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
    readonly double root;
    readonly double[] earlierFloor;
    readonly double[] laterCeiling;
    readonly double penalty;

    /// <param name="quotes">Quotes of the expiry; at least one.</param>
    /// <param name="earlier">Slice that may not lie above; null for none.</param>
    /// <param name="later">Slice that may not lie below; null for none.</param>
    /// <param name="penalty">Weight of the penalties on arbitrage, 1 for a first fit.</param>
    public SliceProblem(ExpiryQuotes quotes, SviSlice? earlier, SviSlice? later, double penalty)
    {
        this.penalty = penalty;
        theta = quotes.AtTheMoneyVariance;
        root = Math.Sqrt(theta);
        int count = quotes.Points.Length;
        (y, middle, half) = (new double[count], new double[count], new double[count]);
        (weight, hasBid) = (new double[count], new bool[count]);
        double smallestHalf = SmallestHalfCorridor * Math.Sqrt(quotes.TYears) / root;
        for (int i = 0; i < count; i++)
        {
            var point = quotes.Points[i];
            y[i] = point.LogMoneyness / root;
            hasBid[i] = point.HasBid;
            half[i] = Math.Max(smallestHalf, 0.5 * (point.AskDeviation - point.BidDeviation) / root);
            middle[i] = point.HasBid ? point.MidDeviation / root : point.AskDeviation / root - half[i];
            weight[i] = point.Weight;
        }
        earlierFloor = earlier is null ? [] : Scaled(earlier);
        laterCeiling = later is null ? [] : Scaled(later);
        Lower = [0.02, LeastWing, LeastWing, -6, Math.Log(0.03)];
        Upper = [4, SteepestAllowedWing / root, SteepestAllowedWing / root, 6, Math.Log(10)];
        BoundWings(earlier, later);
        Prior = [double.NaN, 1, 1, 0, Math.Log(0.7)];
    }

    public double[] Lower { get; }
    public double[] Upper { get; }

    /// <summary>Centre of the weak prior; NaN for none.</summary>
    public double[] Prior { get; }

    /// <summary>Weight of the prior in units of one liquid quote missed by one half corridor.</summary>
    public double PriorWeight { get; init; } = 0.02;

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
            root * 0.5 * (p[1] + p[2]),
            (p[2] - p[1]) / (p[2] + p[1]),
            root * p[3],
            root * width
        );
    }

    /// <summary>Parameters of a raw slice in this problem's units, within its bounds.</summary>
    public double[] Start(SviSlice slice)
    {
        double[] p =
        [
            slice.LeastVariance / theta,
            slice.LeftWing / root,
            slice.RightWing / root,
            slice.M / root,
            Math.Log(slice.Sigma / root),
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
    public double Cost(ReadOnlySpan<double> p, Span<double> gradient, Span<double> hessian)
    {
        gradient.Clear();
        hessian.Clear();
        var smile = new SmileJet(p);
        double cost = QuoteCost(ref smile, gradient, hessian);
        for (int i = 0; i < Size; i++)
            if (!double.IsNaN(Prior[i]))
            {
                double miss = p[i] - Prior[i];
                cost += 0.5 * PriorWeight * miss * miss;
                if (gradient.IsEmpty)
                    continue;
                gradient[i] += PriorWeight * miss;
                hessian[i * Size + i] += PriorWeight;
            }
        for (int j = 0; j < FixedGrid.Length; j++)
        {
            smile.MoveTo(FixedGrid[j]);
            cost += DensityPenalty(ref smile, gradient, hessian);
            if (earlierFloor.Length > 0)
                cost += OrderPenalty(ref smile, earlierFloor[j] * (1 + CalendarMargin), 1, gradient, hessian);
            if (laterCeiling.Length > 0)
                cost += OrderPenalty(ref smile, laterCeiling[j] * (1 - CalendarMargin), -1, gradient, hessian);
        }
        foreach (double step in VertexGrid)
        {
            smile.MoveTo(smile.Centre + smile.Width * step);
            cost += DensityPenalty(ref smile, gradient, hessian);
        }
        return cost;
    }

    /// <summary>Weighted least squares for (level, L, R) at a given centre and width, reweighted for robustness.</summary>
    public void LinearStart(double centre, double width, Span<double> p)
    {
        Span<double> normal = stackalloc double[9];
        Span<double> right = stackalloc double[3];
        Span<double> solution = stackalloc double[3];
        solution.Clear();
        for (int pass = 0; pass < 3; pass++)
        {
            normal.Clear();
            right.Clear();
            for (int i = 0; i < y.Length; i++)
            {
                if (!hasBid[i])
                    continue;
                double z = y[i] - centre;
                double q = Math.Sqrt(z * z + width * width);
                double left = 0.5 * (q - z);
                double rise = 0.5 * (q + z);
                double scale = 1 / (2 * middle[i] * half[i]);
                double target = middle[i] * middle[i];
                double miss = pass == 0 ? 0 : (solution[0] + solution[1] * left + solution[2] * rise - target) * scale;
                double w = weight[i] * scale * scale / (pass == 0 ? 1 : 1 + miss * miss / 4);
                normal[0] += w;
                normal[1] += w * left;
                normal[2] += w * rise;
                normal[4] += w * left * left;
                normal[5] += w * left * rise;
                normal[8] += w * rise * rise;
                right[0] += w * target;
                right[1] += w * left * target;
                right[2] += w * rise * target;
            }
            (normal[3], normal[6], normal[7]) = (normal[1], normal[2], normal[5]);
            for (int i = 0; i < 3; i++)
                normal[i * 4] *= 1 + 1e-9;
            if (!SmallCholesky.Solve(normal, right, solution, 3))
                break;
        }
        p[1] = Math.Clamp(solution[1], Lower[1], Upper[1]);
        p[2] = Math.Clamp(solution[2], Lower[2], Upper[2]);
        p[0] = solution[0] + width * Math.Sqrt(p[1] * p[2]);
        (p[3], p[4]) = (centre, Math.Log(width));
        Clamp(p);
    }

    double QuoteCost(ref SmileJet smile, Span<double> gradient, Span<double> hessian)
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
            double curvature = robust * (pull + (outside > 0 ? 1 : 0));
            smile.AddValue(slope, curvature, 1 / (2 * deviation * half[i]), gradient, hessian);
        }
        return cost;
    }

    double DensityPenalty(ref SmileJet smile, Span<double> gradient, Span<double> hessian)
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
                hessian
            );
        return 0.5 * penalty * miss * miss;
    }

    double OrderPenalty(ref SmileJet smile, double bound, int sign, Span<double> gradient, Span<double> hessian)
    {
        double unit = CalendarScale * bound;
        double miss = sign * (bound - smile.Value) / unit;
        if (miss <= 0)
            return 0;
        if (!gradient.IsEmpty)
            smile.AddValue(-sign * penalty * miss, penalty, 1 / unit, gradient, hessian);
        return 0.5 * penalty * miss * miss;
    }

    double[] Scaled(SviSlice slice)
    {
        double[] values = new double[FixedGrid.Length];
        for (int j = 0; j < values.Length; j++)
            values[j] = slice.TotalVariance(FixedGrid[j] * root) / theta;
        return values;
    }

    void BoundWings(SviSlice? earlier, SviSlice? later)
    {
        double[] floors = earlier is null ? [0, 0] : [earlier.LeftWing, earlier.RightWing];
        double[] ceilings = later is null
            ? [double.PositiveInfinity, double.PositiveInfinity]
            : [later.LeftWing, later.RightWing];
        for (int side = 0; side < 2; side++)
        {
            Lower[1 + side] = Math.Max(Lower[1 + side], floors[side] / root * (1 + 1e-6));
            Upper[1 + side] = Math.Min(Upper[1 + side], ceilings[side] / root * (1 - 1e-6));
            Upper[1 + side] = Math.Max(Upper[1 + side], Lower[1 + side]);
        }
    }
}
