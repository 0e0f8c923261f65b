using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

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
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the embedded file.</summary>
    public static EmbeddedDescription Read() =>
        JsonSerializer.Deserialize<EmbeddedDescription>(EmbeddedFile.Text("embedded/market.json"), Options)!;
}

/// <summary>One coin of the description.</summary>
sealed record EmbeddedCoin(
    string Underlying,
    double IndexUsd,
    double PerpetualDailyVolumeUsd,
    EmbeddedAssumptions Assumed,
    ImmutableArray<EmbeddedExpiry> Expiries
);

/// <summary>What no recording states; sizes of books and activity of futures.</summary>
sealed record EmbeddedAssumptions(
    [property: JsonPropertyName("funding_8h")] double Funding8h,
    double PerpetualOpenInterestUsd,
    double FutureOpenInterestUsd,
    double FutureDailyVolumeUsd,
    double TopUsd,
    double DepthUsd,
    double OptionTopCoins,
    double OptionDepthCoins
);

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
);

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
);
