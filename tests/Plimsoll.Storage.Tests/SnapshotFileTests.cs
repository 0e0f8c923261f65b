using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

public class SnapshotFileTests
{
    [Fact]
    public void Read_and_Write_are_inverse_for_the_embedded_market() => RoundTrip(EmbeddedMarket.Snapshot());

    [Fact]
    public void Read_and_Write_are_inverse_for_a_recorded_chain()
    {
        string? path = Repository.Shared("market/chains/deribit-20260205T093647Z.csv.gz");
        Assert.SkipUnless(path is not null, Golden.Absent);
        RoundTrip(RecordedChainFile.Read(path!).Value);
    }

    [Fact]
    public void Write_replaces_a_file_whole_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "new", "market.json");
        SnapshotFile.Write(EmbeddedMarket.Snapshot(), file);
        SnapshotFile.Write(EmbeddedMarket.Snapshot(), file);
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.True(SnapshotFile.Read(file).Succeeded);
    }

    [Fact]
    public void Missing_forward_is_implied_from_parity_and_stated()
    {
        var market = EmbeddedMarket.Snapshot();
        var bitcoin = market.Find("BTC")!;
        var expiry = bitcoin.Forwards[3].Expiry;
        var without = market with
        {
            Underlyings = [bitcoin with { Forwards = bitcoin.Forwards.RemoveAt(3) }, .. market.Underlyings[1..]],
        };
        var read = SnapshotFile.Parse(SnapshotFile.Text(without), "market.json").Value;
        var forward = Assert.Single(read.Find("BTC")!.Forwards, forward => forward.Expiry == expiry);
        Assert.Equal(ForwardSource.PutCallParity, forward.Source);
        Assert.InRange(forward.PriceUsd / bitcoin.Forwards[3].PriceUsd, 0.999, 1.001);
        var repair = Assert.Single(read.Repairs, repair => repair.Kind == "missing-forward");
        Assert.StartsWith("no forward for 2026-04-24; implied from put-call parity", repair.Detail);
    }

    [Fact]
    public void Missing_forward_without_quotes_lies_between_its_neighbours()
    {
        var market = EmbeddedMarket.Snapshot();
        var bitcoin = market.Find("BTC")!;
        var expiry = bitcoin.Forwards[3].Expiry;
        var without = market with
        {
            Underlyings = [bitcoin with { Forwards = bitcoin.Forwards.RemoveAt(3) }, .. market.Underlyings[1..]],
            Quotes =
            [
                .. market.Quotes.Where(q => q.Instrument.SettlesAt != expiry || q.Instrument is FutureInstrument),
            ],
        };
        var read = SnapshotFile.Parse(SnapshotFile.Text(without), "market.json").Value;
        var forward = Assert.Single(read.Find("BTC")!.Forwards, forward => forward.Expiry == expiry);
        Assert.Equal(ForwardSource.Interpolated, forward.Source);
        Assert.InRange(forward.PriceUsd, bitcoin.Forwards[2].PriceUsd, bitcoin.Forwards[4].PriceUsd);
    }

    [Fact]
    public void Contracts_of_several_venues_stand_in_one_market()
    {
        var market = EmbeddedMarket.Snapshot();
        var perpetual = market.Quotes.First(quote => quote.Instrument.Name == "BTC-PERPETUAL");
        var other = perpetual with { Instrument = perpetual.Instrument with { Name = "BTC-X", Venue = "hyperliquid" } };
        var both = market with
        {
            Quotes = [.. market.Quotes.Add(other).OrderBy(q => q.Instrument.Name, StringComparer.Ordinal)],
        };
        RoundTrip(both);
        Assert.Contains("\"venue\":\"hyperliquid\"", SnapshotFile.Text(both), StringComparison.Ordinal);
    }

    static void RoundTrip(MarketSnapshot market)
    {
        string text = SnapshotFile.Text(market);
        var read = SnapshotFile.Parse(text, "market.json").Value;
        Assert.Equal(text, SnapshotFile.Text(read));
        Assert.Equal(market.AsOf, read.AsOf);
        Assert.Equal(market.Source, read.Source);
        Assert.Equal<InstrumentQuote>(market.Quotes, read.Quotes);
        Assert.Equal<Repair>(market.Repairs, read.Repairs);
        foreach (var (before, after) in market.Underlyings.Zip(read.Underlyings))
        {
            Assert.Equal((before.Underlying, before.IndexUsd), (after.Underlying, after.IndexUsd));
            Assert.Equal<ForwardQuote>(before.Forwards, after.Forwards);
        }
    }
}
