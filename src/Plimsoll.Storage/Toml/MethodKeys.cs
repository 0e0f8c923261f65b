using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The tables <c>[method.KEY]</c>: one key for each parameter that a method declares.</summary>
static class MethodKeys
{
    /// <summary>One parameter as a key, and how its value is taken out of a bound table.</summary>
    sealed record Entry(MethodParameter Parameter, TomlKey Key, Func<BoundTable, object?> Value);

    static readonly ImmutableArray<(string Key, TomlKey<BoundTable> Table, ImmutableArray<Entry> Entries)> Methods =
    [
        .. SizingMethods.All.Select(Table),
    ];

    /// <summary>All tables.</summary>
    public static readonly TomlKey<BoundTable> Method = new(
        "method",
        new TomlTableKind("Parameters of sizing methods, a table each.", [.. Methods.Select(row => row.Table)]),
        "Parameters of sizing methods, used by objective or --method.",
        absent: "every default"
    );

    /// <summary>What a mandate says of methods.</summary>
    public static MethodChoice Make(BoundTable root)
    {
        var settings = ImmutableDictionary.CreateBuilder<string, MethodSettings>(StringComparer.Ordinal);
        if (root.Find(Method) is { } tables)
            foreach (var (key, table, entries) in Methods)
                if (tables.Find(table) is { } bound)
                    settings[key] = new MethodSettings(
                        entries
                            .Select(entry => (entry.Parameter, Value: entry.Value(bound)))
                            .Where(row => row.Value is not null)
                            .ToImmutableDictionary(row => row.Parameter, row => row.Value!)
                    );
        string? word = root.Source.Find(MandateKeys.Objective.Name) is TomlScalar scalar ? scalar.Value : null;
        return new MethodChoice(
            word is null or "protect" ? null : SizingMethods.Find(word)?.Key,
            settings.ToImmutable()
        );
    }

    static (string, TomlKey<BoundTable>, ImmutableArray<Entry>) Table(ISizingMethod method)
    {
        ImmutableArray<Entry> entries = [.. MethodParameters.Common.Concat(method.Parameters).Select(Of)];
        var table = new TomlTableKind(method.Description, [.. entries.Select(entry => entry.Key)]);
        return (
            method.Key,
            new TomlKey<BoundTable>(method.Key, table, method.Description, absent: "every default"),
            entries
        );
    }

    static Entry Of(MethodParameter parameter)
    {
        switch (parameter)
        {
            case ShareParameter share:
                var percent = new TomlPercentage(Bounds(100 * share.Least, 100 * share.Most), Percent(share.Fallback));
                var shareKey = new TomlKey<double>(
                    share.Name,
                    percent,
                    share.Meaning,
                    fallback: $"\"{Percent(share.Fallback)}\""
                );
                return new Entry(parameter, shareKey, table => table.Number(shareKey));
            case NumberParameter number:
                var numberKey = new TomlKey<double>(
                    number.Name,
                    new TomlNumber(Bounds(number.Least, number.Most)),
                    number.Meaning,
                    fallback: number.Fallback.ToString("0.############", CultureInfo.InvariantCulture)
                );
                return new Entry(parameter, numberKey, table => table.Number(numberKey));
            case ChoiceParameter choice:
                var choiceKey = new TomlKey<string>(
                    choice.Name,
                    TomlVariants.Words([.. choice.Words]),
                    choice.Meaning,
                    fallback: $"\"{choice.Fallback}\""
                );
                return new Entry(parameter, choiceKey, table => table.Find(choiceKey));
            case ChoicesParameter choices:
                var choicesKey = new TomlKey<ImmutableArray<string>>(
                    choices.Name,
                    new TomlList<string>(TomlVariants.Words([.. choices.Words]), least: 1),
                    choices.Meaning,
                    fallback: "[" + string.Join(", ", choices.Fallback.Select(word => $"\"{word}\"")) + "]"
                );
                return new Entry(parameter, choicesKey, table => table.Number(choicesKey));
            case NamesParameter names:
                var namesKey = new TomlKey<ImmutableArray<string>>(
                    names.Name,
                    new TomlList<string>(TomlWords.Pattern),
                    names.Meaning,
                    absent: "none named"
                );
                return new Entry(parameter, namesKey, table => table.Number(namesKey));
            case NumbersByNameParameter byName:
                var byNameKey = new TomlKey<ImmutableDictionary<string, double>>(
                    byName.Name,
                    new TomlNumbersByName(Bounds(byName.Least, byName.Most)),
                    byName.Meaning,
                    absent: "none named"
                );
                return new Entry(parameter, byNameKey, table => table.Find(byNameKey));
            default:
                throw new InvalidOperationException($"no key for a {parameter.GetType().Name}");
        }
    }

    static TomlBounds Bounds(double least, double most) => TomlBounds.FromTo((decimal)least, (decimal)most);

    static string Percent(double share) => (100 * share).ToString("0.########", CultureInfo.InvariantCulture) + "%";
}

/// <summary>What a mandate says of methods: the one it names as its objective, and parameters by method.</summary>
/// <param name="Objective">Key of a method; null: the mandate's own objective.</param>
/// <param name="Settings">By key of a method; absent ones have every default.</param>
public sealed record MethodChoice(string? Objective, ImmutableDictionary<string, MethodSettings> Settings)
{
    /// <summary>Parameters of a method.</summary>
    public MethodSettings Of(string key) => Settings.GetValueOrDefault(key, MethodSettings.Defaults);
}

/// <summary>Growth, protect, or the key of a method, under which lines may open as under growth.</summary>
sealed class TomlObjective : TomlKind<ObjectiveKind>
{
    static readonly ImmutableArray<string> Words =
    [
        "growth",
        "protect",
        .. SizingMethods.All.Select(method => method.Key).Where(key => key != "growth"),
    ];

    public override string Expectation => "\"growth\" or \"protect\", or a method such as \"risk-parity\"";

    public override bool TryBind(TomlNode node, string path, TomlBinding binding, out ObjectiveKind value)
    {
        value = ObjectiveKind.Growth;
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
            return Refuse(node, path, binding);
        if (scalar.Value == "protect")
            value = ObjectiveKind.Protect;
        string? nearest = NearestName.Of(scalar.Value, Words);
        return Words.Contains(scalar.Value)
            || Refuse(node, path, binding, nearest is null ? null : $"perhaps \"{nearest}\"");
    }

    public override JsonObject Schema() =>
        new() { ["enum"] = new JsonArray([.. Words.Select(word => (JsonNode)word)]) };
}

/// <summary>Numbers by a name or pattern: <c>{ "BTC-*" = 2, "ETH-*" = 1 }</c>.</summary>
sealed class TomlNumbersByName(TomlBounds bounds) : TomlKind<ImmutableDictionary<string, double>>
{
    readonly TomlNumber number = new(bounds);

    public override string Expectation =>
        $"numbers by name or pattern, such as {{ \"BTC-*\" = 2 }}, each {number.Expectation}";

    public override bool TryBind(
        TomlNode node,
        string path,
        TomlBinding binding,
        out ImmutableDictionary<string, double> value
    )
    {
        value = ImmutableDictionary<string, double>.Empty;
        if (node is not TomlTable table)
            return Refuse(node, path, binding);
        var numbers = ImmutableDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (key, line, child) in table.Entries)
        {
            string childPath = TomlBinding.Join(path, key);
            binding.Note(childPath, line);
            if (number.TryBind(child, childPath, binding, out double bound))
                numbers[key] = bound;
        }
        value = numbers.ToImmutable();
        return numbers.Count == table.Entries.Count;
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = number.Schema() };
}
