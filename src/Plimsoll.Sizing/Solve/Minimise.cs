namespace Plimsoll.Sizing;

/// <summary>Least value of a convex function of a positive number.</summary>
static class Minimise
{
    /// <summary>Brackets from a start by factors of two, then golden section in the logarithm.</summary>
    public static (double Value, double At) OnLogScale(Func<double, double> f, double start)
    {
        const double golden = 0.6180339887498949;
        double middle = Math.Log(start),
            step = Math.Log(2);
        double low = middle - step,
            high = middle + step;
        double At(double x) => f(Math.Exp(x));
        double fMiddle = At(middle),
            fLow = At(low),
            fHigh = At(high);
        for (int i = 0; i < 40 && fLow < fMiddle; i++)
            (high, middle, fMiddle, low, fLow) = (middle, low, fLow, low - step, At(low - step));
        for (int i = 0; i < 40 && fHigh < fMiddle; i++)
            (low, middle, fMiddle, high, fHigh) = (middle, high, fHigh, high + step, At(high + step));
        double a = high - golden * (high - low),
            b = low + golden * (high - low);
        double fA = At(a),
            fB = At(b);
        while (high - low > 1e-8)
            if (fA <= fB)
            {
                (high, b, fB) = (b, a, fA);
                a = high - golden * (high - low);
                fA = At(a);
            }
            else
            {
                (low, a, fA) = (a, b, fB);
                b = low + golden * (high - low);
                fB = At(b);
            }
        return fA < fB ? (fA, Math.Exp(a)) : (fB, Math.Exp(b));
    }
}
