using System.Collections.Immutable;
using System.Text.Json;

namespace Plimsoll.Storage;

/// <summary>The compact description from which the embedded market is made: <c>data/embedded/market.json</c>.</summary>
/// <remarks>The file's own notes say what each figure was fitted from and what is assumed.</remarks>
sealed record EmbeddedDescription(
    DateTimeOffset AsOf,
    string Source,
    ImmutableArray<string> Notes,
    double LinearShare,
    double LinearSpread,
    ImmutableArray<DateOnly> LinearExpiries,
    ImmutableArray<EmbeddedCoin> Underlyings
)
{
    /// <summary>Reads the embedded file.</summary>
    public static EmbeddedDescription Read()
    {
        using var document = JsonDocument.Parse(EmbeddedFile.Text("embedded/market.json"));
        var row = new ShippedJson(
            document.RootElement,
            "as_of",
            "source",
            "notes",
            "linear_share",
            "linear_spread",
            "linear_expiries",
            "underlyings"
        );
        return new EmbeddedDescription(
            row["as_of"].GetDateTimeOffset(),
            row.Text("source"),
            row.List("notes", note => note.GetString()!),
            row.Number("linear_share"),
            row.Number("linear_spread"),
            row.List("linear_expiries", ShippedJson.Day),
            row.List("underlyings", EmbeddedCoin.Of)
        );
    }
}

/// <summary>One coin of the description.</summary>
sealed record EmbeddedCoin(
    string Underlying,
    double IndexUsd,
    double PerpetualDailyVolumeUsd,
    EmbeddedAssumptions Assumed,
    ImmutableArray<EmbeddedExpiry> Expiries
)
{
    public static EmbeddedCoin Of(JsonElement element)
    {
        var row = new ShippedJson(
            element,
            "underlying",
            "index_usd",
            "perpetual_daily_volume_usd",
            "assumed",
            "expiries"
        );
        return new EmbeddedCoin(
            row.Text("underlying"),
            row.Number("index_usd"),
            row.Number("perpetual_daily_volume_usd"),
            EmbeddedAssumptions.Of(row["assumed"]),
            row.List("expiries", EmbeddedExpiry.Of)
        );
    }
}

/// <summary>What no recording states; sizes of books and activity of futures.</summary>
sealed record EmbeddedAssumptions(
    double Funding8h,
    double PerpetualOpenInterestUsd,
    double FutureOpenInterestUsd,
    double FutureDailyVolumeUsd,
    double TopUsd,
    double DepthUsd,
    double OptionTopCoins,
    double OptionDepthCoins
)
{
    public static EmbeddedAssumptions Of(JsonElement element)
    {
        var row = new ShippedJson(
            element,
            "funding_8h",
            "perpetual_open_interest_usd",
            "future_open_interest_usd",
            "future_daily_volume_usd",
            "top_usd",
            "depth_usd",
            "option_top_coins",
            "option_depth_coins"
        );
        return new EmbeddedAssumptions(
            row.Number("funding_8h"),
            row.Number("perpetual_open_interest_usd"),
            row.Number("future_open_interest_usd"),
            row.Number("future_daily_volume_usd"),
            row.Number("top_usd"),
            row.Number("depth_usd"),
            row.Number("option_top_coins"),
            row.Number("option_depth_coins")
        );
    }
}

/// <summary>
/// One expiry: forward, raw SVI (a, b, rho, m, sigma), spread (floor, slope), strikes (from, to, step).
/// </summary>
sealed record EmbeddedExpiry(
    DateOnly Expiry,
    double ForwardUsd,
    ImmutableArray<double> Svi,
    ImmutableArray<double> Spread,
    ImmutableArray<ImmutableArray<decimal>> Strikes,
    EmbeddedActivity Calls,
    EmbeddedActivity Puts
)
{
    public static EmbeddedExpiry Of(JsonElement element)
    {
        var row = new ShippedJson(element, "expiry", "forward_usd", "svi", "spread", "strikes", "calls", "puts");
        return new EmbeddedExpiry(
            row.Day("expiry"),
            row.Number("forward_usd"),
            row.List("svi", figure => figure.GetDouble()),
            row.List("spread", figure => figure.GetDouble()),
            row.List("strikes", range => ShippedJson.List(range, strike => strike.GetDecimal())),
            EmbeddedActivity.Of(row["calls"]),
            EmbeddedActivity.Of(row["puts"])
        );
    }
}

/// <summary>
/// Contracts open and traded a day over an expiry, each spread by a normal curve in ln(strike/forward).
/// </summary>
sealed record EmbeddedActivity(
    double OpenInterest,
    double Centre,
    double Width,
    double DailyVolume,
    double VolumeCentre,
    double VolumeWidth
)
{
    public static EmbeddedActivity Of(JsonElement element)
    {
        var row = new ShippedJson(
            element,
            "open_interest",
            "centre",
            "width",
            "daily_volume",
            "volume_centre",
            "volume_width"
        );
        return new EmbeddedActivity(
            row.Number("open_interest"),
            row.Number("centre"),
            row.Number("width"),
            row.Number("daily_volume"),
            row.Number("volume_centre"),
            row.Number("volume_width")
        );
    }
}
