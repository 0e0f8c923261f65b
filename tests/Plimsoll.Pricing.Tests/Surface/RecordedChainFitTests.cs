using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>The fit on recorded Deribit chains, whole and damaged.</summary>
public sealed class RecordedChainFitTests
{
    const string Calm = "20260111T091434Z";
    const string Crash = "20260206T043012Z";

    [Theory]
    [InlineData("20251231T091828Z")]
    [InlineData(Calm)]
    [InlineData("20260205T212937Z")]
    [InlineData(Crash)]
    [InlineData("20260424T104201Z")]
    [InlineData("20260528T070044Z")]
    public void Surface_has_no_arbitrage_and_meets_the_quotes_of_a_recorded_chain(string time)
    {
        foreach (string underlying in new[] { "BTC", "ETH" })
            Check(Read(time), underlying);
    }

    [Fact]
    [Trait("suite", "all")]
    public void Surface_has_no_arbitrage_and_meets_the_quotes_of_every_recorded_chain()
    {
        string? folder = Repository.Shared("market/chains");
        Assert.SkipUnless(folder is not null, Golden.Absent);
        string[] files = Directory.GetFiles(folder!, "*.csv.gz");
        Assert.Equal(194, files.Length);
        foreach (string file in files)
        foreach (string underlying in new[] { "BTC", "ETH" })
            Check(RecordedChainFile.Read(file).Value, underlying);
    }

    [Theory]
    [InlineData(Calm)]
    [InlineData("20260424T104201Z")]
    public void One_option_mispriced_by_half_does_not_move_the_surface(string time)
    {
        var snapshot = Read(time);
        var whole = SurfaceFit.Fit(snapshot, "BTC").Surface!;
        var liquid = Liquid(snapshot, "BTC");
        for (int i = 0; i < liquid.Count; i += liquid.Count / 12)
            foreach (decimal factor in new[] { 0.5m, 1.5m })
            {
                var moved = SurfaceFit.Fit(With(snapshot, Scaled(liquid[i], factor)), "BTC").Surface!;
                Assert.True(moved.Fit.MinimumDensity >= 0 && moved.Fit.MinimumCalendarStep >= 0);
                foreach (var slice in whole.Slices)
                {
                    double reach = Math.Sqrt(slice.AtTheMoneyVariance);
                    foreach (double y in new[] { -1.0, -0.5, 0, 0.5, 1 })
                    {
                        double before = slice.VolatilityAnnual(y * reach);
                        double after = moved.Find(slice.Expiry)!.VolatilityAnnual(y * reach);
                        Assert.True(
                            Math.Abs(after - before) < 0.01,
                            $"{liquid[i].Instrument.Name} x {factor}: {slice.Expiry:yyyy-MM-dd} at {y}: {before} -> {after}"
                        );
                    }
                }
            }
    }

    [Fact]
    public void Interpolated_smiles_between_expiries_have_no_negative_density()
    {
        var surface = SurfaceFit.Fit(Read(Calm), "BTC").Surface!;
        for (int i = 1; i < surface.Slices.Length; i++)
        {
            var (a, b) = (surface.Slices[i - 1], surface.Slices[i]);
            double reach = Math.Sqrt(b.AtTheMoneyVariance);
            foreach (double share in new[] { 0.2, 0.5, 0.8 })
                for (double y = -6; y <= 6; y += 0.1)
                {
                    double k = y * reach;
                    double w = (1 - share) * a.TotalVariance(k) + share * b.TotalVariance(k);
                    double slope = (1 - share) * a.Slope(k) + share * b.Slope(k);
                    double curvature = (1 - share) * a.Curvature(k) + share * b.Curvature(k);
                    double first = 1 - k * slope / (2 * w);
                    double g = first * first - slope * slope / 4 * (1 / w + 0.25) + curvature / 2;
                    Assert.True(g >= 0, $"{a.Expiry:yyyy-MM-dd} to {b.Expiry:yyyy-MM-dd} at {y}: {g}");
                }
        }
    }

    [Fact]
    public void Missing_forward_is_implied_by_parity_near_the_venues_own_and_noted()
    {
        var snapshot = Read(Calm);
        var market = snapshot.Find("BTC")!;
        var expiries = market.Forwards.Where(forward => snapshot.Quotes.Any(q => IsOptionOf(q, forward.Expiry)));
        foreach (var forward in expiries)
        {
            var quotes = snapshot.Quotes.Where(quote => quote.Instrument.Underlying == "BTC");
            double implied = ParityForward.Implied(quotes, forward.Expiry)!.Value;
            Assert.Equal(1, implied / forward.PriceUsd, 2e-3);
        }
        var missing = market.Forwards[3].Expiry;
        var bare = market with { Forwards = [.. market.Forwards.Where(forward => forward.Expiry != missing)] };
        var result = SurfaceFit.Fit(snapshot with { Underlyings = [bare] }, "BTC");
        Assert.Contains(result.Notes, note => note.Kind == "forward-by-parity");
        Assert.NotNull(result.Surface!.Find(missing));
    }

    [Fact]
    public void Same_input_gives_the_same_surface()
    {
        var snapshot = Read(Calm);
        var first = SurfaceFit.Fit(snapshot, "BTC").Surface!;
        var second = SurfaceFit.Fit(snapshot, "BTC").Surface!;
        Assert.Equal(first.Slices.AsEnumerable(), second.Slices);
        Assert.Equal(first.Fit, second.Fit);
    }

