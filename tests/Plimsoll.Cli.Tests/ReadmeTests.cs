using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>The README shows what the command prints, and its tour runs.</summary>
public sealed class ReadmeTests
{
    static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_picture_of_the_README_is_what_size_prints()
    {
        string[] picture = [.. Lines.SkipWhile(line => line != "```").Skip(1).TakeWhile(line => line != "```")];
        Assert.NotEmpty(picture);
        var printed = CommandRun.Of("size");
        Assert.Equal(0, printed.Code);
        string[] output = [.. printed.Out.Split('\n').Select(line => line.TrimEnd())];
        Assert.All(picture, line => Assert.Contains(line, output));
    }

    [Fact]
    public void Every_line_of_the_tour_runs_as_pasted()
    {
        using var folder = new TemporaryFolder();
        var tour = Lines.Where(line => line.StartsWith("./plimsoll ", StringComparison.Ordinal)).ToList();
        Assert.True(tour.Count >= 8, $"the tour has {tour.Count} lines");
        foreach (string line in tour.Where(line => !line.Contains("import deribit", StringComparison.Ordinal)))
        {
            var words = Words(line.Split('#')[0].Split('>')[0]).Skip(1).Select(word => Place(word, folder));
            var run = CommandRun.Of([.. words, .. Quick(line)]);
            Assert.True(run.Code is 0 or 1, $"{line}: exit code {run.Code}: {run.Error}");
            Assert.Empty(run.Error);
        }
    }

    /// <summary>Fewer scenarios than by default, where the command draws any.</summary>
    static string[] Quick(string line) =>
        line.Contains("plimsoll market", StringComparison.Ordinal)
        || line.Contains("plimsoll margin", StringComparison.Ordinal)
            ? []
            : ["--scenarios", "3000"];

    static string Place(string word, TemporaryFolder folder) =>
        word.StartsWith("examples/", StringComparison.Ordinal) ? Path.Combine(Repository.Root, word)
        : word is "audit" or "smiles.svg" ? Path.Combine(folder.Path, word)
        : word;

    static IEnumerable<string> Words(string line)
    {
        string[] parts = line.Split('"');
        for (int i = 0; i < parts.Length; i++)
            if (i % 2 == 1)
                yield return parts[i];
            else
                foreach (string word in parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    yield return word;
    }
}
