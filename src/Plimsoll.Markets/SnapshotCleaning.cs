using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>Makes a raw snapshot fit for use and lists every repair.</summary>
/// <remarks>
/// What cannot be true is removed (a figure becomes null, a row goes), never replaced by a guess. A bid below the
/// option's intrinsic value is a normal quote: nobody need bid the forward's value, and it is left alone. Zero for a
/// bid, an ask or their sizes means "no quote" and is no repair.
/// </remarks>
public static class SnapshotCleaning
{
    /// <summary>A mark is stale when it is further outside the quotes than this many times their spread.</summary>
    const decimal StaleSpreads = 3;

    /// <summary>
    /// The same market without duplicate or expired rows and impossible figures, quotes in order of name, coins in
    /// order of ticker, forwards in order of expiry; its repairs are those of <paramref name="raw"/> and the new
    /// ones, each
    /// once: cleaning a clean snapshot changes nothing.
    /// </summary>
    public static MarketSnapshot Clean(MarketSnapshot raw)
    {
        var repairs = raw.Repairs.ToBuilder();
        var rows = new SortedDictionary<string, InstrumentQuote>(StringComparer.Ordinal);
        foreach (var quote in raw.Quotes)
        {
            string name = quote.Instrument.Name;
            if (quote.Instrument.SettlesAt is { } at && at <= raw.AsOf)
                repairs.Add(
                    new(name, "expired", FormattableString.Invariant($"settled {at:yyyy-MM-dd HH:mm}Z; dropped"))
                );
            else if (rows.TryGetValue(name, out var first))
                repairs.Add(
                    new(
                        name,
                        "duplicate",
                        first == quote ? "the same row again; dropped" : "another row; first one kept"
                    )
                );
            else
                rows.Add(name, quote);
        }
        return raw with
        {
            Quotes = [.. rows.Values.Select(quote => Clean(quote, repairs))],
            Underlyings = Clean(raw, repairs),
            Repairs = [.. repairs.Distinct()],
        };
    }

    static InstrumentQuote Clean(InstrumentQuote quote, ImmutableArray<Repair>.Builder repairs)
    {
        string name = quote.Instrument.Name;
        decimal? bid = Positive(quote.Bid, name, "bid", repairs);
        decimal? ask = Positive(quote.Ask, name, "ask", repairs);
        if (bid >= ask)
        {
            repairs.Add(
                new(name, "crossed-quote", FormattableString.Invariant($"bid {bid} at or over ask {ask}; both dropped"))
            );
            (bid, ask) = (null, null);
        }
        else if (bid is null != ask is null)
            repairs.Add(
                new(name, "one-sided-quote", bid is null ? "no bid; no mid is taken" : "no ask; no mid is taken")
            );
        return quote with
        {
            Bid = bid,
            Ask = ask,
            BidContracts = bid is null ? null : Positive(quote.BidContracts, name, "bid size", repairs),
            AskContracts = ask is null ? null : Positive(quote.AskContracts, name, "ask size", repairs),
            Mark = Mark(quote, bid, ask, repairs),
            MarkImpliedVolatility = Volatility(quote, repairs),
            OpenInterestContracts = NotNegative(quote.OpenInterestContracts, name, "open interest", repairs),
            DailyVolumeContracts = NotNegative(quote.DailyVolumeContracts, name, "daily volume", repairs),
            BidDepthContracts = NotNegative(quote.BidDepthContracts, name, "bid depth", repairs),
            AskDepthContracts = NotNegative(quote.AskDepthContracts, name, "ask depth", repairs),
            FundingRate8h = Finite(quote.FundingRate8h, name, "funding", repairs),
        };
    }

    static decimal? Mark(InstrumentQuote quote, decimal? bid, decimal? ask, ImmutableArray<Repair>.Builder repairs)
    {
        string name = quote.Instrument.Name;
        if (quote.Mark == 0)
        {
            repairs.Add(new(name, "zero-mark", "a mark of 0 says nothing; dropped"));
            return null;
        }
        if (Positive(quote.Mark, name, "mark", repairs) is not { } mark || bid is not { } low || ask is not { } high)
            return quote.Mark > 0 ? quote.Mark : null;
        decimal allowed = StaleSpreads * Math.Max(high - low, quote.Instrument.Ticks.At(high));
        if (mark >= low - allowed && mark <= high + allowed)
            return mark;
        repairs.Add(
            new(
                name,
                "stale-mark",
                FormattableString.Invariant($"mark {mark} far outside the quotes {low} and {high}; dropped")
            )
        );
        return null;
    }

    static double? Volatility(InstrumentQuote quote, ImmutableArray<Repair>.Builder repairs)
    {
        string name = quote.Instrument.Name;
        double? volatility = Finite(quote.MarkImpliedVolatility, name, "mark volatility", repairs);
        if (volatility is not <= 0)
            return volatility;
        repairs.Add(
            new(
                name,
                "zero-mark",
                FormattableString.Invariant($"mark volatility {volatility} is not positive; dropped")
            )
        );
        return null;
    }

    static ImmutableArray<UnderlyingMarket> Clean(MarketSnapshot raw, ImmutableArray<Repair>.Builder repairs)
    {
        var coins = ImmutableArray.CreateBuilder<UnderlyingMarket>();
        foreach (var coin in raw.Underlyings.OrderBy(market => market.Underlying, StringComparer.Ordinal))
        {
            var forwards = new SortedDictionary<DateTimeOffset, ForwardQuote>();
            foreach (var forward in coin.Forwards)
                if (forward.Expiry <= raw.AsOf)
                    repairs.Add(new(coin.Underlying, "expired", $"forward of {forward.Expiry:yyyy-MM-dd}; dropped"));
                else if (!(double.IsFinite(forward.PriceUsd) && forward.PriceUsd > 0))
                    repairs.Add(
                        new(
                            coin.Underlying,
                            "bad-forward",
                            $"forward of {forward.Expiry:yyyy-MM-dd} is no price; dropped"
                        )
                    );
                else if (!forwards.TryAdd(forward.Expiry, forward))
                    repairs.Add(
                        new(
                            coin.Underlying,
                            "duplicate",
                            $"forward of {forward.Expiry:yyyy-MM-dd} again; first one kept"
                        )
                    );
            coins.Add(coin with { Forwards = [.. forwards.Values] });
        }
        return coins.ToImmutable();
    }

    static decimal? Positive(decimal? figure, string name, string what, ImmutableArray<Repair>.Builder repairs) =>
        NotNegative(figure, name, what, repairs) is > 0 ? figure : null;

    static decimal? NotNegative(decimal? figure, string name, string what, ImmutableArray<Repair>.Builder repairs)
    {
        if (figure is not < 0)
            return figure;
        repairs.Add(new(name, "negative-figure", FormattableString.Invariant($"{what} {figure}; dropped")));
        return null;
    }

    static double? Finite(double? figure, string name, string what, ImmutableArray<Repair>.Builder repairs)
    {
        if (figure is not { } number || double.IsFinite(number))
            return figure;
        repairs.Add(new(name, "not-a-number", FormattableString.Invariant($"{what} {number}; dropped")));
        return null;
    }
}
