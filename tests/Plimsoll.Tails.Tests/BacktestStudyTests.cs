using System.Globalization;
using System.Text;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Size and power of every backtest where the truth is known; docs/tails/backtests.md shows them.</summary>
public class BacktestStudyTests
{
    const string Page = "docs/tails/backtests.md";
    const string Begin = "<!-- generated: size and power -->";
    const string End = "<!-- end of the generated part -->";

    const string Renew =
        "PLIMSOLL_ACCEPT=1 dotnet test --project tests/Plimsoll.Tails.Tests -c Release --filter-class '*BacktestStudyTests'";

    /// <summary>Small enough for every run: sizes and the power that counts.</summary>
    [Fact]
    public void Right_forecasts_are_rejected_as_often_as_promised_and_wrong_ones_more_often()
    {
        var p = new TailProbability(0.025);
        double[] right = BacktestStudy.Rejections(BacktestStudy.Cases[0], 1000, p, 300, 5);
        // The simulated null is exact; two standard errors of 300 samples at 5% are 2.5%.
        foreach (int k in (int[])[4, 5, 6])
            Assert.InRange(right[k], 0.02, 0.085);
        double[] low = BacktestStudy.Rejections(BacktestStudy.Cases[2], 1000, p, 300, 6);
        Assert.True(low[0] > 0.75 && low[6] > 0.85);
        double[] constant = BacktestStudy.Rejections(BacktestStudy.Cases[4], 1000, p, 300, 7);
        Assert.True(constant[4] > 0.25);
        double[] shortfall = BacktestStudy.Rejections(BacktestStudy.Cases[5], 1000, p, 300, 8);
        Assert.True(shortfall[0] < 0.1 && shortfall[5] > 0.4, "only a shortfall test sees a wrong shortfall");
    }

    [Fact]
    [Trait("suite", "all")]
    public void The_page_shows_what_the_study_finds()
    {
        string path = Path.Combine(Repository.Root, Page);
        string page = File.ReadAllText(path);
        int from = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int to = page.IndexOf(End, StringComparison.Ordinal);
        string renewed = page[..from] + "\n\n" + Tables() + "\n" + page[to..];
        if (Environment.GetEnvironmentVariable("PLIMSOLL_ACCEPT") == "1")
            File.WriteAllText(path, renewed);
        else
            Assert.True(page == renewed, $"{Page} is not what the study finds; {Renew}");
    }

    static string Tables()
    {
        var text = new StringBuilder();
        foreach (double level in (double[])[0.01, 0.025])
        foreach (int days in (int[])[250, 1000, 2500])
        {
            int samples = days == 2500 ? 200 : 500;
            text.Append(
                CultureInfo.InvariantCulture,
                $"### {100 * level:0.#}%, {days} days, {samples} samples\n\n| forecast | "
            );
            text.AppendJoin(" | ", BacktestStudy.Tests)
                .Append(" |\n| --- |")
                .Insert(text.Length, " --- |", BacktestStudy.Tests.Length)
                .Append('\n');
            foreach (var study in BacktestStudy.Cases)
            {
                double[] found = BacktestStudy.Rejections(study, days, new(level), samples, 1);
                text.Append(CultureInfo.InvariantCulture, $"| {study.Name} |");
                foreach (double share in found)
                    text.Append(CultureInfo.InvariantCulture, $" {100 * share:0.0}% |");
                text.Append('\n');
            }
            text.Append('\n');
        }
        text.Append("### Comparisons at 2.5%\n\n");
        text.Append(
            "| days | Diebold-Mariano, equal | one 10% low | one 25% low | best two in the set | models in it |\n"
        );
        text.Append("| --- | --- | --- | --- | --- | --- |\n");
        foreach (int days in (int[])[500, 2500])
        {
            var p = new TailProbability(0.025);
            double Rejects(double scale) => 100 * BacktestStudy.Comparison(1, scale, days, p, 300, 2);
            var (holds, size) = BacktestStudy.ConfidenceSets(days, p, 100, 3);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {days} | {Rejects(1):0.0}% | {Rejects(0.9):0.0}% | {Rejects(0.75):0.0}% | {100 * holds:0.0}% | {size:0.00} |\n"
            );
        }
        return text.ToString();
    }
}
