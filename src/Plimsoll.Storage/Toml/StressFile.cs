using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Storage.StressKeys;

namespace Plimsoll.Storage;

/// <summary>Cases read from a stress file.</summary>
public sealed record StressCases(ImmutableArray<StressCase> Cases);

/// <summary>
/// Reads a stress file: strict TOML, every fault at once with file, line, key path, value and expectation.
/// </summary>
public static class StressFile
{
    /// <summary>Reads a file.</summary>
    public static Parsed<StressCases> Read(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded ? Parse(text.Value.Text, text.Value.Place) : Parsed<StressCases>.Fail(text.Faults);
    }

    /// <summary>Reads text; <paramref name="place"/> stands in the faults.</summary>
    public static Parsed<StressCases> Parse(string text, string place)
    {
        var located = TomlDocument.Bind(text, place, Root, Make);
        return located.Succeeded
            ? Parsed<StressCases>.Ok(located.Value.Value)
            : Parsed<StressCases>.Fail(located.Faults);
    }

    static StressCases Make(BoundTable root, TomlBinding binding)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tables = root.Get(Cases);
        foreach (var table in tables)
            if (!seen.Add(table.Get(Name)))
                binding.Refuse(table.Source.Find("name")!, $"{table.Path}.name", "each case's name once");
        return new StressCases([.. tables.Select(MakeCase)]);
    }

    static StressCase MakeCase(BoundTable table) =>
        new(
            table.Get(Name),
            table
                .Get(Moves)
                .ToImmutableSortedDictionary(coin => coin.Key, coin => MakeCoin(coin.Value), StringComparer.Ordinal),
            new LiquidityStress(table.Get(Spread), table.Get(Depth), "stated in the file")
        );

    static CoinStress MakeCoin(BoundTable coin) =>
        new(
            coin.Get(Spot),
            coin.Number(Volatility),
            coin.Number(Skew),
            coin.Get(Term),
            coin.Get(PerpetualBasis),
            coin.Get(ForwardRate)
        );
}
