using System.Globalization;
using System.Text.Json.Nodes;

namespace Plimsoll.Paper;

/// <summary>Bars of an instrument from its trades; a bar without a trade repeats the close before it.</summary>
static class Bars
{
    const int Most = 5_000;
    const long MinuteMs = 60_000;
    static readonly int[] Allowed = [1, 3, 5, 10, 15, 30, 60, 120, 180, 360, 720];

    /// <summary>Minutes of a resolution; null for one that the venue does not have.</summary>
    public static long? Minutes(string resolution) =>
        resolution == "1D" ? 1440
        : int.TryParse(resolution, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
        && Allowed.Contains(minutes)
            ? minutes
        : null;

    sealed record Bar(long AtMs, decimal Open, decimal High, decimal Low, decimal Close, decimal Volume, decimal Cost);

    /// <summary>The answer of <c>get_tradingview_chart_data</c>.</summary>
    public static JsonObject Chart(ListedInstrument book, long fromMs, long toMs, long minutes)
    {
        var bars = Between(book, fromMs, toMs, minutes);
        JsonArray Column(Func<Bar, decimal> field) => Wire.List(bars.Select(bar => Wire.Number(field(bar))));
        return new JsonObject
        {
            ["status"] = bars.Count == 0 ? "no_data" : "ok",
            ["ticks"] = Wire.List(bars.Select(bar => (JsonNode)bar.AtMs)),
            ["open"] = Column(bar => bar.Open),
            ["high"] = Column(bar => bar.High),
            ["low"] = Column(bar => bar.Low),
            ["close"] = Column(bar => bar.Close),
            ["volume"] = Column(bar => decimal.Round(bar.Volume, 8)),
            ["cost"] = Column(bar => decimal.Round(bar.Cost, 8)),
        };
    }

    /// <summary>The bar of this moment, as its channel shows it; null before the first trade.</summary>
    public static JsonNode? Last(Venue venue, ListedInstrument book, long minutes)
    {
        var bars = Between(book, venue.NowMs, venue.NowMs, minutes);
        if (bars.Count == 0)
            return null;
        var bar = bars[^1];
        return new JsonObject
        {
            ["tick"] = bar.AtMs,
            ["open"] = Wire.Number(bar.Open),
            ["high"] = Wire.Number(bar.High),
            ["low"] = Wire.Number(bar.Low),
            ["close"] = Wire.Number(bar.Close),
            ["volume"] = Wire.Number(bar.Volume, 8),
            ["cost"] = Wire.Number(bar.Cost, 8),
        };
    }

    static List<Bar> Between(ListedInstrument book, long fromMs, long toMs, long minutes)
    {
        long span = minutes * MinuteMs;
        var bars = new List<Bar>();
        int next = 0;
        decimal? close = null;
        while (next < book.Trades.Count && book.Trades[next].AtMs < fromMs / span * span)
            close = book.Trades[next++].Price;
        for (long at = fromMs / span * span; at <= toMs && bars.Count < Most; at += span)
        {
            Bar? bar = close is { } price ? new Bar(at, price, price, price, price, 0, 0) : null;
            bool first = true;
            for (; next < book.Trades.Count && book.Trades[next].AtMs < at + span; next++)
            {
                var trade = book.Trades[next];
                bool reciprocal = Payoff.IsReciprocal(book.Instrument);
                decimal value = reciprocal ? trade.Amount / trade.Price : trade.Amount * trade.Price;
                var before = first ? new Bar(at, trade.Price, trade.Price, trade.Price, trade.Price, 0, 0) : bar!;
                first = false;
                bar = before with
                {
                    High = Math.Max(before.High, trade.Price),
                    Low = Math.Min(before.Low, trade.Price),
                    Close = trade.Price,
                    Volume = before.Volume + (reciprocal ? value : trade.Amount),
                    Cost = before.Cost + (reciprocal ? trade.Amount : value),
                };
            }
            if (bar is null)
                continue;
            bars.Add(bar);
            close = bar.Close;
        }
        return bars;
    }
}
