using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>Real recorded chains, read as a user's tools would.</summary>
public class RecordedChainFileTests
{
    /// <summary>Every twentieth chain, or all of them in the whole suite.</summary>
    public static IEnumerable<string> Chains(int step)
    {
        string? folder = Repository.Shared("market/chains");
        return folder is null ? [] : Directory.GetFiles(folder).Order().Where((_, i) => i % step == 0);
    }

    [Fact]
    public void Read_gives_a_clean_snapshot_for_a_sample_of_recorded_chains() => Check(20);

    [Fact]
    [Trait("suite", "all")]
    public void Read_gives_a_clean_snapshot_for_every_recorded_chain() => Check(1);

    [Fact]
    public void Read_states_forwards_index_and_contract_terms_of_the_crash_of_February_2026()
    {
        string? path = Repository.Shared("market/chains/deribit-20260205T093647Z.csv.gz");
        Assert.SkipUnless(path is not null, Golden.Absent);
        var market = RecordedChainFile.Read(path!).Value;
        Assert.Equal(new DateTimeOffset(2026, 2, 5, 9, 36, 47, TimeSpan.Zero), market.AsOf);
        var bitcoin = market.Find("BTC")!;
        var december = new DateTimeOffset(2026, 12, 25, 8, 0, 0, TimeSpan.Zero);
        Assert.Equal(74804.12, bitcoin.ForwardUsd(december));
        Assert.All(bitcoin.Forwards, forward => Assert.Equal(ForwardSource.Venue, forward.Source));
        var future = Assert.Single(market.Quotes, quote => quote.Instrument.Name == "BTC-25DEC26");
        Assert.Equal(10m, future.Instrument.ContractSize);
        var perpetual = Assert.Single(market.Quotes, quote => quote.Instrument.Name == "ETH-PERPETUAL");
        Assert.InRange(perpetual.Mark!.Value, 2000m, 2300m);
        Assert.DoesNotContain(market.Repairs, repair => repair.Kind == "assumed-mark");
    }

    static void Check(int step)
    {
        Assert.SkipUnless(Chains(step).Any(), Golden.Absent);
        Assert.All(
            Chains(step),
            path =>
            {
                var market = RecordedChainFile.Read(path).Value;
                Assert.Equal(["BTC", "ETH"], market.Underlyings.Select(coin => coin.Underlying));
                Assert.True(market.Quotes.Length > 1000);
                Assert.Equal(
                    market.Quotes.Select(quote => quote.Instrument.Name).Order(StringComparer.Ordinal),
                    market.Quotes.Select(quote => quote.Instrument.Name).Distinct()
                );
                Assert.DoesNotContain(market.Quotes, quote => quote.Bid >= quote.Ask || quote.Mark <= 0);
                Assert.DoesNotContain(market.Repairs, repair => repair.Kind is "duplicate" or "negative-figure");
                foreach (var quote in market.Quotes)
                    if (quote.Instrument.SettlesAt is { } expiry)
                        Assert.True(market.Find(quote.Instrument.Underlying)!.ForwardUsd(expiry) > 0);
            }
        );
    }
}
