using System.Globalization;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>Range of a number; the ends may be excluded, and infinite ends are no bound.</summary>
readonly record struct TomlBounds(decimal? Least, bool LeastExcluded, decimal? Most, bool MostExcluded)
{
    public static TomlBounds None => new(null, false, null, false);

    public static TomlBounds Positive => Above(0);

    public static TomlBounds Above(decimal least) => new(least, true, null, false);

    public static TomlBounds From(decimal least) => new(least, false, null, false);

    public static TomlBounds FromTo(decimal least, decimal most) => new(least, false, most, false);

    public static TomlBounds FromBelow(decimal least, decimal most) => new(least, false, most, true);

    /// <summary>Above one, up to the other.</summary>
    public static TomlBounds AboveTo(decimal least, decimal most) => new(least, true, most, false);

    public static TomlBounds Between(decimal least, decimal most) => new(least, true, most, true);

    public bool Contains(decimal value) =>
        (Least is not { } least || (LeastExcluded ? value > least : value >= least))
        && (Most is not { } most || (MostExcluded ? value < most : value <= most));

    /// <summary>
    /// In words, with a unit behind each figure: <c>above 0% and at most 100%</c>; empty without bounds.
    /// </summary>
    public string Words(string unit)
    {
        string low = Least is { } least ? $"{(LeastExcluded ? "above" : "at least")} {Text(least)}{unit}" : "";
        string high = Most is { } most ? $"{(MostExcluded ? "below" : "at most")} {Text(most)}{unit}" : "";
        return low.Length == 0 || high.Length == 0 ? low + high : $"{low} and {high}";
    }

    /// <summary>Adds the bounds to a JSON schema of a number.</summary>
    public void AddTo(JsonObject schema)
    {
        if (Least is { } least)
            schema[LeastExcluded ? "exclusiveMinimum" : "minimum"] = least;
        if (Most is { } most)
            schema[MostExcluded ? "exclusiveMaximum" : "maximum"] = most;
    }

    static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);
}
