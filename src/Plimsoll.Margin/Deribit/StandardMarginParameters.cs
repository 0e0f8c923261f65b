using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Fractions for one short option, of one coin (inverse) or of the forward (linear).</summary>
/// <param name="InitialFraction">Less the fraction out of the money.</param>
/// <param name="InitialFloor">Never less than this.</param>
/// <param name="MaintenanceFraction">Maintenance.</param>
public sealed record OptionMarginFractions(double InitialFraction, double InitialFloor, double MaintenanceFraction);

/// <summary>Fractions of a futures position of Q coins: base + slope·Q.</summary>
/// <param name="InitialBase">Initial, at size 0.</param>
/// <param name="MaintenanceBase">Maintenance, at size 0.</param>
/// <param name="SlopePerCoin">Added to both for each coin of the position.</param>
public sealed record FutureMarginFractions(double InitialBase, double MaintenanceBase, double SlopePerCoin);

/// <summary>Fractions of one coin; a null part is not known.</summary>
public sealed record UnderlyingMarginFractions(
    string Underlying,
    OptionMarginFractions? Option,
    FutureMarginFractions? Future
);

/// <summary>Parameters of Deribit's standard margin with their date and source.</summary>
/// <param name="Dated">Day on which they were in force.</param>
/// <param name="Source">Address.</param>
/// <param name="Note">What is known to be uncertain.</param>
/// <param name="Underlyings">By coin.</param>
public sealed record StandardMarginParameters(
    DateOnly Dated,
    string Source,
    string Note,
    ImmutableArray<UnderlyingMarginFractions> Underlyings
)
{
    const string Resource = "venues/deribit/standard-margin.json";

    /// <summary>Fractions of a coin, or null.</summary>
    public UnderlyingMarginFractions? Find(string underlying)
    {
        foreach (var row in Underlyings)
            if (row.Underlying == underlying)
                return row;
        return null;
    }

    /// <summary>The parameters that ship with the program (data/venues/deribit/standard-margin.json).</summary>
    public static StandardMarginParameters Shipped() => Parse(VenueParameters.Shipped(Resource), Resource).Value;

    /// <summary>Reads the same format from a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What to call it in faults: a file name.</param>
    public static Parsed<StandardMarginParameters> Parse(string json, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var rows = root.GetProperty("underlyings").EnumerateArray().Select(Row).ToImmutableArray();
            var parameters = new StandardMarginParameters(
                DateOnly.ParseExact(root.GetProperty("dated").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
                root.GetProperty("source").GetString()!,
                root.GetProperty("note").GetString()!,
                rows
            );
            var faults = rows.SelectMany(row => Faults(row, place)).ToList();
            return faults.Count == 0
                ? Parsed<StandardMarginParameters>.Ok(parameters)
                : Parsed<StandardMarginParameters>.Fail(faults);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentNullException
            )
        {
            return Parsed<StandardMarginParameters>.Fail(
                new Fault(place, null, "", e.Message, "the format of data/venues/deribit/standard-margin.json")
            );
        }
    }

    static UnderlyingMarginFractions Row(JsonElement row) =>
        new(
            row.GetProperty("underlying").GetString()!,
            row.TryGetProperty("option", out var option)
                ? new OptionMarginFractions(
                    Number(option, "initial_fraction"),
                    Number(option, "initial_floor"),
                    Number(option, "maintenance_fraction")
                )
                : null,
            row.TryGetProperty("future", out var future)
                ? new FutureMarginFractions(
                    Number(future, "initial_base"),
                    Number(future, "maintenance_base"),
                    Number(future, "slope_per_coin")
                )
                : null
        );

    static double Number(JsonElement row, string key) => row.GetProperty(key).GetDouble();

    /// <summary>Fractions lie in [0, 1) and maintenance is never above initial.</summary>
    static IEnumerable<Fault> Faults(UnderlyingMarginFractions row, string place)
    {
        var values = new List<(string Key, double Value)>();
        if (row.Option is { } option)
        {
            values.Add(("option.initial_fraction", option.InitialFraction));
            values.Add(("option.initial_floor", option.InitialFloor));
            values.Add(("option.maintenance_fraction", option.MaintenanceFraction));
        }
        if (row.Future is { } future)
        {
            values.Add(("future.initial_base", future.InitialBase));
            values.Add(("future.maintenance_base", future.MaintenanceBase));
            values.Add(("future.slope_per_coin", future.SlopePerCoin));
        }
        foreach (var (key, value) in values)
            if (!(value >= 0 && value < 1))
                yield return new Fault(
                    place,
                    null,
                    $"underlyings[{row.Underlying}].{key}",
                    value.ToString("R", CultureInfo.InvariantCulture),
                    "a fraction in [0, 1)"
                );
        if (row.Option is { } o && o.MaintenanceFraction > o.InitialFloor)
            yield return new Fault(
                place,
                null,
                $"underlyings[{row.Underlying}].option.maintenance_fraction",
                o.MaintenanceFraction.ToString("R", CultureInfo.InvariantCulture),
                "at most initial_floor"
            );
    }
}
