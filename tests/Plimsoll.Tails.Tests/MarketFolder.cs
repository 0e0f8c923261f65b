using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Real coins, read once.</summary>
static class MarketFolder
{
    static readonly Lazy<MarketDays?> Read = new(() =>
        Repository.Shared("market/history") is { } folder
            ? new MarketDays([
                .. BarsCsv
                    .Read(folder)
                    .Value.Histories.Where(history => history.BarLength < TimeSpan.FromDays(1))
                    .Select(CoinDays.Of),
            ])
            : null
    );

    public static TailHistory Coin(string underlying)
    {
        Assert.SkipUnless(Read.Value is not null, Golden.Absent);
        return new TailHistory(Read.Value.Find(underlying)!, Read.Value);
    }
}
