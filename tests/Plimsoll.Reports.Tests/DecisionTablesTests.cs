using Plimsoll.Sizing;

namespace Plimsoll.Reports.Tests;

public sealed class DecisionTablesTests
{
    static string Page(Decision decision) =>
        PlainConsole.Text(console => DecisionTables.Write(console, decision, "built-in market"));

    [Fact]
    public void Page_tells_everything_that_the_decision_holds()
    {
        var decision = DecisionFixture.Whole;
        // Wrapping may fall anywhere: compare without white space.
        string page = Packed(Page(decision));
        Assert.All(decision.Targets, line => Assert.Contains(Packed(line.Instrument), page, StringComparison.Ordinal));
        Assert.All(
            decision.Targets.SelectMany(line => line.Reasons),
            reason => Assert.Contains(Packed(reason), page, StringComparison.Ordinal)
        );
        Assert.All(decision.Limits, line => Assert.Contains(Packed(line.Name), page, StringComparison.Ordinal));
        Assert.All(
            decision.After,
            figure => Assert.Contains(Packed(figure.Description), page, StringComparison.Ordinal)
        );
        Assert.All(
            [.. decision.Warnings, .. decision.Assumptions, .. decision.Missing, .. decision.Conflicts],
            text => Assert.Contains(Packed(text), page, StringComparison.Ordinal)
        );
        Assert.Contains(Packed("sell 18,000 USD"), page, StringComparison.Ordinal);
        Assert.Contains(Packed("buy 12.5 BTC"), page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_is_plain_and_fits_a_hundred_columns_when_piped()
    {
        string page = Page(DecisionFixture.Whole);
        Assert.DoesNotContain('\u001b', page);
        Assert.All(page.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void Decimal_points_of_a_column_stand_below_each_other()
    {
        string[] rows =
        [
            .. Page(DecisionFixture.Whole).Split('\n').Where(line => line.Contains("BTC-", StringComparison.Ordinal)),
        ];
        string future = rows.First(line => line.Contains("18,000 USD", StringComparison.Ordinal));
        string option = rows.First(line => line.Contains("12.5 BTC", StringComparison.Ordinal));
        Assert.Equal(future.LastIndexOf('.'), option.LastIndexOf('.'));
    }

    [Fact]
    public void Broken_mended_and_binding_limits_are_told_apart()
    {
        var decision = DecisionFixture.Whole with
        {
            Limits =
            [
                DecisionFixture.Whole.Limits[0],
                DecisionFixture.Whole.Limits[1],
                DecisionFixture.Whole.Limits[1] with
                {
                    Name = "limits.initial-margin[main]",
                    Value = 2,
                },
            ],
        };
        string[] lines = Page(decision).Split('\n');
        Assert.EndsWith("binds", Row("survival.worst-case "), StringComparison.Ordinal);
        Assert.EndsWith("mended", Row("limits.greeks.delta[BTC]"), StringComparison.Ordinal);
        Assert.EndsWith("broken", Row("limits.initial-margin[main]"), StringComparison.Ordinal);

        string Row(string name) =>
            lines
                .First(line =>
                    line.TrimStart().StartsWith(name, StringComparison.Ordinal) && line.Count(c => c == '%') == 3
                )
                .TrimEnd();
    }

    [Fact]
    public void Account_that_stays_says_so()
    {
        var decision = DecisionFixture.Whole with { Targets = [DecisionFixture.Whole.Targets[2]] };
        Assert.Contains("no trade", Page(decision), StringComparison.Ordinal);
    }

    static string Packed(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
