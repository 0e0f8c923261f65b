using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

public sealed class ImpliedVolatilityTests
{
    [Fact]
    public void Volatility_meets_every_row_of_the_golden_file_and_every_refusal_has_its_name()
    {
        var rows = Golden.Cases("pricing/implied-volatility.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var misses = new List<string>();
        double worst = 0;
        foreach (var row in rows)
        {
            double Input(string key) => Golden.Number(row["inputs"]![key]);
            var right = row["inputs"]!["is_call"]!.GetValue<bool>() ? OptionRight.Call : OptionRight.Put;
            var (status, vol) = ImpliedVolatility.Solve(
                Input("price_usd"),
                Input("forward_usd"),
                Input("strike_usd"),
                Input("t_years"),
                right
            );
            if (row["expected"]!["error"] is { } error)
            {
                if (NameOf(status) != error.GetValue<string>() || vol != 0)
                    misses.Add($"{row["name"]}: {status}, expected {error}");
                continue;
            }
            double expected = Golden.Number(row["expected"]!["vol_annual"]);
            double tolerance = Golden.Number(row["tolerance"]!["vol_annual"]);
            double off = Math.Abs(vol - expected);
            worst = Math.Max(worst, off / tolerance);
            if (status != ImpliedVolatilityStatus.Solved || !(off <= tolerance))
                misses.Add(
                    $"{row["name"]}: {status} {vol:R}, expected {expected:R}, {off / tolerance:F2} of {tolerance}"
                );
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"worst {worst:F3} of tolerance");
        Assert.True(misses.Count == 0, string.Join('\n', misses));
    }

    [Fact]
    public void Every_width_gives_the_same_bits_in_few_evaluations_over_the_whole_domain()
    {
        var of = new Sample(20_011);
        var (scalar, scalarStatus, most) = of.Solve(VectorWidth.Scalar);
        foreach (var width in new[] { VectorWidth.Bits256, VectorWidth.Bits512 })
        {
            var (vol, status, _) = of.Solve(width);
            Assert.Equal(scalar, vol);
            Assert.Equal(scalarStatus, status);
        }
        // Nothing stops the search but success; 12 evaluations say that it never has to halve its way in.
        Assert.InRange(most, 2, 12);
    }

    [Fact]
    public void Price_to_volatility_to_price_returns_the_price()
    {
        var of = new Sample(20_011);
        var (vol, status, _) = of.Solve(VectorWidths.Widest);
        for (int i = 0; i < vol.Length; i++)
        {
            if (status[i] != ImpliedVolatilityStatus.Solved)
                continue;
            var right = of.Sign[i] > 0 ? OptionRight.Call : OptionRight.Put;
            double back = Black76.PriceUsd(of.Forward[i], of.Strike[i], of.T[i], vol[i], right);
            // The tail condition: d ln(price)/d ln(s) grows as the square of the distance in deviations.
            double distance = Math.Log(of.Forward[i] / of.Strike[i]) / (vol[i] * Math.Sqrt(of.T[i]));
            double scale = 4e-15 * (1 + distance * distance);
            double intrinsic = Math.Max(0, of.Sign[i] * (of.Forward[i] - of.Strike[i]));
            double bound = scale * (of.Price[i] - intrinsic) + 4e-16 * of.Price[i] + 1e-320;
            Assert.True(
                Math.Abs(back - of.Price[i]) <= bound,
                FormattableString.Invariant(
                    $"{of.Price[i]:R} {back:R} F {of.Forward[i]:R} K {of.Strike[i]:R} T {of.T[i]:R}"
                )
            );
        }
    }

    [Fact]
    public void Out_of_the_money_price_gives_back_its_volatility_to_1e_12()
    {
        var of = new Sample(20_011);
        var (vol, status, _) = of.Solve(VectorWidths.Widest);
        int determined = 0;
        for (int i = 0; i < vol.Length; i++)
        {
            bool isOtm = of.Sign[i] * (of.Forward[i] - of.Strike[i]) <= 0;
            if (!isOtm || of.Price[i] < 1e-300 || of.Price[i] > 0.9 * Math.Min(of.Forward[i], of.Strike[i]))
                continue;
            determined++;
            Assert.Equal(ImpliedVolatilityStatus.Solved, status[i]);
            Assert.Equal(1, vol[i] / of.Vol[i], 1e-12);
        }
        Assert.InRange(determined, 4_000, 20_000);
    }

    [Fact]
    public void The_solver_allocates_nothing()
    {
        var of = new Sample(1_000);
        double[] vol = new double[1_000];
        var status = new ImpliedVolatilityStatus[1_000];
        Assert.Equal(0, Allocation.Of(() => ImpliedVolatility.Solve(of.Inputs, vol, status)));
    }

    static string NameOf(ImpliedVolatilityStatus status) =>
        string.Concat(
            status
                .ToString()
                .Select(
                    (c, i) =>
                        char.IsUpper(c) && i > 0
                            ? "_" + char.ToLower(c, CultureInfo.InvariantCulture)
                            : $"{char.ToLower(c, CultureInfo.InvariantCulture)}"
                )
        );

    /// <summary>Prices over volatility 1e-4 to 10, one minute to 5 years, strikes out to e^±20, both rights.</summary>
    sealed class Sample
    {
        public double[] Forward { get; }
        public double[] Strike { get; }
        public double[] T { get; }
        public double[] Vol { get; }
        public double[] Sign { get; }
        public double[] Price { get; }

        public Sample(int count)
        {
            (Forward, Strike, T) = (new double[count], new double[count], new double[count]);
            (Vol, Sign, Price) = (new double[count], new double[count], new double[count]);
            var random = new SeededRandom(20, 26);
            for (int i = 0; i < count; i++)
            {
                Forward[i] = Math.Exp(12 * random.NextDouble());
                T[i] = Math.Exp(Math.Log(1.9e-6) + random.NextDouble() * Math.Log(5 / 1.9e-6));
                Vol[i] = Math.Exp(Math.Log(1e-4) + random.NextDouble() * Math.Log(1e5));
                double deviation = Vol[i] * Math.Sqrt(T[i]);
                double x = Math.Clamp(deviation * 8 * random.NextNormal(), -20, 20);
                Strike[i] = Forward[i] * Math.Exp(i % 10 == 0 ? 0 : x);
                Sign[i] = random.NextInt(2) == 0 ? 1 : -1;
                var right = Sign[i] > 0 ? OptionRight.Call : OptionRight.Put;
                Price[i] = Black76.PriceUsd(Forward[i], Strike[i], T[i], Vol[i], right);
            }
        }

        public ImpliedVolatilityInputs Inputs =>
            new()
            {
                PriceUsd = Price,
                ForwardUsd = Forward,
                StrikeUsd = Strike,
                TYears = T,
                Sign = Sign,
            };

        public (double[] Vol, ImpliedVolatilityStatus[] Status, int Most) Solve(VectorWidth width)
        {
            double[] vol = new double[Price.Length];
            var status = new ImpliedVolatilityStatus[Price.Length];
            return (vol, status, ImpliedVolatility.Solve(Inputs, vol, status, width));
        }
    }
}
