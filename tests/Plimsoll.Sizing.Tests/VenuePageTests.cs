using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>The table of docs/margin/venues-2026-02-05.md is what the venues' margins give on the recorded chain.</summary>
public sealed class VenuePageTests
{
    const string Renew =
        "PLIMSOLL_ACCEPT=1 dotnet test --project tests/Plimsoll.Sizing.Tests -c Release --filter-class '*VenuePageTests'";
    const double EquityUsd = 1_000_000;
    const double InitialShare = 0.6;
    const double Distance = 0.3;
    const double Lot = 0.1;

    static readonly string[] Models =
    [
        "deribit-standard-margin",
        "deribit-portfolio-margin",
        "derive-standard-margin",
        "derive-portfolio-margin",
        "derive-portfolio-margin-2",
        "hyperliquid-margin",
        "dydx-margin",
        "span-like-margin",
    ];

    /// <summary>Positions of one unit: coins of options, and of the perpetual at its mark.</summary>
    static readonly (string Name, (string Instrument, double Coins)[] Legs)[] Books =
    [
        ("short strangle", [("BTC-27MAR26-60000-P", -1), ("BTC-27MAR26-86000-C", -1)]),
        (
            "iron condor",
            [
                ("BTC-27MAR26-50000-P", 1),
                ("BTC-27MAR26-60000-P", -1),
                ("BTC-27MAR26-86000-C", -1),
                ("BTC-27MAR26-100000-C", 1),
            ]
        ),
        ("short call, hedged", [("BTC-27MAR26-80000-C", -1), ("BTC-PERPETUAL", 0.307)]),
        ("short perpetual", [("BTC-PERPETUAL", -1)]),
    ];

    [Fact]
    public void The_table_of_the_page_is_current()
    {
        string? path = SizingCases.Chains.FirstOrDefault(chain => chain.Contains("20260205T093647Z"));
        Assert.SkipUnless(path is not null, Golden.Absent);
        var chain = SizingCases.Chain(path!);
        var table = new StringBuilder();
        table.AppendLine("| book | margin | largest size, BTC | binds | initial margin | liquidation down | up |");
        table.AppendLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (name, legs) in Books)
        foreach (string key in Models)
            table.AppendLine($"| {name} | `{key}` | {Row(VenueMargins.Find(key)!.Shipped(), chain, legs)} |");
        string page = Path.Combine(Repository.Root, "docs", "margin", "venues-2026-02-05.md");
        string text = File.ReadAllText(page);
        int from = text.IndexOf("| book |", StringComparison.Ordinal),
            to = text.IndexOf("<!-- end of table -->", StringComparison.Ordinal);
        string current = text[..from] + table.ToString().Replace("\r", "", StringComparison.Ordinal) + text[to..];
        if (Environment.GetEnvironmentVariable("PLIMSOLL_ACCEPT") == "1")
            File.WriteAllText(page, current);
        Assert.True(current == File.ReadAllText(page), $"the page is not current; renew it by {Renew}\n{table}");
    }

    static string Row(IVenueMargin model, MarketSnapshot chain, (string Instrument, double Coins)[] legs)
    {
        var small = model.Assess(Portfolio(chain, legs, Lot, 0));
        if (!small.IsDetermined)
            return $"– | {small.Missing[0][(small.Missing[0].IndexOf(':', StringComparison.Ordinal) + 2)..]} | – | – | –";
        int low = 0,
            high = 1;
        while (high < 100_000 && Fits(model, chain, legs, high * Lot) is null)
            (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Fits(model, chain, legs, middle * Lot) is null ? (middle, high) : (low, middle);
        }
        double size = low * Lot;
        var pool = Assert.Single(model.Assess(Portfolio(chain, legs, size, 0)).Pools);
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{size:0.0} | {Fits(model, chain, legs, high * Lot)} | {pool.Initial / pool.Balance:0.0%} | "
            ) + $"{Liquidation(model, chain, legs, size, -1)} | {Liquidation(model, chain, legs, size, 1)}";
    }

    /// <summary>Null when the mandate holds, else what breaks first.</summary>
    static string? Fits(IVenueMargin model, MarketSnapshot chain, (string Instrument, double Coins)[] legs, double size)
    {
        var now = model.Assess(Portfolio(chain, legs, size, 0)).Pools;
        if (now.Any(pool => !(pool.Initial <= InitialShare * pool.Balance)))
            return "initial margin";
        for (int step = -15; step <= 15; step++)
            if (model.Assess(Portfolio(chain, legs, size, step * Distance / 15)).Pools.Any(pool => pool.IsShort))
                return "liquidation within 30%";
        return null;
    }

    static string Liquidation(
        IVenueMargin model,
        MarketSnapshot chain,
        (string Instrument, double Coins)[] legs,
        double size,
        int direction
    )
    {
        double most = direction < 0 ? 0.9 : 2;
        for (int step = 1; step * 0.005 <= most + 1e-9; step++)
            if (model.Assess(Portfolio(chain, legs, size, direction * step * 0.005)).Pools.Any(pool => pool.IsShort))
                return (direction * step * 0.005).ToString("+0.0%;-0.0%", CultureInfo.InvariantCulture);
        return "none";
    }

    /// <summary>A cross account of USDC that sold and bought at the marks, when BTC has moved and volatility has not.</summary>
    static MarginPortfolio Portfolio(
        MarketSnapshot chain,
        (string Instrument, double Coins)[] legs,
        double size,
        double move
    )
    {
        double index = chain.Find("BTC")!.IndexUsd,
            cash = EquityUsd;
        var positions = ImmutableArray.CreateBuilder<MarginPosition>();
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>(StringComparer.Ordinal);
        foreach (var (name, coins) in legs)
        {
            var quote = chain.Quotes.Single(row => row.Instrument.Name == name);
            double mark = (double)quote.Mark!.Value,
                contracts = coins * size;
            if (quote.Instrument is OptionInstrument option)
            {
                double forward = chain.Find("BTC")!.Forwards.Single(f => f.Expiry == option.Expiry).PriceUsd,
                    volatility = quote.MarkImpliedVolatility!.Value,
                    years = Years.Between(chain.AsOf, option.Expiry).Value,
                    then = forward * (1 + move);
                double value = Black76.PriceUsd(then, (double)option.StrikeUsd, years, volatility, option.Right) / then;
                quotes[name] = new MarginQuote(then, move == 0 ? mark : value, volatility);
                cash -= contracts * mark * index;
                positions.Add(new MarginPosition(option, contracts));
            }
            else
            {
                contracts *= mark / (double)quote.Instrument.ContractSize;
                quotes[name] = new MarginQuote(mark * (1 + move), mark * (1 + move));
                positions.Add(new MarginPosition(quote.Instrument, contracts, mark));
            }
        }
        return new MarginPortfolio
        {
            Name = "main",
            IsCross = true,
            Positions = positions.ToImmutable(),
            Balances = [new CollateralBalance(Currency.Usdc, cash)],
            Market = new MarginMarket
            {
                AsOf = chain.AsOf,
                IndexUsd = ImmutableDictionary<string, double>
                    .Empty.Add("BTC", index * (1 + move))
                    .Add("USDC", 1)
                    .Add("USDT", 1),
                Quotes = quotes.ToImmutable(),
            },
        };
    }
}
