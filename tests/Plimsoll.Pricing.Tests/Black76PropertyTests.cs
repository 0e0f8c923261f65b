using CsCheck;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing.Tests;

public sealed class Black76PropertyTests
{
    static readonly Gen<(double F, double K, double T, double Vol)> AnyOption =
        from f in Gen.Double[1, 200_000]
        from x in Gen.Double[-3, 3]
        from t in Gen.Double[2e-6, 5]
        from vol in Gen.Double[0.01, 5]
        select (f, f * Math.Exp(x * Math.Min(1, 8 * vol * Math.Sqrt(t))), t, vol);

    static double Call(double f, double k, double t, double vol) => Black76.PriceUsd(f, k, t, vol, OptionRight.Call);

    static double Put(double f, double k, double t, double vol) => Black76.PriceUsd(f, k, t, vol, OptionRight.Put);

    [Fact]
    public void Call_less_put_is_forward_less_strike() =>
        AnyOption.Sample(o =>
            Assert.Equal(
                o.F - o.K,
                Call(o.F, o.K, o.T, o.Vol) - Put(o.F, o.K, o.T, o.Vol),
                4e-16 * Math.Max(o.F, o.K) * 4
            )
        );

    [Fact]
    public void Price_scales_with_forward_and_strike() =>
        AnyOption.Sample(o =>
        {
            // A power of two scales without rounding, so every bit must scale.
            Assert.Equal(8 * Call(o.F, o.K, o.T, o.Vol), Call(8 * o.F, 8 * o.K, o.T, o.Vol));
            double price = Put(o.F, o.K, o.T, o.Vol);
            Assert.Equal(3 * price, Put(3 * o.F, 3 * o.K, o.T, o.Vol), 1e-12 * price + 1e-300);
        });

    [Fact]
    public void Price_rises_with_volatility_and_delta_stays_between_its_bounds() =>
        AnyOption.Sample(o =>
        {
            var g = Black76.Evaluate(o.F, o.K, o.T, o.Vol, OptionRight.Call);
            Assert.True(g.VegaUsdPerVol >= 0);
            Assert.InRange(g.Delta, 0, 1);
            Assert.True(Call(o.F, o.K, o.T, o.Vol * 1.0001) >= g.PriceUsd);
            Assert.InRange(g.PriceUsd, Math.Max(0, o.F - o.K), o.F);
        });

    [Fact]
    public void Inverse_call_is_a_put_on_the_inverse_price() =>
        AnyOption.Sample(o =>
        {
            // A call on F struck at K, paid in coin, is K puts on 1/F struck at 1/K.
            double coin = Call(o.F, o.K, o.T, o.Vol) / o.F;
            double mirrored = o.K * Put(1 / o.F, 1 / o.K, o.T, o.Vol);
            Assert.Equal(coin, mirrored, 2e-13 * coin + 1e-15 * Math.Max(0, 1 - o.K / o.F) + 1e-300);
        });

    [Fact]
    public void Greeks_hold_their_identities() =>
        AnyOption.Sample(o =>
        {
            var g = Black76.Evaluate(o.F, o.K, o.T, o.Vol, OptionRight.Put);
            double gammaCash = o.F * o.F * g.GammaPerUsd;
            Assert.Equal(
                -0.5 * o.Vol * o.Vol * gammaCash,
                g.ThetaUsdPerYear,
                1e-13 * Math.Abs(g.ThetaUsdPerYear) + 1e-300
            );
            Assert.Equal(o.Vol * o.T * gammaCash, g.VegaUsdPerVol, 1e-13 * g.VegaUsdPerVol + 1e-300);
            var coin = Black76.InCoin(g, o.F);
            double net = Black76.NetTransactionDelta(g, o.F);
            Assert.Equal(net, o.F * coin.DeltaCoinPerUsd, 1e-14 * (1 + Math.Abs(net)));
        });

