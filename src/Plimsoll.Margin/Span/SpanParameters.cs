using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Ranges of one product.</summary>
/// <param name="PriceScanRange">Of the price, a fraction.</param>
/// <param name="VolatilityScanRange">Added to and taken from implied volatility, a fraction a year.</param>
/// <param name="ShortOptionMinimum">Of the price, for each coin of short options.</param>
/// <param name="InterMonthCharge">Of the price, for each coin of spread between months.</param>
public sealed record SpanProduct(
    double PriceScanRange,
    double VolatilityScanRange,
    double ShortOptionMinimum,
    double InterMonthCharge
);

/// <summary>Parameters of the SPAN-like scan with date and source.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="InitialFactor">Initial over maintenance.</param>
/// <param name="DecayDays">Time that passes in a scenario.</param>
/// <param name="ExtremeMultiple">Extreme move over the price scan range.</param>
/// <param name="ExtremeCover">Share of the extreme loss that counts.</param>
/// <param name="Products">By underlying.</param>
public sealed record SpanParameters(
    MarginNote Note,
    double InitialFactor,
    double DecayDays,
    double ExtremeMultiple,
    double ExtremeCover,
    ImmutableSortedDictionary<string, SpanProduct> Products
)
{
    /// <summary>Where the shipped figures are.</summary>
    public const string Resource = "venues/cme/span-like.json";

    /// <summary>Reads a text in the format of data/venues/cme/span-like.json.</summary>
    public static Parsed<SpanParameters> Parse(string json, string place) =>
        VenueParameters.Read(json, place, "span-like", Make);

    static SpanParameters Make(ParameterNode root, MarginNote note) =>
        new(
            note,
            root.Number("initial_factor", 1, 10),
            root.Number("decay_days", 0, 30),
            root.Number("extreme_multiple", 1, 10),
            root.Number("extreme_cover_fraction", 0, 1),
            root.Entries("products")
                .ToImmutableSortedDictionary(
                    row => row.Key,
                    row => new SpanProduct(
                        row.Node.Number("price_scan_range", 0.001, 0.99),
                        row.Node.Number("volatility_scan_range", 0, 10),
                        row.Node.Number("short_option_minimum", 0, 1),
                        row.Node.Number("inter_month_charge", 0, 1)
                    )
                )
        );
}
