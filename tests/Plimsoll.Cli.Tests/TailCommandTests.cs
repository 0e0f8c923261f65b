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
        Write(bars, "AAA", hours: 4, days: 760, seed: 1);
        Write(bars, "BBB", hours: 4, days: 760, seed: 2);
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

    [Fact]
    public void Gaps_other_bar_lengths_prices_alone_and_young_coins_are_judged_or_named()
    {
        string mixed = Path.Combine(folder.Path, "mixed");
        Directory.CreateDirectory(mixed);
        Write(mixed, "GAP", hours: 4, days: 900, seed: 3, isMissing: day => day % 97 == 50);
        Write(mixed, "HOUR", hours: 1, days: 760, seed: 4);
        Write(mixed, "DAY", hours: 24, days: 760, seed: 5);
        Write(mixed, "NEW", hours: 4, days: 300, seed: 6);
        File.WriteAllText(
            Path.Combine(mixed, "PRICE-daily.csv"),
            "date,price_usd\n"
                + string.Concat(
                    File.ReadLines(Path.Combine(mixed, "DAYUSDT-24h.csv"))
                        .Skip(1)
                        .Select(line => $"{line[..10]},{line.Split(',')[4]}\n")
                )
        );
        var run = CommandRun.Of("tail", "evaluate", "--history", mixed, "--models", "GARCH-t,HAR-panel,auto", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(run.Out);
        string[] notes =
        [
            .. json.RootElement.GetProperty("warnings").EnumerateArray().Select(note => note.GetString()!),
        ];
        Assert.Contains(notes, note => note.StartsWith("GAP: 9 days without a bar", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("DAY: bars of a day", StringComparison.Ordinal));
        Assert.Contains("NEW: too few days to judge", notes);
        var rows = json.RootElement.GetProperty("rows").EnumerateArray().ToArray();
        foreach (string coin in (string[])["GAP", "HOUR", "DAY", "PRICE"])
        {
            JsonElement Row(string model) =>
                rows.First(row =>
                    row.GetProperty("underlying").GetString() == coin && row.GetProperty("model").GetString() == model
                );
            // Each series is one of 3% a day, normal: whatever the bars, the mean 1% quantile is near 7%.
            Assert.InRange(Row("auto").GetProperty("mean_value_at_risk").GetDouble(), 0.055, 0.095);
            Assert.Equal(0, Row("auto").GetProperty("undetermined").GetInt32());
            bool hasGaps = coin == "GAP";
            Assert.Equal(hasGaps, Row("HAR-panel").GetProperty("undetermined").GetInt32() > 0);
            // A model with holes is voided; the others are still compared.
            var mean = Row("HAR-panel").GetProperty("mean_fz0");
            Assert.Equal(hasGaps, mean.ValueKind == JsonValueKind.Null);
            Assert.Equal(JsonValueKind.Number, Row("auto").GetProperty("confidence_set_p").ValueKind);
        }
    }

    [Fact]
    public void What_the_tail_model_adds_is_walked_on_bars_and_young_coins_are_named()
    {
        string mixed = Path.Combine(folder.Path, "walk");
        Directory.CreateDirectory(mixed);
        Write(mixed, "OLD", hours: 8, days: 1300, seed: 8);
        Write(mixed, "NEW", hours: 8, days: 700, seed: 9);
        string[] asked = ["backtest", "tail-model", "--history", mixed];
        var run = CommandRun.Of([.. asked, "--json"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(run.Out);
        var coin = json.RootElement.GetProperty("coins").EnumerateArray().Single();
        Assert.Equal("OLD", coin.GetProperty("underlying").GetString());
        Assert.Equal(1299 - 865, coin.GetProperty("days").GetInt32());
        var free = CommandRun.Of([.. asked, "--cost", "0.0001%", "--json"]);
        Assert.True(Cost(free.Out) < Cost(run.Out) / 100);
        var table = CommandRun.Of(asked);
        Assert.Contains("NEW: too few days to walk", table.Out, StringComparison.Ordinal);
        Assert.Contains("with tail budget", table.Out, StringComparison.Ordinal);
        Assert.Equal(4, CommandRun.Of([.. asked, "--underlying", "NEW"]).Code);
        Refused(["--cost", "a percentage"], [.. asked, "--cost", "much"]);

        static double Cost(string text)
        {
            using var parsed = JsonDocument.Parse(text);
            var rules = parsed.RootElement.GetProperty("coins")[0].GetProperty("rules");
            return rules.EnumerateArray().Sum(rule => rule.GetProperty("cost_annual").GetDouble());
        }
    }

    [Fact]
    public void Chains_teach_and_a_day_without_one_is_named()
    {
        string? chains = Repository.Shared("market/chains");
        string? history = Repository.Shared("market/history");
        Assert.SkipUnless(chains is not null && history is not null, "needs ../shared, which is not here");
        string few = Path.Combine(folder.Path, "few");
        Directory.CreateDirectory(few);
        foreach (string file in Directory.GetFiles(chains).Where(f => f.Contains("-202601", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(few, Path.GetFileName(file)));
        string model = Path.Combine(folder.Path, "btc.json");
        string[] asked = ["tail", "fit", "--history", history, "--chains", few, "--underlying", "BTC"];
        var fit = CommandRun.Of([.. asked, "--until", "2026-02-01", "--out", model]);
        Assert.Equal((0, ""), (fit.Code, fit.Error));
        Assert.Contains("BTC: chains of 31 days", fit.Out, StringComparison.Ordinal);
        Assert.Contains("no option chain of ADA", fit.Out, StringComparison.Ordinal);
        var without = CommandRun.Of("tail", "forecast", "--history", history, "--model", model, "--json");
        Assert.Contains("no option chain of 2026-03-03", without.Out, StringComparison.Ordinal);
        Refused(["no such folder"], "tail", "evaluate", "--history", history, "--chains", "nowhere");
    }

    /// <summary>Bars with a deviation of 3% a day.</summary>
    static void Write(string to, string coin, int hours, int days, ulong seed, Func<int, bool>? isMissing = null)
    {
        var random = new SeededRandom(seed, 0);
        var text = new StringBuilder("open_time,open,high,low,close,volume_base\n");
        var time = new DateTime(2022, 1, 1);
        double price = 100;
        for (int i = 0; i < 24 / hours * days; i++, time = time.AddHours(hours))
        {
            double step = 0.03 * Math.Sqrt(hours / 24.0);
            double close = price * Math.Exp(step * random.NextNormal());
            double high = Math.Max(price, close) * (1 + 0.3 * step * random.NextDouble());
            double low = Math.Min(price, close) * (1 - 0.3 * step * random.NextDouble());
            if (isMissing?.Invoke(i * hours / 24) != true)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{time:yyyy-MM-ddTHH:mm:ss}Z,{price},{high},{low},{close},{100 + i % 7}\n"
                );
            price = close;
        }
        File.WriteAllText(Path.Combine(to, $"{coin}USDT-{hours}h.csv"), text.ToString());
    }
}
