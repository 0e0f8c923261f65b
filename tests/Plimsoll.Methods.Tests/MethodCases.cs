using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Prepared inputs on recorded chains that the tests size.</summary>
static class MethodCases
{
    static readonly string[] Chains = Repository.Shared("market/chains") is { } folder
        ? [.. Directory.GetFiles(folder, "*.csv.gz").Order(StringComparer.Ordinal)]
        : [];

    public static bool Present => Chains.Length > 0;

    public static Mandate Mandate(params ImmutableArray<View> views) =>
        new()
        {
            Objective = ObjectiveKind.Growth,
            Survival = new SurvivalLimits
            {
                WorstCase = new WorstCaseLimit(0.5, 0.25, 4, false),
                ExpectedShortfall = new ExpectedShortfallLimit(0.99, 0.08),
            },
            Limits = new MandateLimits { InitialMargin = 0.6 },
            Assumptions = new Assumptions(Funding8h: 0.0001, PerpetualSpread: 0.0002),
            Views = views,
        };

    public static Account Dollars(decimal amount, params ImmutableArray<Position> positions) =>
        new()
        {
            HomeCurrency = Currency.Usd,
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.CrossStandard,
                    Balances = [new Balance(Currency.Usdc, amount)],
                    Positions = positions,
                },
            ],
        };

    public static PreparedSizing Prepare(
        int chain,
        Mandate mandate,
        Account account,
        Func<MarketSnapshot, MarketSnapshot>? alter = null,
        ImmutableArray<PriceHistory> bars = default
    ) =>
        MethodSizer
            .Prepare(
                new SizingInput
                {
                    Market = (alter ?? (market => market))(RecordedChainFile.Read(Chains[chain]).Value),
                    Account = account,
                    Mandate = mandate,
                    Histories = bars.IsDefault ? [] : bars,
                    Scenarios = 1_000,
                }
            )
            .Value;

    /// <summary>A chain, a drift (or other views) and a flat account, with the bars that methods on history read.</summary>
    public static PreparedSizing WithBars(
        Func<MarketSnapshot, MarketSnapshot> alter,
        decimal dollars = 1_000_000,
        ImmutableArray<View> views = default
    ) => Prepare(60, Mandate(views.IsDefault ? [Drift] : views), Dollars(dollars), alter, Bars.Value);

    static readonly Lazy<ImmutableArray<PriceHistory>> Bars = new(() =>
        [
            .. BarsCsv
                .Read(Repository.Shared("market/history")!)
                .Value.Histories.Where(own => own.Underlying is "BTC" or "ETH"),
        ]
    );

    public static readonly DriftView Drift = new()
    {
        Underlying = "BTC",
        Confidence = 1,
        AnnualDrift = 0.5,
    };
}
