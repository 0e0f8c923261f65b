using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Standard error of the growth of a book by resampling its scenarios with replacement.</summary>
static class GrowthError
{
    const int Resamples = 200;

    public static double Of(double[] wealth, double[] weights, ulong seed)
    {
        int count = wealth.Length;
        var term = new double[count];
        double total = 0;
        for (int s = 0; s < count; s++)
        {
            if (weights[s] > 0 && !(wealth[s] > 0))
                return double.PositiveInfinity;
            term[s] = weights[s] > 0 ? weights[s] * Math.Log(wealth[s]) : 0;
            total += term[s];
        }
        if (term.All(value => value == 0))
            return 0;
        var random = new SeededRandom(seed, 0xB007);
        double square = 0;
        for (int r = 0; r < Resamples; r++)
        {
            double sum = 0,
                mass = 0;
            for (int s = 0; s < count; s++)
            {
                int drawn = random.NextInt(count);
                sum += term[drawn];
                mass += weights[drawn];
            }
            double away = sum / mass - total;
            square += away * away;
        }
        return Math.Sqrt(square / Resamples);
    }
}
