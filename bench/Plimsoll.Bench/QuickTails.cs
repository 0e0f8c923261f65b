using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Tails;

namespace Plimsoll.Bench;

/// <summary>
/// The default tail forecaster on 18,000 bars of four hours: fit, training with its learning days, forecast; beside them
/// a plain fit of GARCH-t, with the library's functions and a simplex search, on the same days.
/// </summary>
static class QuickTails
{
    const int Bars = 18_000;
    const int Repeats = 3;

    public static void Run(TextWriter output)
    {
        output.WriteLine("| what | wall s | processor s |");
        output.WriteLine("| --- | --- | --- |");
        var history = History();
        int day = history.Target.Count;
        double[] returns = history.Before(day).ToArray();
        double plain = 0;
        Row(output, $"plain GARCH-t on {day:N0} days, simplex", 1, () => plain = PlainGarch.Fit(returns));
        var fit = (FittedGarch)TailModels.GarchStudent.Fit(history, day, null);
        string gap = FormattableString.Invariant(
            $"log-likelihood within {Math.Abs(fit.Fit.LogLikelihood - plain):0.000} of the plain one"
        );
        Row(output, $"GARCH-t ({gap})", 1, () => TailModels.GarchStudent.Fit(history, day, null));
        double[] barReturns = [.. Enumerable.Range(0, Bars).Select(i => returns[i % returns.Length])];
        Row(
            output,
            $"GARCH-t on {Bars:N0} returns",
            1,
            () => GarchEstimator.Fit(barReturns, TailModels.GarchStudent.Specification)
        );
        Row(
            output,
            $"default model fitted to {Bars:N0} bars: both members",
            1,
            () =>
            {
                var fresh = Fresh(history);
                TailModels.GarchStudent.Fit(fresh, day, null);
                return TailModels.Realised.Fit(fresh, day, null);
            }
        );
        TrainedTail? trained = null;
        Row(
            output,
            $"trained, weights and calibration learnt on {TrainedTail.LearningDays} days",
            1,
            () => trained = TrainedTail.Train(Fresh(history), day)
        );
        TailOutlook.Of(trained!, history);
        Row(output, "forecast of the next day, both levels", 1_000, () => TailOutlook.Of(trained!, history));
    }

    /// <summary>A coin of GARCH days, six bars each.</summary>
    static TailHistory History()
    {
        var random = new SeededRandom(3, 0);
        var bars = ImmutableArray.CreateBuilder<Bar>(Bars);
        var time = new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (price, variance, dayReturn) = (10_000.0, 9.0, 0.0);
        var law = SkewedStudentLaw.Symmetric(4);
        for (int i = 0; i < Bars; i++, time = time.AddHours(4))
        {
            double r = Math.Sqrt(variance / 6) * law.Quantile(1 - random.NextDouble());
            double close = price * Math.Exp(r / 100);
            double above = 1 + 0.004 * random.NextDouble();
            bars.Add(new(time, price, Math.Max(price, close) * above, Math.Min(price, close) / above, close, 100));
            (price, dayReturn) = (close, dayReturn + r);
            if (i % 6 == 5)
                (variance, dayReturn) = (0.3 + 0.08 * dayReturn * dayReturn + 0.88 * variance, 0);
        }
        var coin = CoinDays.Of(new PriceHistory("AAA", TimeSpan.FromHours(4), bars.MoveToImmutable()));
        return new TailHistory(coin, new MarketDays([coin]));
    }

    /// <summary>The same days as a market of its own, for which nothing has been reckoned yet.</summary>
    static TailHistory Fresh(TailHistory history) => history with { Market = new MarketDays(history.Market.Coins) };

    static void Row(TextWriter output, string what, int times, Func<object> work)
    {
        work();
        var (wall, processor) = LeastTimes.Of(Repeats, () => work(), times);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| {what} | {wall:0.#####} | {processor:0.#####} |")
        );
    }
}

/// <summary>GARCH(1,1) with Student innovations as a textbook would write it.</summary>
static class PlainGarch
{
    /// <summary>Log-likelihood at the best of a Nelder-Mead search.</summary>
    public static double Fit(double[] returns)
    {
        double best = double.NegativeInfinity;
        foreach (double persistence in (double[])[0.90, 0.97, 0.995])
            best = Math.Max(best, Search(returns, persistence));
        return best;
    }

    static double Search(double[] returns, double persistence)
    {
        // Coordinates: mean, ln ω, logits of persistence and share of α, ln(ν − 2.05).
        double variance = returns.Average(r => r * r);
        double[][] simplex = [.. Enumerable.Range(0, 6).Select(_ => new double[5])];
        double[] start = [0, Math.Log(variance * (1 - persistence)), Logit(persistence), Logit(0.1), Math.Log(2)];
        for (int i = 0; i < 6; i++)
        {
            start.CopyTo(simplex[i], 0);
            if (i > 0)
                simplex[i][i - 1] += 0.3;
        }
        double[] values = [.. simplex.Select(at => -LogLikelihood(returns, at))];
        for (int round = 0; round < 600; round++)
        {
            Array.Sort(values, simplex);
            double[] centre = [.. Enumerable.Range(0, 5).Select(k => simplex.Take(5).Average(at => at[k]))];
            double[] At(double step) => [.. centre.Select((c, k) => c + step * (c - simplex[5][k]))];
            double[] next = At(1);
            double value = -LogLikelihood(returns, next);
            double[] other = value < values[0] ? At(2) : At(value < values[5] ? 0.5 : -0.5);
            double second = value < values[4] && value >= values[0] ? double.MaxValue : -LogLikelihood(returns, other);
            (next, value) = second < value ? (other, second) : (next, value);
            if (value < values[5])
                (simplex[5], values[5]) = (next, value);
            else
                for (int i = 1; i < 6; i++)
                {
                    simplex[i] = [.. simplex[i].Select((x, k) => (x + simplex[0][k]) / 2)];
                    values[i] = -LogLikelihood(returns, simplex[i]);
                }
        }
        return -values.Min();
    }

    static double LogLikelihood(double[] returns, double[] at)
    {
        double persistence = 0.9999 / (1 + Math.Exp(-at[2]));
        double alpha = persistence / (1 + Math.Exp(-at[3]));
        var (omega, beta, nu) = (Math.Exp(at[1]), persistence - alpha, 2.05 + Math.Exp(Math.Min(at[4], 5)));
        double constant =
            SpecialFunctions.LogGamma((nu + 1) / 2)
            - SpecialFunctions.LogGamma(nu / 2)
            - 0.5 * Math.Log(Math.PI * (nu - 2));
        double mean = returns.Average();
        double h = returns.Average(r => (r - mean) * (r - mean));
        double sum = 0;
        foreach (double r in returns)
        {
            double e = r - at[0];
            sum += constant - 0.5 * Math.Log(h) - (nu + 1) / 2 * Math.Log(1 + e * e / (h * (nu - 2)));
            h = omega + alpha * e * e + beta * h;
        }
        return sum;
    }

    static double Logit(double p) => Math.Log(p / (1 - p));
}
