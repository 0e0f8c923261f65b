using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Golden rows of the tails folder and how near a row asks one to come.</summary>
static class TailsGolden
{
    public static JsonObject Case(string file, string name)
    {
        var cases = Golden.Cases($"tails/{file}.json");
        Assert.SkipUnless(cases is not null, Golden.Absent);
        return cases.Single(row => row["name"]!.GetValue<string>() == name);
    }

    public static JsonNode Inputs(this JsonObject row, string key) => row["inputs"]![key]!;

    public static double Input(this JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    public static double[] InputVector(this JsonObject row, string key) => Vector(row["inputs"]![key]);

    public static double[] Vector(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    public static double[][] Rows(JsonNode? node) => [.. node!.AsArray().Select(Vector)];

    /// <summary>The row's own rule: relative or absolute, either is enough.</summary>
    public static void Near(this JsonObject row, double expected, double actual, string what)
    {
        double relative = Golden.Number(row["tolerance"]!["rel"]);
        double absolute = Golden.Number(row["tolerance"]!["abs"]);
        Near(expected, actual, relative, absolute, $"{row["name"]}: {what}");
    }

    public static void Meets(this JsonObject row, string key, double actual) =>
        row.Near(Golden.Number(row["expected"]![key]), actual, key);

    public static void MeetsVector(this JsonObject row, string key, IReadOnlyList<double> actual)
    {
        double[] expected = Vector(row["expected"]![key]);
        Assert.Equal(expected.Length, actual.Count);
        for (int i = 0; i < expected.Length; i++)
            row.Near(expected[i], actual[i], $"{key}[{i}]");
    }

    public static void Near(double expected, double actual, double relative, double absolute, string what) =>
        Assert.True(
            Math.Abs(actual - expected) <= Math.Max(absolute, relative * Math.Abs(expected)),
            $"{what}: expected {expected:R}, got {actual:R}"
        );

    /// <summary>The second column of a file of the folder.</summary>
    public static double[] Column(string file)
    {
        string? path = Repository.Shared($"golden/tails/{file}");
        Assert.SkipUnless(path is not null, Golden.Absent);
        return
        [
            .. File.ReadLines(path)
                .Skip(1)
                .Select(line => double.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }
}
