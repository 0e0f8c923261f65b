namespace Plimsoll.Markets.Tests;

public sealed class TickScheduleTests
{
    /// <summary>The venue's options on a coin: 0.0001, and 0.0005 above 0.005.</summary>
    static readonly TickSchedule Option = new(0.0001m, [new TickStep(0.005m, 0.0005m)]);

    [Theory]
    [InlineData("0.0012", "0.0001", "0.0012", "0.0012")]
    [InlineData("0.00123", "0.0001", "0.0012", "0.0013")]
    [InlineData("0.005", "0.0001", "0.005", "0.005")]
    [InlineData("0.0051", "0.0005", "0.005", "0.0055")]
    [InlineData("0.0123", "0.0005", "0.012", "0.0125")]
    public void The_step_is_that_of_the_last_bound_below_the_price(string price, string step, string down, string up)
    {
        static decimal Of(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Of(step), Option.At(Of(price)));
        Assert.Equal(Of(down), Option.RoundDown(Of(price)));
        Assert.Equal(Of(up), Option.RoundUp(Of(price)));
    }

    [Fact]
    public void Without_bounds_it_is_the_same_everywhere() =>
        Assert.Equal((0.5m, 0.5m), (TickSchedule.Uniform(0.5m).At(1), TickSchedule.Uniform(0.5m).At(1_000_000)));
}
