using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Backtest.Tests;

/// <summary>Accounts, mandates and records that the walks of the tests share.</summary>
static class Walks
{
    public const string Absent = "needs ../shared/market, which is not here";

    static readonly Lazy<PriceHistories?> bars = new(() =>
        Repository.Shared("market/history") is { } folder
            ? BarsCsv.Read(folder).Value with
            {
                Histories =
                [
                    .. BarsCsv.Read(folder).Value.Histories.Where(history => history.Underlying is "BTC" or "ETH"),
                ],
            }
            : null
    );

    public static PriceHistories Bars()
    {
        Assert.SkipUnless(bars.Value is not null, Absent);
        return bars.Value!;
    }

    public static ChainTimeline Chains(string from, string to)
    {
        string? folder = Repository.Shared("market/chains");
        Assert.SkipUnless(folder is not null, Absent);
        return ChainTimeline.Open(folder!, Bars(), Day(from), Day(to)).Value;
    }

    public static BarsTimeline BarsOf(string from, string to) =>
        BarsTimeline.Of(Bars(), "bars", Day(from), Day(to)).Value;

    public static DateTimeOffset Day(string text) =>
        DateTimeOffset.Parse(text + "Z", System.Globalization.CultureInfo.InvariantCulture);

    public static Account Flat(decimal dollars = 100_000) =>
        new()
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.CrossStandard,
                    Balances = [new Balance(Currency.Usdc, dollars)],
                },
            ],
        };

    public static BacktestMethod Method(string key) => new(key, SizingMethods.Find(key)!, MethodSettings.Defaults);

    public static BacktestRequest Request(string[] methods, Mandate? mandate = null, int scenarios = 1_000) =>
        new()
        {
            Account = Flat(),
            Mandate = mandate ?? BacktestMandate.Shipped(),
            Methods = [.. methods.Select(Method)],
            Scenarios = scenarios,
        };

    public static WalkCheckpoint Walk(IMarketTimeline timeline, BacktestRequest request, int? steps = null)
    {
        var walk = new WalkForward(timeline, request, "test");
        while (!walk.IsDone && walk.NextStep < (steps ?? int.MaxValue))
            Assert.Empty(walk.Step());
        return walk.Checkpoint();
    }
}
