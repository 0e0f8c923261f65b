using System.Collections.Immutable;

namespace Plimsoll.Storage;

/// <summary>Forms of the keys of a run's configuration: each has a default.</summary>
static class RunForms
{
    public static TomlKey<double> Share(string name, string fallback, string meaning) =>
        Share(name, 100, fallback, meaning);

    /// <summary>A share that may be above the whole.</summary>
    public static TomlKey<double> Share(string name, decimal most, string fallback, string meaning) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, most), fallback), meaning, fallback: $"\"{fallback}\"");

    /// <summary>Shares that belong together, in an order that the meaning says.</summary>
    public static TomlKey<ImmutableArray<double>> Shares(
        string name,
        decimal most,
        ImmutableArray<string> fallback,
        string meaning
    ) =>
        new(
            name,
            new TomlList<double>(new TomlPercentage(TomlBounds.AboveTo(0, most), fallback[0]), fallback.Length),
            meaning,
            fallback: $"[{string.Join(", ", fallback.Select(share => $"\"{share}\""))}]"
        );

    public static TomlKey<decimal> Usd(string name, string fallback, string meaning) =>
        new(name, new TomlExactNumber(TomlBounds.Positive, "USD of notional"), meaning, fallback: fallback);

    public static TomlKey<decimal> Seconds(string name, decimal least, decimal most, string fallback, string meaning) =>
        new(name, new TomlExactNumber(TomlBounds.FromTo(least, most), "seconds"), meaning, fallback: fallback);

    public static TomlKey<int> Count(string name, int least, int most, string fallback, string meaning) =>
        new(name, new TomlWhole(least, most), meaning, fallback: fallback);

    /// <summary>A table that may be left out, as each of its keys may.</summary>
    public static TomlKey<BoundTable> Table(string name, string meaning, params ImmutableArray<TomlKey> keys) =>
        new(name, new TomlTableKind(meaning, keys), meaning, absent: "the defaults of its keys");
}
