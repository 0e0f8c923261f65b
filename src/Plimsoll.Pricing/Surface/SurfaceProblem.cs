namespace Plimsoll.Pricing;

/// <summary>Cost of all slices of a surface together: each slice's own, and a penalty where neighbours cross.</summary>
/// <remarks>
/// Fitting all expiries at once lets the expiry give way whose quotes say least where two cross. The penalty is on
/// ln(w_i(k)·(1 + margin)/w_{i+1}(k)) where positive, on a grid of k, at the worst crossings found so far, and on
/// the wings' slopes.
/// </remarks>
sealed class SurfaceProblem : ICurvedCost
{
    const int Each = SliceProblem.Unknowns;
    const double Margin = 5e-4;
    const double ValueScale = 2e-3;
    const double WingScale = 1e-2;
    static readonly double[] Grid = [.. Enumerable.Range(-21, 43).Select(i => 0.3 * Math.Sinh(0.38 * i))];

    readonly SliceProblem[] parts;
    readonly List<double>[] crossings;
    readonly double penalty;
    readonly double[] blockGradient = new double[Each];
    readonly double[] blockCurvature = new double[Each * Each];

    /// <param name="parts">Slices in order of expiry.</param>
    /// <param name="crossings">For each slice further k at which the next one may not lie below it.</param>
    /// <param name="penalty">Weight of the penalty.</param>
    public SurfaceProblem(SliceProblem[] parts, List<double>[] crossings, double penalty)
    {
        (this.parts, this.crossings, this.penalty) = (parts, crossings, penalty);
        Lower = [.. parts.SelectMany(part => part.Lower)];
        Upper = [.. parts.SelectMany(part => part.Upper)];
    }

    public int Size => parts.Length * Each;
    public double[] Lower { get; }
    public double[] Upper { get; }

    public double Cost(ReadOnlySpan<double> p, Span<double> gradient, Span<double> curvature)
    {
        gradient.Clear();
        curvature.Clear();
        bool wanted = !gradient.IsEmpty;
        double cost = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            var block = p.Slice(i * Each, Each);
            cost += parts[i].Cost(block, wanted ? blockGradient : [], wanted ? blockCurvature : []);
            if (wanted)
                Place(i, gradient, curvature);
        }
        for (int i = 0; i + 1 < parts.Length; i++)
            cost += CrossingCost(i, p, gradient, curvature);
        return cost;
    }

    double CrossingCost(int i, ReadOnlySpan<double> p, Span<double> gradient, Span<double> curvature)
    {
        var earlier = new SmileJet(p.Slice(i * Each, Each));
        var later = new SmileJet(p.Slice((i + 1) * Each, Each));
        double earlierRoot = parts[i].Root;
        double laterRoot = parts[i + 1].Root;
        double unit = Math.Sqrt(earlierRoot * laterRoot);
        double thetaRatio = earlierRoot * earlierRoot / (laterRoot * laterRoot) * (1 + Margin);
        Span<double> d = stackalloc double[2 * Each];
        double cost = 0;
        for (int j = 0; j < Grid.Length + crossings[i].Count; j++)
        {
            double k = j < Grid.Length ? Grid[j] * unit : crossings[i][j - Grid.Length];
            earlier.MoveTo(k / earlierRoot);
            later.MoveTo(k / laterRoot);
            double ratio = thetaRatio * earlier.Value / later.Value;
            if (ratio <= 1)
                continue;
            double miss = Math.Log(ratio) / ValueScale;
            cost += 0.5 * penalty * miss * miss;
            if (gradient.IsEmpty)
                continue;
            earlier.ValueDerivatives(d[..Each], 1 / (earlier.Value * ValueScale));
            later.ValueDerivatives(d[Each..], -1 / (later.Value * ValueScale));
            Add(i, d, miss, gradient, curvature);
        }
        double rootRatio = earlierRoot / laterRoot * (1 + Margin);
        for (int side = 1; side <= 2; side++)
        {
            double ratio = rootRatio * p[i * Each + side] / p[(i + 1) * Each + side];
            if (ratio <= 1)
                continue;
            double miss = Math.Log(ratio) / WingScale;
            cost += 0.5 * penalty * miss * miss;
            if (gradient.IsEmpty)
                continue;
            d.Clear();
            d[side] = 1 / (p[i * Each + side] * WingScale);
            d[Each + side] = -1 / (p[(i + 1) * Each + side] * WingScale);
            Add(i, d, miss, gradient, curvature);
        }
        return cost;
    }

    void Place(int i, Span<double> gradient, Span<double> curvature)
    {
        int start = i * Each;
        for (int row = 0; row < Each; row++)
        {
            gradient[start + row] += blockGradient[row];
            for (int column = row; column < Each; column++)
                curvature[(start + row) * Size + start + column] += blockCurvature[row * Each + column];
        }
    }

    void Add(int i, ReadOnlySpan<double> d, double miss, Span<double> gradient, Span<double> curvature)
    {
        int start = i * Each;
        for (int row = 0; row < d.Length; row++)
        {
            gradient[start + row] += penalty * miss * d[row];
            double scaled = penalty * d[row];
            for (int column = row; column < d.Length; column++)
                curvature[(start + row) * Size + start + column] += scaled * d[column];
        }
    }
}
