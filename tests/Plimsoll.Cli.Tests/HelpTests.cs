using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("size", "--help")]
    [InlineData("margin", "--help")]
    [InlineData("stress", "--help")]
    [InlineData("market", "--help")]
    [InlineData("paper", "--help")]
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

    [Theory]
    [InlineData("size")]
    [InlineData("risk")]
    [InlineData("stress")]
    [InlineData("margin")]
    [InlineData("market")]
    [InlineData("kelly")]
    public void Example_of_the_help_runs_as_pasted(string command)
    {
        using var folder = new TemporaryFolder();
        string examples = CommandRun.Of(command, "--help").Out.Split("Examples:\n")[1];
        string example = examples.Trim().Split('\n')[^1].Trim();
        Assert.StartsWith("plimsoll " + command, example, StringComparison.Ordinal);
        // Quoted words stand at the odd places; what would be written goes to a folder of the test's own.
        string[] words =
        [
            .. example
                .Split('"')
                .SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(word =>
                    word.EndsWith(".svg", StringComparison.Ordinal) ? Path.Combine(folder.Path, word) : word
                ),
        ];
        var run = CommandRun.Of(words[1..]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.NotEqual("", run.Out);
    }
}
