using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>The fit on recorded Deribit chains.</summary>
public sealed class RecordedChainFitTests
{
    [Theory]
    [InlineData("20251231T091828Z")]
    [InlineData("20260111T091434Z")]
    [InlineData("20260223T094525Z")]
    public void Surface_has_no_arbitrage_and_meets_the_quotes_of_a_recorded_chain(string time)
    {
        foreach (string underlying in new[] { "BTC", "ETH" })
            Check(Read(time), underlying);
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
    }

    static MarketSnapshot Read(string time)
    {
        string? path = Repository.Shared($"market/chains/deribit-{time}.csv.gz");
        Assert.SkipUnless(path is not null, Golden.Absent);
        return RecordedChainFile.Read(path!).Value;
    }
}
