using System.Text.Json;
using Plimsoll.TestSupport;

namespace Plimsoll.Reports.Tests;

/// <summary>Keys of an answer as docs/commands.md lists them, and as JSON text holds them.</summary>
static class DocumentedKeys
{
    /// <summary>Keys documented for a command, in order of the page.</summary>
    public static IReadOnlyList<string> Of(string command)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "commands.md"));
        string[] parts = page.Split($"<!-- keys: {command} -->");
        Assert.Equal(2, parts.Length);
        return
        [
            .. parts[1]
                .Split("<!-- end of keys -->")[0]
                .Split('\n')
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(line => line.Split('`')[1]),
        ];
    }

    /// <summary>Every key path of a JSON text; lists as <c>name[]</c>, maps whose keys are data as <c>name.*</c>.</summary>
    public static IReadOnlyList<string> In(string json, params string[] maps)
    {
        var keys = new List<string>();
        using var document = JsonDocument.Parse(json);
        Collect(document.RootElement, "");
        return [.. keys.Distinct()];

        void Collect(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 0)
                keys.Add(path + "[] (empty)");
            else if (element.ValueKind == JsonValueKind.Array)
                foreach (var item in element.EnumerateArray())
                    Collect(item, path + "[]");
            else if (element.ValueKind == JsonValueKind.Object && maps.Contains(path))
                keys.Add(path + ".*");
            else if (element.ValueKind == JsonValueKind.Object)
                foreach (var member in element.EnumerateObject())
                    Collect(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}");
            else
                keys.Add(path);
        }
    }

    /// <summary>Asserts that printed and documented keys are the same; an empty list stands for its documented entries.</summary>
    public static void Check(string command, string json, params string[] maps)
    {
        const string Empty = "[] (empty)";
        var printed = In(json, maps);
        string[] empty =
        [
            .. printed
                .Where(key => key.EndsWith(Empty, StringComparison.Ordinal))
                .Select(key => key[..^8])
                .Where(list => !printed.Any(key => key.StartsWith(list + ".", StringComparison.Ordinal))),
        ];
        var documented = Of(command).Where(key => !empty.Any(list => key.StartsWith(list, StringComparison.Ordinal)));
        Assert.Equal(
            documented.Order(StringComparer.Ordinal),
            printed.Where(key => !key.EndsWith(Empty, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
    }
}
