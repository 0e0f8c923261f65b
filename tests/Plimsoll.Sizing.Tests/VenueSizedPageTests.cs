using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>The second table of docs/margin/venues-2026-02-05.md: what the optimiser holds under each margin.</summary>
public sealed class VenueSizedPageTests
{
    const string Renew =
        "PLIMSOLL_ACCEPT=1 dotnet test --project tests/Plimsoll.Sizing.Tests -c Release --filter-class '*VenueSizedPageTests'";

    static readonly ImmutableArray<string> Candidates =
    [
        "BTC-27MAR26-50000-P",
        "BTC-27MAR26-60000-P",
        "BTC-27MAR26-86000-C",
        "BTC-27MAR26-100000-C",
        "BTC-PERPETUAL",
    ];

    /// <summary>Model: in place of the venue's own for the mode.</summary>
    static readonly (string Venue, MarginMode Mode, string? Model)[] Rows =
    [
        ("deribit", MarginMode.CrossStandard, null),
        ("deribit", MarginMode.CrossPortfolio, null),
        ("derive", MarginMode.CrossStandard, null),
        ("derive", MarginMode.CrossPortfolio, "derive-portfolio-margin"),
        ("derive", MarginMode.CrossPortfolio, null),
        ("okx", MarginMode.CrossPortfolio, null),
        ("binance", MarginMode.CrossStandard, null),
        ("binance", MarginMode.CrossPortfolio, null),
        ("bybit", MarginMode.CrossStandard, null),
        ("hyperliquid", MarginMode.CrossStandard, null),
        ("dydx", MarginMode.CrossStandard, null),
        ("deribit", MarginMode.CrossPortfolio, "span-like-margin"),
    ];

    [Fact]
    public void The_table_of_the_page_is_current()
    {
        string? path = SizingCases.Chains.FirstOrDefault(chain => chain.Contains("20260205T093647Z"));
        Assert.SkipUnless(path is not null, Golden.Absent);
        var chain = SizingCases.Chain(path!);
        var table = new StringBuilder();
        table.AppendLine(
            "| margin | 50000-P | 60000-P | 86000-C | 100000-C | perpetual, USD | growth | initial, venue | counted | down | up | down, smile rides | up, smile rides |"
        );
        table.AppendLine("|" + string.Concat(Enumerable.Repeat(" --- |", 13)));
        foreach (var (venue, mode, own) in Rows)
            table.AppendLine(Row(VenueMarkets.As(venue, chain), venue, mode, own));
        string page = Path.Combine(Repository.Root, "docs", "margin", "venues-2026-02-05.md");
        string text = File.ReadAllText(page);
        int from = text.IndexOf("| margin | 50000-P |", StringComparison.Ordinal),
            to = text.IndexOf("<!-- end of sized table -->", StringComparison.Ordinal);
        string current = text[..from] + table.ToString().Replace("\r", "", StringComparison.Ordinal) + text[to..];
        if (Environment.GetEnvironmentVariable("PLIMSOLL_ACCEPT") == "1")
            File.WriteAllText(page, current);
        Assert.True(current == File.ReadAllText(page), $"the page is not current; renew it by {Renew}\n{table}");
    }

    static string Row(MarketSnapshot market, string venue, MarginMode mode, string? own)
    {
        var account = new Account
        {
            HomeCurrency = Currency.Usd,
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = venue,
                    MarginMode = mode,
                    MarginModel = own,
                    Balances =
                    [
                        new Balance(
                            VenueMarkets.InTethers.Contains(venue) ? new Currency("USDT") : Currency.Usdc,
                            1_000_000
                        ),
                    ],
                },
            ],
        };
        var mandate = SizingCases.Mandate(SizingCases.HighVolatility(0.35), SizingCases.Drift(-0.3)) with
        {
            Survival = new SurvivalLimits { Liquidation = new LiquidationLimit(0.001, 0.3) },
            Limits = new MandateLimits { InitialMargin = 0.6 },
            Candidates = Candidates,
        };
        var input = SizingCases.Input(market, account, mandate);
        var result = Sizer.Size(Sizer.Prepare(input).Value);
        var decision = result.Decision;
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        var seen = new RiskMarket(market, result.Prepared.Surfaces);
        var book = SizingCases.After(input, result);
        var portfolio = MarginPortfolios.OfBook(account.Subaccounts[0], book, seen);
        var model = VenueMargins.EntryOf(account.Subaccounts[0])!.Shipped();
        var pool = model.Assess(portfolio).Pools.Single();
        var distance = AccountDistance.Of(portfolio, model, null);
        double Held(string name) => book.Holdings.Where(held => held.Instrument.Name == name).Sum(h => h.Contracts);
        double PerpetualUsd()
        {
            var perpetual = seen.Prices.Find(Candidates[4])!;
            double size = Held(Candidates[4]) * (double)perpetual.ContractSize;
            return perpetual.Shape == PayoffShape.Inverse ? size : size * seen.Prices.Price(perpetual)!.Value;
        }
        string Move(bool isRise) =>
            distance.Axes.First(axis => axis.Axis == "price" && axis.Underlying == "BTC" && axis.IsRise == isRise).Move
                is { } move
                ? move.ToString("+0.0%;-0.0%", CultureInfo.InvariantCulture)
                : "none";
        double counted = decision.Limits.Single(limit => limit.Name == "limits.initial-margin[main]").Value;
        string contracts = string.Join(
            " | ",
            Candidates[..4].Select(name => Held(name).ToString("0.#", CultureInfo.InvariantCulture))
        );
        return string.Create(
                CultureInfo.InvariantCulture,
                $"| `{model.Key}` | {contracts} | {PerpetualUsd():#,0} | {decision.GrowthPerHorizon:0.00%} | "
            )
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{pool.Initial / pool.Equity:0.0%} | {counted:0.0%} | {Move(false)} | {Move(true)} | "
            )
            + $"{Riding("down")} | {Riding("up")} |";
        string Riding(string direction) =>
            decision.After.Single(figure => figure.Key == $"liquidation_{direction}[BTC]").Value is { } move
                ? move.ToString("+0.0%;-0.0%", CultureInfo.InvariantCulture)
                : "none";
    }
}
