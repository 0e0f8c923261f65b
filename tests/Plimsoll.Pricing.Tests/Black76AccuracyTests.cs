using System.Numerics;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing.Tests;

/// <summary>The kernel against fixed-point arithmetic over the whole domain.</summary>
public sealed class Black76AccuracyTests
{
    static (double F, double K, double T, double Vol) Draw(SeededRandom random, int index)
    {
        double t = Math.Exp(Math.Log(1.0 / 525_600) + random.NextDouble() * Math.Log(5 * 525_600.0));
        double vol = Math.Exp(Math.Log(1e-4) + random.NextDouble() * Math.Log(1e5));
        double forward = Math.Exp(12 * random.NextDouble());
        // A third near the money in deviations, a third at any moneyness, a third between.
        double x = (index % 3) switch
        {
            0 => vol * Math.Sqrt(t) * 3 * random.NextNormal(),
            1 => 40 * random.NextDouble() - 20,
            _ => 0.5 * random.NextNormal(),
        };
        return (forward, forward * Math.Exp(Math.Clamp(x, -20, 20)), t, vol);
    }

    [Fact]
    public void Price_is_within_1e_13_of_the_forward_over_the_whole_domain() => CheckPrices(900, seed: 1);

    [Fact]
    [Trait("suite", "all")]
    public void Price_is_within_1e_13_of_the_forward_over_a_dense_sample() => CheckPrices(30_000, seed: 2);

    static void CheckPrices(int count, ulong seed)
    {
        var random = new SeededRandom(seed, 76);
        double worst = 0;
        for (int i = 0; i < count; i++)
        {
            var (f, k, t, vol) = Draw(random, i);
            bool isCall = i % 2 == 0;
            var right = isCall ? OptionRight.Call : OptionRight.Put;
            double actual = Black76.PriceUsd(f, k, t, vol, right);
            var exact = ExtendedBlack76.Price(Exact(f), Exact(k), Exact(t), Exact(vol), isCall);
            double off = Math.Abs(ExtendedBlack76.Round(Exact(actual) - exact));
            // Where a price is more than the forward (a put deep in the money) a double has fewer digits of the
            // forward.
            double scale = Math.Max(f, actual);
            worst = Math.Max(worst, off / scale);
            Assert.True(
                off <= 1e-13 * scale,
                FormattableString.Invariant($"F {f:R} K {k:R} T {t:R} vol {vol:R}: {off:E2}")
            );
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            FormattableString.Invariant($"worst {worst:E2} of the forward")
        );
        // What is really reached: a few roundings.
        Assert.InRange(worst, 0, 1e-15);
    }

    [Fact]
    public void Greeks_are_the_differences_of_the_exact_price()
    {
        var random = new SeededRandom(3, 76);
        for (int i = 0; i < 60; i++)
        {
            var (f, k, t, vol) = Draw(random, 3 * i);
            bool isCall = i % 2 == 0;
            var g = Black76.Evaluate(f, k, t, vol, isCall ? OptionRight.Call : OptionRight.Put);
            var (bigF, bigK, bigT, bigVol) = (Exact(f), Exact(k), Exact(t), Exact(vol));
            BigInteger Price(BigInteger forward, BigInteger years, BigInteger volatility) =>
                ExtendedBlack76.Price(forward, bigK, years, volatility, isCall);

            // Scales: what each figure is at the money, so that crossing zero costs nothing.
            double s = vol * Math.Sqrt(t);
            Check("delta", g.Delta, Slope(x => Price(x, bigT, bigVol), bigF), 1);
            Check("gamma", g.GammaPerUsd, Curve(x => Price(x, bigT, bigVol), bigF), 1 / (f * s));
            Check("vega", g.VegaUsdPerVol, Slope(x => Price(bigF, bigT, x), bigVol), f * Math.Sqrt(t));
            Check("theta", g.ThetaUsdPerYear, -Slope(x => Price(bigF, x, bigVol), bigT), f * vol / Math.Sqrt(t));
            Check("volga", g.VolgaUsdPerVol2, Curve(x => Price(bigF, bigT, x), bigVol), f * Math.Sqrt(t) / vol);
            var vanna = Slope(x => Slope(y => Price(y, bigT, x), bigF), bigVol);
            Check("vanna", g.VannaPerVol, vanna, 1 / vol);

            void Check(string name, double actual, BigInteger exact, double scale) =>
                Assert.True(
                    Math.Abs(actual - ExtendedBlack76.Round(exact)) <= 1e-12 * scale,
                    FormattableString.Invariant(
                        $"{name} {actual:R}, exact {ExtendedBlack76.Round(exact):R}: F {f:R} K {k:R} T {t:R} vol {vol:R}"
                    )
                );
        }
    }

    static BigInteger Exact(double value) => ExtendedBlack76.Exact(value);

    static BigInteger Slope(Func<BigInteger, BigInteger> of, BigInteger at) => ExtendedBlack76.Slope(of, at);

    static BigInteger Curve(Func<BigInteger, BigInteger> of, BigInteger at) => ExtendedBlack76.Curve(of, at);
}
