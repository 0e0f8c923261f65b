using Plimsoll.Backtest;

namespace Plimsoll.Reports.Tests;

/// <summary>What a tail forecast adds: its keys are those of the page, its tables fit one.</summary>
public class TailValueReportTests
{
    static readonly TailValue Value = new(
        "BTC",
        new(2020, 1, 1),
        new(2026, 3, 3),
        2255,
        [
            new("volatility target", new(0.1592, 0.9, 0.0302, 0.3333, 0.1163, 0.25), 0.36, 1.49, 0.0018, null, null),
            new(
                "with tail budget",
                new(0.1315, 0.76, 0.0311, 0.3446, 0.149, 0.3),
                0.36,
                2.19,
                0.0027,
                [-0.0277, -0.14, 0.0009, 0.0113, 0.03, 0.05],
                [.. Enumerable.Repeat(new Band(-0.123, -1e-9), 6)]
            ),
        ]
    );

    [Fact]
    public void Keys_are_documented() =>
        DocumentedKeys.Check("backtest tail-model", TailValueJson.Write([Value], ["a note"]));

    [Fact]
    public void Tables_fit_the_page_and_a_small_negative_number_is_nought()
    {
        string all = PlainConsole.Text(page => TailValueTables.Write(page, [Value], new TailValueRequest(), []));
        Assert.Contains("-2.77 [-12.30, +0.00]%", all, StringComparison.Ordinal);
        Assert.Contains("15.92%", all, StringComparison.Ordinal);
        Assert.All(all.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }
}
