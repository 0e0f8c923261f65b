using System.Text.Json;
using Plimsoll.Reports.Tests;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>Short walks over recorded data through the whole command.</summary>
public sealed class BacktestCommandTests
{
    static string[] Bars(params string[] more)
    {
        string? folder = Repository.Shared("market/history");
        Assert.SkipUnless(folder is not null, "needs ../shared/market, which is not here");
        return ["--history", folder!, "--from", "2020-03-09", "--to", "2020-03-20", "--scenarios", "1000", .. more];
    }

    [Fact]
    public void Bars_give_the_documented_keys_and_every_file()
    {
        using var folder = new TemporaryFolder();
        string html = Path.Combine(folder.Path, "walk.html"),
            svg = Path.Combine(folder.Path, "walk.svg");
        string[] files = ["--html", html, "--chart", svg, "--figure", "drawdown"];
        var run = CommandRun.Of(["compare", "--json", .. files, .. Bars()]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("backtest", run.Out);
        using var document = JsonDocument.Parse(run.Out);
        var methods = document.RootElement.GetProperty("methods").EnumerateArray().ToArray();
        Assert.Contains(methods, method => method.GetProperty("family").GetString() == "static");
        Assert.Contains(methods, method => method.GetProperty("family").GetString() == "integrated");
        Assert.Contains("<svg", File.ReadAllText(svg), StringComparison.Ordinal);
        string page = File.ReadAllText(html);
        Assert.Contains("uPlot", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("\\{\\{[a-z-]+\\}\\}", page);
        Assert.DoesNotMatch("(src|href)=\"?http", page);
        string[] figures =
        [
            "growth/year",
            "volatility",
            "Sharpe",
            "Sortino",
            "Calmar",
            "deflated",
            "max. drawdown",
            "worst day",
            "time under",
            "exposure",
            "turnover",
            "fees",
            "funding",
            "days resampled in blocks",
            "days beyond VaR 99%",
            "loss beyond it over ES 99%",
            "down 20% in 30 days",
            "most initial margin",
            "liquidations",
            "(kept every promise|broke:)",
        ];
        Assert.All(figures, figure => Assert.Matches($">[^<]*{figure}", page));
    }

    [Fact]
    public void Tables_say_who_kept_the_promise_and_fit_the_page()
    {
        var run = CommandRun.Of(["backtest", "--methods", "equal-weight", .. Bars()]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Matches("equal-weight (kept every promise|broke: )", run.Out);
        Assert.Contains("no funding is recorded", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void A_method_walks_with_the_parameters_of_the_mandate_and_gains_are_swept_when_asked()
    {
        using var folder = new TemporaryFolder();
        string mandate = Path.Combine(folder.Path, "mandate.toml");
        bool swept = false;
        double Exposure(string table, params string[] more)
        {
            File.WriteAllText(mandate, BacktestMandate.Text + table);
            var run = CommandRun.Of([
                "backtest",
                "--json",
                "--methods",
                "equal-weight",
                "--mandate",
                mandate,
                .. Bars(more),
            ]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            using var document = JsonDocument.Parse(run.Out);
            swept = run.Out.Contains("are turned into USD", StringComparison.Ordinal);
            return document.RootElement.GetProperty("methods")[0].GetProperty("mean_exposure").GetDouble();
        }
        string Table(int percent) => $"\n[method.equal-weight]\nexposure = \"{percent}%\"\n";
        double ten = Exposure(Table(10));
        Assert.InRange(ten, 0.09, 0.11);
        Assert.InRange(Exposure(Table(5)) / ten, 0.45, 0.55);
        Assert.False(swept);
        Exposure("", "--sweep");
        Assert.True(swept);
    }

    [Fact]
    public void A_run_with_a_checkpoint_prints_the_same_and_refuses_that_of_another()
    {
        using var folder = new TemporaryFolder();
        string state = Path.Combine(folder.Path, "walk.json");
        string[] asked = ["backtest", "--json", "--methods", "equal-weight", "--checkpoint", state, .. Bars()];
        var whole = CommandRun.Of(asked);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        var again = CommandRun.Of(asked);
        Assert.Equal(whole.Out, again.Out);
        Assert.Contains("goes on from", again.Error, StringComparison.Ordinal);
        var other = CommandRun.Of([.. asked, "--seed", "2"]);
        Assert.Equal((2, ""), (other.Code, other.Out));
        Assert.Contains("a checkpoint of another run", other.Error, StringComparison.Ordinal);
    }
}