    [Fact]
    public void Spans_give_the_bits_of_single_options_at_every_width()
    {
        const int Count = 1_003;
        var random = new SeededRandom(9, 76);
        var (f, k, t, vol, sign) = (
            new double[Count],
            new double[Count],
            new double[Count],
            new double[Count],
            new double[Count]
        );
        for (int i = 0; i < Count; i++)
        {
            f[i] = Math.Exp(12 * random.NextDouble());
            vol[i] = i % 97 == 0 ? 0 : Math.Exp(3 * random.NextNormal() - 1);
            t[i] = i % 89 == 0 ? 0 : Math.Exp(3 * random.NextNormal() - 3);
            k[i] =
                i % 53 == 0
                    ? f[i]
                    : f[i] * Math.Exp(Math.Clamp(3 * vol[i] * Math.Sqrt(t[i]) * random.NextNormal(), -30, 30));
            sign[i] = i % 2 == 0 ? 1 : -1;
        }
        var of = new Black76Inputs
        {
            ForwardUsd = f,
            StrikeUsd = k,
            TYears = t,
            VolAnnual = vol,
            Sign = sign,
        };
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            double[][] all = [.. Enumerable.Range(0, 8).Select(_ => new double[Count])];
            Black76Kernel.Price(of, all[7], width);
            var into = new Black76Results
            {
                PriceUsd = all[0],
                Delta = all[1],
                GammaPerUsd = all[2],
                VegaUsdPerVol = all[3],
                ThetaUsdPerYear = all[4],
                VannaPerVol = all[5],
                VolgaUsdPerVol2 = all[6],
            };
            Black76Kernel.WithGreeks(of, into, width);
            Assert.Equal(all[7], all[0]);
            for (int i = 0; i < Count; i++)
            {
                var right = sign[i] > 0 ? OptionRight.Call : OptionRight.Put;
                var one = Black76.Evaluate(f[i], k[i], t[i], vol[i], right);
                var many = new OptionGreeks(
                    all[0][i],
                    all[1][i],
                    all[2][i],
                    all[3][i],
                    all[4][i],
                    all[5][i],
                    all[6][i]
                );
                Assert.Equal(one, many);
            }
        }
    }

    [Fact]
    public void Not_a_number_stays_in_its_own_lane()
    {
        foreach (var width in Enum.GetValues<VectorWidth>())
            for (int field = 0; field < 4; field++)
            {
                double[][] fields = [.. Enumerable.Range(0, 4).Select(_ => new double[9])];
                for (int i = 0; i < 9; i++)
                    (fields[0][i], fields[1][i], fields[2][i], fields[3][i]) = (100, 90 + i, 0.5, 0.6);
                fields[field][4] = double.NaN;
                double[] sign = [1, 1, 1, 1, 1, 1, 1, 1, 1];
                double[] price = new double[9];
                Black76Kernel.Price(
                    new Black76Inputs
                    {
                        ForwardUsd = fields[0],
                        StrikeUsd = fields[1],
                        TYears = fields[2],
                        VolAnnual = fields[3],
                        Sign = sign,
                    },
                    price,
                    width
                );
                Assert.Equal([4], Enumerable.Range(0, 9).Where(i => double.IsNaN(price[i])));
            }
    }

    [Fact]
    public void The_kernels_allocate_nothing()
    {
        double[] f = new double[333];
        Array.Fill(f, 100.0);
        double[][] outputs = [.. Enumerable.Range(0, 7).Select(_ => new double[333])];
        Assert.Equal(0, Allocation.Of(Run));

        void Run()
        {
            var of = new Black76Inputs
            {
                ForwardUsd = f,
                StrikeUsd = f,
                TYears = f,
                VolAnnual = f,
                Sign = f,
            };
            Black76Kernel.Price(of, outputs[0]);
            Black76Kernel.WithGreeks(
                of,
                new Black76Results
                {
                    PriceUsd = outputs[0],
                    Delta = outputs[1],
                    GammaPerUsd = outputs[2],
                    VegaUsdPerVol = outputs[3],
                    ThetaUsdPerYear = outputs[4],
                    VannaPerVol = outputs[5],
                    VolgaUsdPerVol2 = outputs[6],
                }
            );
        }
    }
}
