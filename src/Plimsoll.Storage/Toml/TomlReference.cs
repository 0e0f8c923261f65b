using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>
/// What derives from the descriptions of the TOML keys: JSON schemas and tables for the reference page.
/// </summary>
public static class TomlReference
{
    static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>JSON schema of a mandate, for editors that complete and check TOML.</summary>
    public static string MandateSchema() => Schema(MandateKeys.Root, "Plimsoll mandate");

    /// <summary>JSON schema of an account.</summary>
    public static string AccountSchema() => Schema(AccountKeys.Root, "Plimsoll account");

    /// <summary>JSON schema of a stress file.</summary>
    public static string StressSchema() => Schema(StressKeys.Root, "Plimsoll stress file");

    /// <summary>Markdown tables of every key of a stress file.</summary>
    public static string StressTables() => Tables(StressKeys.Root);

    /// <summary>JSON schema of a run's configuration.</summary>
    public static string RunSchema() => Schema(RunKeys.Root, "Plimsoll run");

    /// <summary>Markdown tables of every key of a run's configuration.</summary>
    public static string RunTables() => Tables(RunKeys.Root);

    /// <summary>Markdown tables of every key of a mandate.</summary>
    public static string MandateTables() => Tables(MandateKeys.Root);

    /// <summary>Markdown tables of every key of an account.</summary>
    public static string AccountTables() => Tables(AccountKeys.Root);

    static string Schema(TomlTableKind root, string title)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = title,
            ["description"] = root.Meaning,
        };
        foreach (var (name, value) in root.Schema())
            schema[name] = value!.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }

    static string Tables(TomlTableKind root)
    {
        var text = new StringBuilder();
        AppendTable(text, "", root);
        return text.ToString();
    }

    static void AppendTable(StringBuilder text, string path, TomlTableKind table)
    {
        text.Append(path.Length == 0 ? "### At the top of the file\n\n" : $"### `{path}`\n\n");
        text.Append(table.Meaning).Append("\n\n| key | value | when absent | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var key in table.Keys)
            text.Append($"| `{key.Name}` | {Cell(Value(key))} | {Cell(Absence(key))} | {Cell(key.Meaning)} |\n");
        text.Append('\n');
        foreach (var key in table.Keys)
        foreach (var (suffix, inner) in key.Kind.Tables)
            AppendTable(text, TomlBinding.Join(path, key.Name + suffix), inner);
    }

    static string Value(TomlKey key) => key.Kind.Tables.Any() ? "see below" : key.Kind.Expectation;

    static string Absence(TomlKey key) =>
        key.Required ? "a fault"
        : key.Fallback is { } fallback ? $"`{fallback}`"
        : key.Absent ?? "nothing";

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
