using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>
/// Files that derive from the descriptions of the TOML keys stand in the tree as they derive now.
/// </summary>
public sealed class GeneratedFileTests
{
    const string Renew =
        "PLIMSOLL_ACCEPT=1 dotnet test --project tests/Plimsoll.Storage.Tests -c Release --filter-class '*GeneratedFileTests'";

    static bool Accept => Environment.GetEnvironmentVariable("PLIMSOLL_ACCEPT") == "1";

    [Fact]
    public void Schema_of_a_mandate_is_current() => Check("schemas/mandate.schema.json", TomlReference.MandateSchema());

    [Fact]
    public void Schema_of_an_account_is_current() =>
        Check("schemas/account.schema.json", TomlReference.AccountSchema());

    [Fact]
    public void Schema_of_a_run_is_current() => Check("schemas/run.schema.json", TomlReference.RunSchema());

    [Fact]
    public void Schema_of_a_snapshot_is_current() => Check("schemas/snapshot.schema.json", SnapshotFile.Schema());

    [Fact]
    public void Schema_of_a_stress_file_is_current() =>
        Check("schemas/stress.schema.json", TomlReference.StressSchema());

    [Fact]
    public void Tables_of_the_reference_page_are_current()
    {
        CheckBlock("docs/mandate.md", "mandate keys", TomlReference.MandateTables());
        CheckBlock("docs/formats.md", "snapshot members", SnapshotFile.Tables());
        CheckBlock("docs/mandate.md", "account keys", TomlReference.AccountTables());
        CheckBlock("docs/stress.md", "stress keys", TomlReference.StressTables());
        CheckBlock("docs/live.md", "run keys", TomlReference.RunTables());
    }

    [Fact]
    public void Schemas_name_every_key_with_its_meaning_and_close_every_table()
    {
        Assert.All(
            [
                TomlReference.MandateSchema(),
                TomlReference.AccountSchema(),
                TomlReference.StressSchema(),
                TomlReference.RunSchema(),
                SnapshotFile.Schema(),
            ],
            text => Closed(JsonNode.Parse(text)!)
        );

        static void Closed(JsonNode node)
        {
            if (node is JsonObject { } table && table["properties"] is JsonObject properties)
            {
                Assert.False((bool)table["additionalProperties"]!);
                Assert.All(properties, property => Assert.NotEmpty((string)property.Value!["description"]!));
            }
            if (node is JsonObject parent)
                foreach (var child in parent.Select(pair => pair.Value).OfType<JsonNode>())
                    Closed(child);
            else if (node is JsonArray items)
                foreach (var item in items.OfType<JsonNode>())
                    Closed(item);
        }
    }

    static void CheckBlock(string path, string block, string content)
    {
        string full = Path.Combine(Repository.Root, path);
        string page = File.ReadAllText(full);
        string start = $"<!-- generated: {block} -->\n";
        const string End = "<!-- end of the generated part -->";
        int from = page.IndexOf(start, StringComparison.Ordinal) + start.Length;
        Assert.True(from >= start.Length, $"{path} has no line {start}");
        int to = page.IndexOf(End, from, StringComparison.Ordinal);
        Check(path, page[..from] + "\n" + content + page[to..]);
    }

    static void Check(string path, string content)
    {
        string full = Path.Combine(Repository.Root, path);
        if (Accept)
            File.WriteAllText(full, content);
        Assert.True(
            File.Exists(full) && File.ReadAllText(full) == content,
            $"{path} is not current; renew it with:  {Renew}"
        );
    }
}
