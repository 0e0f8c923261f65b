using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest.Tests;

/// <summary>What happens later is changed beyond recognition, and no method does anything else before it.</summary>
/// <remarks>All registered methods walk, so that a new one is in without a word here.</remarks>
public sealed class LookAheadTests
{
    /// <summary>A belief so strong that the most cautious method trades on it: one that stays flat proves nothing.</summary>
    static readonly Mandate Sure = Storage.BacktestMandate.Shipped() with
    {
        Views =
        [
            new DriftView
            {
                Underlying = "BTC",
                Confidence = 1,
                AnnualDrift = 3,
            },
            new DriftView
            {
                Underlying = "ETH",
                Confidence = 1,
                AnnualDrift = 4,
            },
        ],
    };

    [Fact]
    public void On_chains_no_method_sees_what_comes_later() =>
        Unmoved(
            Walks.Chains("2026-01-30T21:00:00", "2026-01-31T10:00:00"),
            Sure with
            {
                Candidates = ["BTC-PERPETUAL", "ETH-PERPETUAL", "BTC-27FEB26-90000-C", "BTC-27FEB26-75000-P"],
            }
        );

    [Fact]
    public void On_bars_no_method_sees_what_comes_later() =>
        Unmoved(Walks.BarsOf("2020-03-10T00:00:00", "2020-03-10T08:00:00"), Sure);

    /// <summary>Walks every method with and without another last instant.</summary>
    static void Unmoved(IMarketTimeline timeline, Mandate mandate)
    {
        int planted = timeline.Times.Length - 1;
        Assert.Equal(2, planted);
        var request = Walks.Request([.. SizingMethods.All.Select(method => method.Key)], mandate) with
        {
            Every = TimeSpan.FromHours(4),
        };
        var plain = Walks.Walk(timeline, request);
        var other = Walks.Walk(new PlantedTimeline(timeline, planted), request);
        for (int m = 0; m < request.Methods.Length; m++)
        {
            string key = request.Methods[m].Name;
            var (before, after) = (plain.Runs[m].Records[..planted], plain.Runs[m].Records[planted..]);
            Assert.True(
                before.Any(record => record.Fills > 0),
                $"{key} never trades: {string.Join("; ", plain.Runs[m].Notes)}"
            );
            Assert.True(before.SequenceEqual(other.Runs[m].Records[..planted]), $"{key} saw what came later");
            Assert.False(after.SequenceEqual(other.Runs[m].Records[planted..]), $"{key} lived the same future");
        }
    }

    /// <summary>A timeline whose prices from one step on, bars included, are others.</summary>
    sealed class PlantedTimeline(IMarketTimeline inner, int planted) : IMarketTimeline
    {
        public string Source => inner.Source;
        public ImmutableArray<DateTimeOffset> Times => inner.Times;
        public ImmutableArray<string> Assumptions => inner.Assumptions;
        public ImmutableArray<PriceHistory> Histories => [.. inner.Histories.Select(Torn)];

        public Parsed<MarketSnapshot> Read(int step)
        {
            var market = inner.Read(step).Value;
            return Parsed<MarketSnapshot>.Ok(step < planted ? market : Tripled(market));
        }

        public Instrument? Contract(string name) => inner.Contract(name);

        public (double LowUsd, double HighUsd)? Range(string underlying, int step) =>
            inner.Range(underlying, step) is { } range && step >= planted
                ? (range.LowUsd / 3, 3 * range.HighUsd)
                : inner.Range(underlying, step);

        PriceHistory Torn(PriceHistory history) =>
            history with
            {
                Bars =
                [
                    .. history.Bars.Select(bar =>
                        bar.OpenTime + history.BarLength <= Times[planted - 1]
                            ? bar
                            : bar with
                            {
                                Open = 3 * bar.Open,
                                High = 3 * bar.High,
                                Low = bar.Low / 3,
                                Close = bar.Close / 3,
                            }
                    ),
                ],
            };

        static MarketSnapshot Tripled(MarketSnapshot market) =>
            market with
            {
                Underlyings =
                [
                    .. market.Underlyings.Select(coin =>
                        coin with
                        {
                            IndexUsd = 3 * coin.IndexUsd,
                            Forwards =
                            [
                                .. coin.Forwards.Select(forward => forward with { PriceUsd = 3 * forward.PriceUsd }),
                            ],
                        }
                    ),
                ],
                Quotes =
                [
                    .. market.Quotes.Select(quote =>
                        quote.Instrument is OptionInstrument ? quote : quote with { Mark = 3 * quote.Mark }
                    ),
                ],
            };
    }
}
