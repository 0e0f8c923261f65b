using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.TestSupport;

/// <summary>Reads golden rows from the shared data; the tests that use them skip where it is absent.</summary>
public static class Golden
{
    /// <summary>The <c>cases</c> of a golden file, or null where the shared data is absent.</summary>
    public static IReadOnlyList<JsonObject>? Cases(string relativePath)
    {
        if (Repository.Shared(Path.Combine("golden", relativePath)) is not { } path)
            return null;
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        var rows = root as JsonArray ?? root["cases"]!.AsArray();
        return [.. rows.Select(row => row!.AsObject())];
    }

    /// <summary>A number that may be written as a string where a double cannot hold it.</summary>
    public static double Number(JsonNode? node) =>
        node is null ? double.NaN
        : node.GetValueKind() == JsonValueKind.String
            ? double.Parse(node.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)
        : node.GetValue<double>();

    /// <summary>The reason to give when skipping.</summary>
    public const string Absent = "needs ../shared, which is not here";
}
