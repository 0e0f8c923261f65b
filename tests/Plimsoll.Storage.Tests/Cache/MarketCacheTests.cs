using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Storage.Tests;

/// <summary>What is kept comes back to the bit, and what is unsound is made again.</summary>
public sealed class MarketCacheTests : IDisposable
{
    readonly string folder = Path.Combine(Path.GetTempPath(), $"plimsoll-cache-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    static SizingInput Input(IMarketStore? store) =>
        new()
        {
            Market = EmbeddedMarket.Snapshot(),
            Account = EmbeddedMarket.Account(),
            Mandate = EmbeddedMarket.Mandate() with { HomeCurrency = null },
            Scenarios = 1_000,
            Store = store,
        };

    static string Text(object value) =>
        JsonSerializer.Serialize(
            value,
            new JsonSerializerOptions
            {
                IncludeFields = true,
                NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            }
        );

    static string[] Files(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder) : [];

    [Fact]
    public void Answer_has_the_same_bits_without_a_store_with_an_empty_and_with_a_full_one()
    {
        string without = Text(Sizer.Decide(Input(null)) with { Risk = null });
        string empty = Text(Sizer.Decide(Input(new MarketCache(new CacheFolder(folder)))) with { Risk = null });
        Assert.Equal(3, Files(folder).Length);
        var made = Files(folder).ToDictionary(file => file, File.ReadAllBytes);
        string full = Text(Sizer.Decide(Input(new MarketCache(new CacheFolder(folder)))) with { Risk = null });
        Assert.Equal(without, empty);
        Assert.Equal(without, full);
        Assert.Equal(made.Keys.Order(), Files(folder).Order());
    }

    [Fact]
    public void Kept_surface_and_scenarios_are_found_and_not_made_again()
    {
        var market = EmbeddedMarket.Snapshot();
        var request = new ScenarioRequest(Years.FromDays(2), 1_000) { KeepsPath = true };
        var fit = SurfaceFit.Fit(market, "BTC");
        var surfaces = ImmutableSortedDictionary<string, VolatilitySurface>.Empty.Add("BTC", fit.Surface!);
        var drawn = HistoricalScenarios.Build(market, surfaces, [], request);
        var first = new MarketCache(new CacheFolder(folder));
        first.Surface(market, "BTC", () => fit);
        first.Scenarios(market, [], request, () => drawn);
        var again = new MarketCache(new CacheFolder(folder));
        var keptFit = again.Surface(market, "BTC", () => throw new InvalidOperationException("not kept"));
        var kept = again.Scenarios(market, [], request, () => throw new InvalidOperationException("not kept"));
        Assert.Equal(Text(fit), Text(keptFit));
        Assert.Equal(Text(drawn), Text(kept));
        Assert.Equal(drawn.Horizon, kept.Horizon);
        Assert.NotNull(kept.Path);
    }

    /// <summary>A member that comes to these types is to come to what is kept of them, and to its key.</summary>
    [Fact]
    public void Forms_and_sums_know_every_member()
    {
        static int Members(Type type) => type.GetProperties().Count(member => member.CanWrite);
        Assert.Equal(7, Members(typeof(ScenarioSet)));
        Assert.Equal(10, Members(typeof(UnderlyingScenarios)));
        Assert.Equal(2, Members(typeof(ScenarioPath)));
        Assert.Equal(7, Members(typeof(UnderlyingPath)));
        Assert.Equal(4, Members(typeof(VolatilitySurface)));
        Assert.Equal(8, Members(typeof(SviSlice)));
        Assert.Equal(7, Members(typeof(SurfaceFitReport)));
        Assert.Equal(3, Members(typeof(SurfaceFitResult)));
        // Threads decide no bit.
        Assert.Equal(7, Members(typeof(ScenarioRequest)));
        Assert.Equal(3, Members(typeof(PriceHistory)));
        Assert.Equal(6, Members(typeof(Bar)));
    }

    [Fact]
    public void A_coin_without_a_surface_keeps_its_reason()
    {
        var none = new SurfaceFitResult(null, [new Repair("X", "kind", "detail")], "no quotes");
        var market = EmbeddedMarket.Snapshot();
        new MarketCache(new CacheFolder(folder)).Surface(market, "X", () => none);
        var kept = new MarketCache(new CacheFolder(folder)).Surface(market, "X", () => throw new IOException());
        Assert.Equal(Text(none), Text(kept));
    }

    [Fact]
    public void Another_figure_seed_horizon_or_bar_is_another_key()
    {
        var market = EmbeddedMarket.Snapshot();
        var request = new ScenarioRequest(Years.FromDays(1), 1_000);
        var bar = new Bar(market.AsOf.AddHours(-8), 1, 2, 0.5, 1.5, 3);
        var history = new PriceHistory("BTC", TimeSpan.FromHours(4), [bar]);
        ScenarioRequest[] requests =
        [
            request,
            request with
            {
                Seed = 2,
            },
            request with
            {
                KeepsPath = true,
            },
            request with
            {
                Count = 1_001,
            },
            request with
            {
                Horizon = Years.FromDays(1.5),
            },
            request with
            {
                VolatilityMultiplier = 1.1,
            },
            request with
            {
                DeliveryTimes = [],
            },
            request with
            {
                DeliveryTimes = [market.AsOf.AddHours(3)],
            },
        ];
        PriceHistory[] histories =
        [
            history,
            history with
            {
                Bars = [bar with { Close = 1.6 }],
            },
            history with
            {
                Bars = [bar with { OpenTime = bar.OpenTime.AddHours(-4) }],
            },
            history with
            {
                Underlying = "ETH",
            },
        ];
        string[] sums =
        [
            .. requests.Select(each => Convert.ToHexString(MarketDigest.Of([], each))),
            .. histories.Select(each => Convert.ToHexString(MarketDigest.Of([each], request))),
        ];
        Assert.Equal(sums.Length, sums.Distinct().Count());
    }

    /// <summary>Each figure of a quote and of the market moves the sum; what does not is listed by name.</summary>
    [Fact]
    public void Every_figure_that_a_fit_can_see_moves_the_sum_of_the_market()
    {
        var market = EmbeddedMarket.Snapshot();
        string plain = Convert.ToHexString(MarketDigest.Of(market));
        int at = market.Quotes.IndexOf(
            market.Quotes.First(quote => quote is { Instrument: OptionInstrument, IsTwoSided: true })
        );
        foreach (var member in typeof(InstrumentQuote).GetProperties().Where(member => member.CanWrite))
        {
            if (member.PropertyType == typeof(Instrument))
                continue;
            var quote = market.Quotes[at] with { };
            object value = member.PropertyType == typeof(decimal?) ? 123.25m : 123.25;
            member.SetValue(quote, value);
            var moved = market with { Quotes = market.Quotes.SetItem(at, quote) };
            Assert.True(plain != Convert.ToHexString(MarketDigest.Of(moved)), member.Name);
        }
        // Terms of trading: they price no option and move no coin.
        string[] passedOver =
        [
            "LotContracts",
            "MinimumOrderContracts",
            "Ticks",
            "Fees",
            "OrderAmountPerContract",
            "OrderAmountUnit",
            "SettlesAt",
        ];
        var option = (OptionInstrument)market.Quotes[at].Instrument;
        OptionInstrument[] others =
        [
            option with
            {
                Name = "other",
            },
            option with
            {
                Venue = "other",
            },
            option with
            {
                Underlying = "OTHER",
            },
            option with
            {
                Shape = option.Shape == PayoffShape.Linear ? PayoffShape.Inverse : PayoffShape.Linear,
            },
            option with
            {
                Settlement = new Currency("XYZ"),
            },
            option with
            {
                ContractSize = 7,
            },
            option with
            {
                StrikeUsd = option.StrikeUsd + 1,
            },
            option with
            {
                Right = option.Right == OptionRight.Call ? OptionRight.Put : OptionRight.Call,
            },
            option with
            {
                Expiry = option.Expiry.AddDays(1),
            },
        ];
        Assert.Equal(typeof(OptionInstrument).GetProperties().Length, others.Length + passedOver.Length);
        foreach (var other in others)
        {
            var quote = market.Quotes[at] with { Instrument = other };
            var moved = market with { Quotes = market.Quotes.SetItem(at, quote) };
            Assert.NotEqual(plain, Convert.ToHexString(MarketDigest.Of(moved)));
        }
        var coin = market.Underlyings[0];
        MarketSnapshot[] markets =
        [
            market with
            {
                AsOf = market.AsOf.AddSeconds(1),
            },
            market with
            {
                Underlyings = market.Underlyings.SetItem(0, coin with { IndexUsd = coin.IndexUsd + 1 }),
            },
            market with
            {
                Underlyings = market.Underlyings.SetItem(
                    0,
                    coin with
                    {
                        Forwards = coin.Forwards.SetItem(0, coin.Forwards[0] with { PriceUsd = 1 }),
                    }
                ),
            },
            market with
            {
                Quotes = market.Quotes.RemoveAt(0),
            },
        ];
        foreach (var other in markets)
            Assert.NotEqual(plain, Convert.ToHexString(MarketDigest.Of(other)));
    }
}
