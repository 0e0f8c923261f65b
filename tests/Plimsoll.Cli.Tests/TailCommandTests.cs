using System.Globalization;
using System.Text;
using System.Text.Json;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>Training, forecasting and judging from files, and what is refused.</summary>
public sealed class TailCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly string bars;

    public TailCommandTests()
    {
        bars = Path.Combine(folder.Path, "bars");
        Directory.CreateDirectory(bars);
        Write("AAA", days: 760, seed: 1);
        Write("BBB", days: 760, seed: 2);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_is_trained_written_read_and_used()
    {
        string file = Path.Combine(folder.Path, "model.json");
        var fit = CommandRun.Of("tail", "fit", "--history", bars, "--underlying", "AAA", "--out", file);
        Assert.Equal((0, ""), (fit.Code, fit.Error));
        Assert.Contains("AAA: trained on the days before", fit.Out, StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(file);
        CommandRun.Of("tail", "fit", "--history", bars, "--underlying", "AAA", "--out", file);
        Assert.Equal(first, File.ReadAllBytes(file));

        var forecast = CommandRun.Of("tail", "forecast", "--history", bars, "--model", file, "--json");
        Assert.Equal((0, ""), (forecast.Code, forecast.Error));
        using var json = JsonDocument.Parse(forecast.Out);
        var level = json.RootElement.GetProperty("levels")[0];
        double valueAtRisk = level.GetProperty("value_at_risk").GetDouble();
        double shortfall = level.GetProperty("expected_shortfall").GetDouble();
        // The series has a deviation of 3% a day; its normal 1% quantile is 7%.
        Assert.InRange(valueAtRisk, 0.04, 0.12);
        Assert.True(shortfall > valueAtRisk);
        Assert.Equal(2, level.GetProperty("members").GetArrayLength());

        var table = CommandRun.Of("tail", "forecast", "--history", bars, "--model", file, "--horizon", "5");
        Assert.Contains("5 days from", table.Out, StringComparison.Ordinal);
        Assert.All(table.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Models_are_judged_in_tables_json_and_charts()
    {
        string chart = Path.Combine(folder.Path, "hits.svg");
        string[] asked = ["tail", "evaluate", "--history", bars, "--underlying", "AAA", "--models", "HS-500,auto"];
        foreach (string plot in (string[])["coverage", "hits", "years"])
        {
            var run = CommandRun.Of([.. asked, "--plot", plot, "--chart", chart]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            Assert.Contains("AAA at 2.5%", run.Out, StringComparison.Ordinal);
            Assert.Contains("</svg>", File.ReadAllText(chart), StringComparison.Ordinal);
        }
        var json = CommandRun.Of([.. asked, "--json"]);
        using var document = JsonDocument.Parse(json.Out);
        var rows = document.RootElement.GetProperty("rows");
        Assert.Equal(4, rows.GetArrayLength());
        Assert.Equal(JsonValueKind.Null, rows[0].GetProperty("t_against_reference").ValueKind);
        Assert.Equal("auto", rows[1].GetProperty("model").GetString());
        Assert.Equal(rows[0].GetProperty("hits").GetInt32(), rows[0].GetProperty("hit_dates").GetArrayLength());
        int hits = rows[1].GetProperty("years").EnumerateArray().Sum(year => year.GetProperty("hits").GetInt32());
        Assert.Equal(rows[1].GetProperty("hits").GetInt32(), hits);
    }

    [Fact]
    public void Every_fault_of_the_options_is_named_and_nothing_is_written()
    {
        string file = Path.Combine(folder.Path, "never.json");
        Refused(
            ["CCC", "one of AAA, BBB", "2026-02-30", "a day that exists"],
            "tail",
            "fit",
            "--history",
            bars,
            "--underlying",
            "CCC",
            "--until",
            "2026-02-30",
            "--out",
            file
        );
        Refused(
            ["AAA with 9 whole days", "at least 500 days"],
            "tail",
            "fit",
            "--history",
            bars,
            "--underlying",
            "AAA",
            "--until",
            "2022-01-11",
            "--out",
            file
        );
        Refused(["nowhere"], "tail", "fit", "--history", "nowhere", "--underlying", "AAA", "--out", file);
        Assert.False(File.Exists(file));
        Refused(
            ["--models", "nonsense", "one of auto", "--plot", "coverage, hits or years", "--chart", ".svg or .png"],
            "tail",
            "evaluate",
            "--history",
            bars,
            "--models",
            "nonsense",
            "--plot",
            "pie",
            "--chart",
            "x.gif"
        );
        Refused(["--history"], "tail", "evaluate");
    }

    [Fact]
    public void A_damaged_model_is_refused_with_the_path_of_each_fault()
    {
        string file = Path.Combine(folder.Path, "model.json");
        CommandRun.Of("tail", "fit", "--history", bars, "--underlying", "AAA", "--out", file);
        string good = File.ReadAllText(file);
        foreach (
            var (from, to, expected) in (ReadOnlySpan<(string, string, string)>)
                [
                    ("plimsoll-tail-model", "other", "format"),
                    ("\"week-volatility\"", "\"moon\"", "scale.features"),
                    ("\"log_factor\":", "\"log_facto\":", "log_facto"),
                    ("\"HAR-panel\"", "\"HAR\"", "members"),
                    ("\"alpha\": ", "\"alpha\": -", "volatility.alpha"),
                ]
        )
        {
            Assert.Contains(from, good, StringComparison.Ordinal);
            File.WriteAllText(file, good.Replace(from, to, StringComparison.Ordinal));
            Refused([expected], "tail", "forecast", "--history", bars, "--model", file);
        }
        File.WriteAllText(file, good);
        string old = Path.Combine(folder.Path, "old");
        Directory.CreateDirectory(old);
        File.Copy(Path.Combine(bars, "BBBUSDT-4h.csv"), Path.Combine(old, "BBBUSDT-4h.csv"));
        Refused(["no bars of AAA"], "tail", "forecast", "--history", old, "--model", file);
    }

    static void Refused(string[] words, params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.All(words, word => Assert.Contains(word, run.Error, StringComparison.Ordinal));
    }

    /// <summary>Bars of four hours with a deviation of 3% a day.</summary>
    void Write(string coin, int days, ulong seed)
    {
        var random = new SeededRandom(seed, 0);
        var text = new StringBuilder("open_time,open,high,low,close,volume_base\n");
        var time = new DateTime(2022, 1, 1);
        double price = 100;
        for (int i = 0; i < 6 * days; i++, time = time.AddHours(4))
        {
            double close = price * Math.Exp(0.03 / Math.Sqrt(6) * random.NextNormal());
            double high = Math.Max(price, close) * (1 + 0.003 * random.NextDouble());
            double low = Math.Min(price, close) * (1 - 0.003 * random.NextDouble());
            text.Append(
                CultureInfo.InvariantCulture,
                $"{time:yyyy-MM-ddTHH:mm:ss}Z,{price},{high},{low},{close},{100 + i % 7}\n"
            );
            price = close;
        }
        File.WriteAllText(Path.Combine(bars, coin + "USDT-4h.csv"), text.ToString());
    }
}