    [Fact]
    public void Thin_and_broken_chains_give_a_surface_without_arbitrage_or_a_reason_and_never_throw()
    {
        var snapshot = Read(Crash);
        var options = snapshot.Quotes.Where(quote => quote.Instrument is OptionInstrument).ToList();
        var random = new SeededRandom(5, 0);
        for (int trial = 0; trial < 60; trial++)
        {
            double keep = Math.Pow(10, -3 * random.NextDouble());
            double noise = trial % 3 == 0 ? 0 : random.NextDouble();
            var quotes = options
                .Where(_ => random.NextDouble() < keep)
                .Select(quote => Damaged(quote, noise, random))
                .ToImmutableArray();
            var result = SurfaceFit.Fit(snapshot with { Quotes = quotes }, "BTC");
            if (result.Surface is not { } surface)
            {
                Assert.False(string.IsNullOrEmpty(result.Reason));
                continue;
            }
            Assert.NotEmpty(surface.Slices);
            Assert.True(surface.Fit.MinimumDensity >= 0, $"trial {trial}: {surface.Fit}");
            Assert.True(surface.Fit.MinimumCalendarStep is not < 0, $"trial {trial}: {surface.Fit}");
        }
    }

    [Fact]
    public void Last_minutes_of_an_expiry_give_a_surface_without_arbitrage_and_never_throw()
    {
        var snapshot = Read(Crash);
        var expiries = snapshot.Find("BTC")!.Forwards.Select(forward => forward.Expiry).Order().ToArray();
        foreach (var expiry in new[] { expiries[0], expiries[1], expiries[3], expiries[^1] })
        foreach (double seconds in new[] { -1, 0, 0.001, 1, 60, 3600, 40_000 })
        {
            var result = SurfaceFit.Fit(snapshot with { AsOf = expiry.AddSeconds(-seconds) }, "BTC");
            if (result.Surface is not { } surface)
            {
                Assert.False(string.IsNullOrEmpty(result.Reason));
                continue;
            }
            Assert.True(surface.Fit.MinimumDensity >= 0, $"{expiry}, {seconds} s: {surface.Fit}");
            Assert.True(surface.Fit.MinimumCalendarStep is not < 0, $"{expiry}, {seconds} s: {surface.Fit}");
        }
    }

    [Fact]
    public void A_coin_without_market_or_quotes_gives_the_reason()
    {
        var snapshot = Read(Calm);
        Assert.Contains("no market", SurfaceFit.Fit(snapshot, "DOGE").Reason, StringComparison.Ordinal);
        var result = SurfaceFit.Fit(snapshot with { Quotes = [] }, "BTC");
        Assert.Null(result.Surface);
        Assert.Contains("no expiry", result.Reason, StringComparison.Ordinal);
    }

    static void Check(MarketSnapshot snapshot, string underlying)
    {
        var result = SurfaceFit.Fit(snapshot, underlying);
        Assert.NotNull(result.Surface);
        var fit = result.Surface.Fit;
        string what = string.Create(CultureInfo.InvariantCulture, $"{snapshot.Source} {underlying}: {fit}");
        Assert.True(fit.MinimumDensity >= 0, what);
        Assert.True(fit.MinimumCalendarStep >= 0, what);
        Assert.True(fit.LiquidQuotes > 100, what);
        Assert.True(fit.InsideShare >= 0.98, what);
        Assert.All(result.Surface.Slices, slice => Assert.True(Math.Max(slice.LeftWing, slice.RightWing) < 2, what));
    }

    static bool IsOptionOf(InstrumentQuote quote, DateTimeOffset expiry) =>
        quote.Instrument is OptionInstrument option && option.Underlying == "BTC" && option.Expiry == expiry;

    static List<InstrumentQuote> Liquid(MarketSnapshot snapshot, string underlying) =>
        [
            .. snapshot.Quotes.Where(quote =>
                quote.Instrument is OptionInstrument option
                && option.Underlying == underlying
                && quote.IsTwoSided
                && quote.Bid > 0.005m
                && quote.Bid < 0.1m
            ),
        ];

    static InstrumentQuote Scaled(InstrumentQuote quote, decimal factor) =>
        quote with
        {
            Bid = quote.Bid * factor,
            Ask = quote.Ask * factor,
            Mark = quote.Mark * factor,
        };

    static MarketSnapshot With(MarketSnapshot snapshot, InstrumentQuote quote) =>
        snapshot with
        {
            Quotes = [.. snapshot.Quotes.Select(own => own.Instrument.Name == quote.Instrument.Name ? quote : own)],
        };

    static InstrumentQuote Damaged(InstrumentQuote quote, double noise, SeededRandom random)
    {
        decimal factor = (decimal)Math.Exp(noise * random.NextNormal());
        double fate = random.NextDouble();
        return quote with
        {
            Bid = fate < 0.1 * noise ? null : quote.Bid * factor,
            Ask = fate > 1 - 0.1 * noise ? null : quote.Ask * factor,
        };
    }

    static MarketSnapshot Read(string time)
    {
        string? path = Repository.Shared($"market/chains/deribit-{time}.csv.gz");
        Assert.SkipUnless(path is not null, Golden.Absent);
        return RecordedChainFile.Read(path!).Value;
    }
}
