using System.Text.Json.Nodes;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>One golden row of a sizing file, with its numbers as the tests want them.</summary>
sealed class GoldenCase
{
    readonly JsonObject inputs;
    readonly JsonObject expected;

    GoldenCase(JsonObject row, JsonObject inputs)
    {
        this.inputs = inputs;
        expected = row["expected"]!.AsObject();
        Source = row["source"]!.GetValue<string>();
        Tolerance = row["tolerance"]!["value"]!.GetValue<double>();
        Relative = row["tolerance"]!["kind"]!.GetValue<string>() == "relative";
    }

    /// <summary>Where the numbers are published.</summary>
    public string Source { get; }

    public double Tolerance { get; }

    public bool Relative { get; }

    /// <summary>A row by file and name; a row that names another one has that one's inputs.</summary>
    public static GoldenCase Of(string file, string name)
    {
        var rows = Golden.Cases($"sizing/{file}.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(candidate => candidate["name"]!.GetValue<string>() == name);
        var inputs = row["inputs"]!.AsObject();
        if (inputs["case"] is { } other)
        {
            var from = rows!.Single(candidate => candidate["name"]!.GetValue<string>() == other.GetValue<string>());
            var merged = from["inputs"]!.DeepClone().AsObject();
            foreach (var (key, value) in inputs)
                merged[key] = value!.DeepClone();
            inputs = merged;
        }
        return new GoldenCase(row, inputs);
    }

    public double Number(string key) => Golden.Number(inputs[key]);

    public double[] Numbers(string key) => Row(inputs[key]!);

    public double[][] Rows(string key) => [.. inputs[key]!.AsArray().Select(row => Row(row!))];

    public double Expected(string key) => Golden.Number(expected[key]);

    public bool ExpectedFlag(string key) => expected[key]!.GetValue<bool>();

    public double[] ExpectedNumbers(string key) => Row(expected[key]!);

    public double[][] ExpectedRows(string key) => [.. expected[key]!.AsArray().Select(row => Row(row!))];

    /// <summary>Covariance of volatilities and correlations.</summary>
    public SymmetricMatrix Covariance(string volatility = "volatility_annual", string correlation = "correlation") =>
        Covariance(Numbers(volatility), Rows(correlation));

    public static SymmetricMatrix Covariance(double[] volatility, double[][] correlation)
    {
        var matrix = new SymmetricMatrix(volatility.Length);
        for (int i = 0; i < volatility.Length; i++)
        for (int j = i; j < volatility.Length; j++)
            matrix[i, j] = correlation[i][j] * volatility[i] * volatility[j];
        return matrix;
    }

    public static SymmetricMatrix Symmetric(double[][] rows)
    {
        var matrix = new SymmetricMatrix(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        for (int j = i; j < rows.Length; j++)
            matrix[i, j] = rows[i][j];
        return matrix;
    }

    /// <summary>Rows as a matrix of columns.</summary>
    public static ColumnMatrix Columns(double[][] rows)
    {
        var matrix = new ColumnMatrix(rows.Length, rows[0].Length);
        for (int s = 0; s < rows.Length; s++)
        for (int i = 0; i < rows[s].Length; i++)
            matrix[s, i] = rows[s][i];
        return matrix;
    }

    public static double[] Equal(int count) => [.. Enumerable.Repeat(1.0 / count, count)];

    public void Check(string key, double actual) => Near(Expected(key), actual, key);

    public void Check(string key, IEnumerable<double> actual, double? loose = null)
    {
        double[] wanted = ExpectedNumbers(key);
        double[] found = [.. actual];
        Assert.Equal(wanted.Length, found.Length);
        for (int i = 0; i < wanted.Length; i++)
            Near(wanted[i], found[i], $"{key}[{i}]", loose);
    }

    public void Check(string key, SymmetricMatrix actual)
    {
        double[][] wanted = ExpectedRows(key);
        for (int i = 0; i < wanted.Length; i++)
        for (int j = 0; j < wanted.Length; j++)
            Near(wanted[i][j], actual[i, j], $"{key}[{i},{j}]");
    }

    void Near(double wanted, double actual, string what, double? loose = null)
    {
        double tolerance = (loose ?? Tolerance) * (Relative ? Math.Abs(wanted) : 1);
        Assert.True(Math.Abs(wanted - actual) <= tolerance, $"{what}: {actual:G15}, not {wanted:G15} ({Source})");
    }

    static double[] Row(JsonNode node) => [.. node.AsArray().Select(Golden.Number)];
}
