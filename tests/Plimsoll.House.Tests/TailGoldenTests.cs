using Plimsoll.TestSupport;

namespace Plimsoll.House.Tests;

/// <summary>Every golden row of tail risk is named by a test.</summary>
public class TailGoldenTests
{
    [Fact]
    public void Every_row_is_named_by_some_test()
    {
        string? folder = Repository.Shared("golden/tails");
        Assert.SkipUnless(folder is not null, Golden.Absent);
        string tests = string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
                .Select(File.ReadAllText)
        );
        string[] files = [.. Directory.GetFiles(folder, "*.json").Select(file => Path.GetFileName(file)!)];
        Assert.NotEmpty(files);
        string[] unnamed =
        [
            .. files
                .SelectMany(file => Golden.Cases($"tails/{file}")!)
                .Select(row => row["name"]!.GetValue<string>())
                .Where(name => !tests.Contains($"\"{name}\"", StringComparison.Ordinal)),
        ];
        Assert.Empty(unnamed);
    }
}
