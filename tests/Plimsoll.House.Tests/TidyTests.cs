using System.Text.RegularExpressions;
using System.Xml.Linq;
using Plimsoll.TestSupport;

namespace Plimsoll.House.Tests;

/// <summary>Keeps the style that no compiler keeps.</summary>
public sealed partial class TidyTests
{
    const int LongestFile = 400;
    const int LongestLine = 120;
    const int LongestReadme = 40;

    [Fact]
    public void No_source_file_is_longer_than_a_head_can_hold()
    {
        var tooLong = Tree.Sources("src")
            .Select(path => (path, lines: File.ReadLines(path).Count()))
            .Where(file => file.lines > LongestFile)
            .Select(file => $"{Relative(file.path)}: {file.lines} lines");
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_line_of_source_is_wider_than_the_page()
    {
        var tooWide = Tree.Sources("src")
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(row => row.line.Length > LongestLine && !row.line.Contains("http", StringComparison.Ordinal))
            .Select(row => $"{Relative(row.path)}:{row.number}");
        Assert.Empty(tooWide);
    }

    [Fact]
    public void No_type_hides_behind_a_word_that_says_nothing()
    {
        var empty = Tree.Sources("src")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => EmptyName().IsMatch(name!));
        Assert.Empty(empty);
    }

    [Fact]
    public void Nothing_is_left_open_in_the_code()
    {
        var open = Tree.Sources("src")
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, number: index + 1)))
            .Where(row => Open().IsMatch(row.line))
            .Select(row => $"{Relative(row.path)}:{row.number}: {row.line.Trim()}");
        Assert.Empty(open);
    }

    [Fact]
    public void Every_project_has_a_short_readme()
    {
        foreach (string folder in Directory.GetDirectories(Path.Combine(Repository.Root, "src")))
        {
            string readme = Path.Combine(folder, "README.md");
            Assert.True(File.Exists(readme), $"{Relative(readme)} is missing");
            Assert.True(
                File.ReadLines(readme).Count() <= LongestReadme,
                $"{Relative(readme)} is over {LongestReadme} lines"
            );
        }
    }

    [Fact]
    public void Every_dependency_earns_its_place_in_one_line()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dependencies.md"));
        var versions = XDocument
            .Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(e => (string)e.Attribute("Include")!);
        Assert.All(versions, name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var documents = Directory
            .EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Where(path => !Tree.IsBuildOutput(path));
        var broken =
            from document in documents
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
            select $"{Relative(document)}: {target}";
        Assert.Empty(broken);
    }

    static string Relative(string path) => Path.GetRelativePath(Repository.Root, path);

    [GeneratedRegex("(Helper|Manager|Util|Utils|Processor|Common|Misc|Wrapper|Impl)$")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b")]
    private static partial Regex Open();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
