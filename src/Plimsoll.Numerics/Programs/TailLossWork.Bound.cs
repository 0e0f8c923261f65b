namespace Plimsoll.Numerics;

/// <summary>Lower bounds of the optimum from laws of the tail.</summary>
sealed partial class TailLossWork
{
    /// <summary>
    /// With a law y of the tail, multipliers and a box: Σ_i min over the box of (residual_i·x_i − b_i·log x_i) bounds
    /// the optimum from below, whatever the multipliers.
    /// </summary>
    void LowerBound(QuadraticSolution solved)
    {
        double[] equal = [.. solved.EqualPrices.Select(price => unit * price)];
        double[] less = [.. solved.LessPrices.Select(price => unit * price)];
        LowerBound(DualLaw(), equal, less, solved.X);
    }

    void LowerBound(double[] dual, double[] equalPrices, double[] lessPrices, double[] at)
    {
        var domain = program.Domain;
        double lawLoss = 0;
        for (int s = 0; s < rows && program.Base.Length > 0; s++)
            lawLoss -= dual[s] * program.Base[s];
        ColumnProducts.TransposeMultiply(gains, dual, slope);
        var residual = new double[n];
        double value = lawLoss;
        for (int i = 0; i < n; i++)
            residual[i] = -slope[i] + domain.Linear[i];
        if (domain.Quadratic is { } own)
        {
            // ½xᵀPx ≥ aᵀPx − ½aᵀPa for any a.
            var image = new double[n];
            own.Multiply(at.AsSpan(0, n), image);
            for (int i = 0; i < n; i++)
                residual[i] += image[i];
            value -= 0.5 * ColumnProducts.Dot(image, at.AsSpan(0, n));
        }
        for (int r = 0; r < domain.EqualRows.Length; r++)
        {
            ColumnProducts.AddScaled(equalPrices[r], domain.EqualRows[r], residual);
            value -= equalPrices[r] * domain.EqualTo[r];
        }
        for (int r = 0; r < domain.LessRows.Length; r++)
        {
            double price = Math.Max(0, lessPrices[r]);
            ColumnProducts.AddScaled(price, domain.LessRows[r], residual);
            value -= price * domain.LessThan[r];
        }
        for (int i = 0; i < n; i++)
            value += Least(residual[i], domain, i);
        if (value > bound)
        {
            bound = value;
            (this.equalPrices, this.lessPrices, bestLaw) = (equalPrices, lessPrices, dual);
        }
    }

    static double Least(double coefficient, QuadraticProgram domain, int i)
    {
        double logarithm = domain.LogWeight.Length == 0 ? 0 : domain.LogWeight[i];
        if (logarithm > 0)
        {
            double at = coefficient > 0 ? Math.Min(logarithm / coefficient, domain.Upper[i]) : domain.Upper[i];
            return double.IsFinite(at) ? coefficient * at - logarithm * Math.Log(at) : double.NegativeInfinity;
        }
        // A free unknown leaves no bound unless its residual vanishes; rounding is not held against it.
        double end = coefficient > 0 ? domain.Lower[i] : domain.Upper[i];
        if (double.IsFinite(end))
            return coefficient * end;
        return Math.Abs(coefficient) < 1e-12 ? 0 : double.NegativeInfinity;
    }

    /// <summary>The slopes as a law: scaled or filled to sum 1 within its caps.</summary>
    double[] DualLaw()
    {
        double sum = 0;
        foreach (double share in law)
            sum += share;
        var dual = new double[rows];
        if (sum >= 1)
            for (int s = 0; s < rows; s++)
                dual[s] = law[s] / sum;
        else
        {
            double room = 0;
            for (int s = 0; s < rows; s++)
                room += weights[s] / tail - law[s];
            double fill = (1 - sum) / room;
            for (int s = 0; s < rows; s++)
                dual[s] = law[s] + fill * (weights[s] / tail - law[s]);
        }
        return dual;
    }
}
