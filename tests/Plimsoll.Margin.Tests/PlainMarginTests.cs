using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>A few hundred random portfolios of each rule.</summary>
public sealed class PlainMarginTests() : PlainMarginChecks(400);

/// <summary>Ten thousand of each.</summary>
[Trait("suite", "all")]
public sealed class TenThousandPlainMarginTests() : PlainMarginChecks(10_000);

/// <summary>The rules that charge positions one by one, and the SPAN-like scan, against their slow references.</summary>
/// <param name="portfolios">How many of each.</param>
public abstract class PlainMarginChecks(int portfolios)
{
    static readonly Currency Usdt = new("USDT");

    static PlainMargins Reference(string key) => new(VenueMargins.Find(key)!.Resource);

    static void Agree(double expected, double found, string what, double relative = 1e-9, double lost = 0) =>
        Assert.True(
            Math.Abs(expected - found) <= relative * (1 + Math.Abs(expected)) + lost,
            $"{what}: {expected} is {found}"
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Deribits_standard_margin(bool isCross)
    {
        var model = VenueMargins.Find("deribit-standard-margin")!.Shipped();
        var plain = Reference("deribit-standard-margin");
        for (int seed = 0; seed < portfolios / 2; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross, seed % 5 == 0 ? 60 : 1);
            foreach (var pool in model.Assess(book).Pools)
            {
                var (initial, maintenance) = plain.Deribit(book, isCross ? null : pool.Currency.Code);
                Agree(initial, pool.Initial, $"seed {seed} {pool.Name}");
                Agree(maintenance, pool.Maintenance, $"seed {seed} {pool.Name}");
            }
        }
    }

    [Fact]
    public void The_span_like_scan()
    {
        var model = VenueMargins.Find("span-like-margin")!.Shipped();
        var plain = Reference("span-like-margin");
        for (int seed = 0; seed < portfolios; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross: true, seed % 5 == 0 ? 60 : 1);
            var pool = Assert.Single(model.Assess(book).Pools);
            var (initial, maintenance) = plain.Span(book);
            // F·N(d1) − K·N(d2), as the reference has it, keeps 3e-16 of the forward for each coin.
            double lost = 3e-16 * book.Positions.Sum(p => Math.Abs(p.Contracts * PlainMargins.UsdOf(p, book.Market)));
            Agree(initial, pool.Initial, $"seed {seed}", 1e-9, lost);
            Agree(maintenance, pool.Maintenance, $"seed {seed}", 1e-9, lost);
        }
    }

    /// <summary>Contracts in tethers of one kind, within the brackets that are known.</summary>
    static MarginPortfolio InTethers(int seed, bool options, double mostUsd, params string[] coins)
    {
        var random = new Random(seed);
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        var positions = new List<MarginPosition>();
        foreach (string coin in coins)
            for (int i = 0; i < 4; i++)
            {
                double price =
                    coin == "BTC" ? 20_000 + 80_000 * random.NextDouble() : 1_000 + 4_000 * random.NextDouble();
                double usd = mostUsd * Math.Pow(10, -5 * random.NextDouble()) * (random.Next(2) == 0 ? 1 : -1);
                Instrument instrument =
                    options
                        ? Samples.Option(
                            coin,
                            Math.Round(price * (0.4 + 1.4 * random.NextDouble())),
                            random.Next(2) == 0 ? OptionRight.Call : OptionRight.Put,
                            PayoffShape.Linear,
                            0.1m
                        )
                    : i == 0 ? Samples.Perpetual(coin, PayoffShape.Linear, 0.001m)
                    : Future(coin, i == 1 ? Middle : Far, PayoffShape.Linear, 0.001m);
                instrument = instrument with { Settlement = Usdt };
                if (quotes.ContainsKey(instrument.Name))
                    continue;
                quotes[instrument.Name] = new MarginQuote(
                    price,
                    options ? price * 0.3 * random.NextDouble() : price,
                    0.6
                );
                positions.Add(
                    new MarginPosition(instrument, usd / price / (double)instrument.ContractSize)
                    {
                        Leverage = random.Next(2) == 0 ? null : random.Next(1, 60),
                    }
                );
            }
        return new MarginPortfolio
        {
            Name = "main",
            IsCross = true,
            Positions = [.. positions],
            Balances = [new CollateralBalance(Usdt, 1e9)],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = ImmutableDictionary<string, double>
                    .Empty.Add("USDT", 1)
                    .Add("BTC", 60_000)
                    .Add("ETH", 2_000),
                Quotes = quotes.ToImmutable(),
            },
        };
    }

    static PoolStatement Single(IVenueMargin model, MarginPortfolio book)
    {
        var statement = model.Assess(book);
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        return Assert.Single(statement.Pools);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Binances_brackets_and_options(bool options)
    {
        var model = VenueMargins.Find("binance-margin")!.Shipped();
        var plain = Reference("binance-margin");
        for (int seed = 0; seed < portfolios; seed++)
        {
            var book = InTethers(seed, options, 1e8, "BTC", "ETH");
            var pool = Single(model, book);
            var (initial, maintenance) = plain.Binance(book);
            Agree(initial, pool.Initial, $"seed {seed}");
            Agree(maintenance, pool.Maintenance, $"seed {seed}");
        }
    }

    [Fact]
    public void Binances_portfolio_margin()
    {
        var model = VenueMargins.Find("binance-portfolio-margin")!.Shipped();
        var plain = Reference("binance-portfolio-margin");
        for (int seed = 0; seed < portfolios; seed++)
        {
            var book = InTethers(seed, options: false, 1e8, "BTC", "ETH");
            var pool = Single(model, book);
            var (initial, maintenance) = plain.Unified(book);
            Agree(initial, pool.Initial, $"seed {seed}");
            Agree(maintenance, pool.Maintenance, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bybits_tiers_and_options(bool options)
    {
        var model = VenueMargins.Find("bybit-unified-margin")!.Shipped();
        var plain = Reference("bybit-unified-margin");
        for (int seed = 0; seed < portfolios; seed++)
        {
            var book = InTethers(seed, options, 2.5e6, "BTC");
            book = options
                ? book
                : book with
                {
                    Positions = [.. book.Positions.Where(p => p.Instrument is PerpetualInstrument)],
                };
            var pool = Single(model, book);
            var (initial, maintenance) = plain.Bybit(book);
            Agree(initial, pool.Initial, $"seed {seed}");
            Agree(maintenance, pool.Maintenance, $"seed {seed}");
        }
    }
}
