using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Markets, accounts and mandates that the tests size.</summary>
static class SizingCases
{
    /// <summary>Recorded chains in order of time; empty where the shared data is absent.</summary>
    public static string[] Chains { get; } =
        Repository.Shared("market/chains") is { } folder
            ? [.. Directory.GetFiles(folder, "*.csv.gz").Order(StringComparer.Ordinal)]
            : [];

    public static MarketSnapshot Chain(string path) => RecordedChainFile.Read(path).Value;

    /// <summary>An account all in one currency, in one cross-collateral or segregated subaccount.</summary>
    public static Account AllIn(Currency home, decimal amount) =>
        new()
        {
            HomeCurrency = home,
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = home.IsDollar ? MarginMode.CrossStandard : MarginMode.SegregatedStandard,
                    Balances = [new Balance(home.IsDollar ? Currency.Usdc : home, amount)],
                },
            ],
        };

    /// <summary>The design's example mandate, with what the recorded chains do not say assumed.</summary>
    public static Mandate Mandate(params ImmutableArray<View> views) =>
        new()
        {
            Objective = ObjectiveKind.Growth,
            Survival = new SurvivalLimits
            {
                Drawdown = new DrawdownLimit(0.2, 0.05, Years.FromDays(30)),
                WorstCase = new WorstCaseLimit(0.25, 0.25, 4, false),
                ExpectedShortfall = new ExpectedShortfallLimit(0.99, 0.08),
                Liquidation = new LiquidationLimit(0.001, 0.3),
            },
            Limits = new MandateLimits
            {
                RiskUnitWorstCase = 0.05,
                UnderlyingWorstCase = 0.15,
                InitialMargin = 0.6,
                Greeks = new GreekLimits(1.5, 0.02, 0.005, 0.003),
            },
            Assumptions = new Assumptions(Funding8h: 0.0001, PerpetualSpread: 0.0002),
            Views = views,
        };

    public static VolatilityView HighVolatility(double volatility) =>
        new()
        {
            Underlying = "BTC",
            Confidence = 0.6,
            Volatility = volatility,
            Implied = false,
        };

    public static DriftView Drift(double annual) =>
        new()
        {
            Underlying = "BTC",
            Confidence = 0.6,
            AnnualDrift = annual,
        };

    public static SizingInput Input(MarketSnapshot market, Account account, Mandate mandate) =>
        new()
        {
            Market = market,
            Account = account,
            Mandate = mandate,
            Scenarios = 2_000,
        };

    /// <summary>The account's book after an answer's trades, without their cost.</summary>
    public static Book After(SizingInput input, SizingResult result)
    {
        var market = new RiskMarket(input.Market, result.Prepared.Surfaces);
        return Book.Of(input.Account, input.Market, market.Prices)
            .After(
                result
                    .Trades.Where(trade => trade.Value != 0)
                    .OrderBy(trade => trade.Key)
                    .Select(trade => (Line: result.Prepared.Lines[trade.Key], trade.Value))
                    .Select(row => new BookTrade(row.Line.Subaccount, row.Line.Instrument, (double)row.Value, 0)),
                market.Prices
            );
    }
}
