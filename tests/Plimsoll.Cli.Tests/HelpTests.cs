namespace Plimsoll.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("size", "--help")]
    [InlineData("market", "--help")]
    [InlineData("import", "chain", "--help")]
    [InlineData("import", "bars", "-h")]
    public void Help_ends_with_an_example_and_fits_a_hundred_columns(params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Examples:\n  plimsoll ", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Command_alone_shows_its_help() => Assert.Equal(CommandRun.Of("--help").Out, CommandRun.Of().Out);
}
