namespace Plimsoll.Reports.Tests;

public sealed class MissingWordsTests
{
    [Fact]
    public void The_same_figure_of_many_instruments_stands_on_one_line_for_people()
    {
        string[] missing =
        [
            "daily volume of A-1 (market, or assumptions.daily-volume)",
            "funding of B-PERPETUAL (funding rate, or assumptions.funding-8h)",
            "daily volume of A-2 (market, or assumptions.daily-volume)",
            "daily volume of A-3 (market, or assumptions.daily-volume)",
            "daily volume of A-4 (market, or assumptions.daily-volume)",
            "daily volume of A-5 (market, or assumptions.daily-volume)",
            "equity is not positive: nothing can be sized",
        ];
        Assert.Equal(
            [
                "daily volume of A-1, A-2, A-3 and 2 more (all in --json) (market, or assumptions.daily-volume)",
                "funding of B-PERPETUAL (funding rate, or assumptions.funding-8h)",
                "equity is not positive: nothing can be sized",
            ],
            MissingWords.Shortened(missing)
        );
    }
}
