using System.Xml.Linq;
using Plimsoll.TestSupport;

namespace Plimsoll.House.Tests;

/// <summary>
/// A project is a rung: this table is docs/architecture.md, and the compiler does not let anyone reach up.
/// </summary>
public sealed class LadderTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Numerics"] = [],
        ["Markets"] = ["Numerics"],
        ["Pricing"] = ["Numerics", "Markets"],
        ["Risk"] = ["Numerics", "Markets", "Pricing"],
        ["Tails"] = ["Numerics", "Markets", "Pricing", "Risk"],
        ["Margin"] = ["Numerics", "Markets", "Pricing", "Risk"],
        ["Journal"] = [],
        ["Engine"] = ["Numerics", "Markets", "Pricing", "Risk", "Margin", "Controls"],
        ["Controls"] = ["Numerics", "Markets", "Pricing", "Risk", "Margin"],
        ["Sizing"] = ["Numerics", "Markets", "Pricing", "Risk", "Tails", "Margin"],
        ["Methods"] = ["Numerics", "Markets", "Pricing", "Risk", "Margin", "Sizing"],
        ["Backtest"] = ["Numerics", "Markets", "Pricing", "Risk", "Tails", "Margin", "Sizing", "Methods"],
        ["Paper"] = ["Numerics", "Markets", "Pricing", "Risk", "Margin"],
        ["Storage"] =
        [
            "Numerics",
            "Markets",
            "Pricing",
            "Risk",
            "Tails",
            "Margin",
            "Sizing",
            "Controls",
            "Methods",
            "Engine",
            "Backtest",
        ],
        ["Venues"] = ["Numerics", "Markets", "Controls", "Engine", "Storage"],
        ["Live"] =
        [
            "Numerics",
            "Markets",
            "Pricing",
            "Risk",
            "Margin",
            "Controls",
            "Sizing",
            "Methods",
            "Engine",
            "Journal",
            "Storage",
            "Venues",
        ],
        ["Daemon"] =
        [
            "Numerics",
            "Markets",
            "Pricing",
            "Risk",
            "Margin",
            "Controls",
            "Sizing",
            "Methods",
            "Engine",
            "Journal",
            "Paper",
            "Storage",
            "Venues",
            "Live",
        ],
        ["Reports"] = ["Numerics", "Markets", "Pricing", "Risk", "Tails", "Margin", "Sizing", "Methods", "Backtest"],
        ["Cli"] =
        [
            "Numerics",
            "Markets",
            "Pricing",
            "Risk",
            "Tails",
            "Margin",
            "Sizing",
            "Methods",
            "Backtest",
            "Engine",
            "Journal",
            "Storage",
            "Venues",
            "Live",
            "Reports",
        ],
    };

    /// <summary>Packages by the projects that may use them; the ladder itself stands on none.</summary>
    static readonly Dictionary<string, string[]> AllowedPackages = new()
    {
        ["Tails"] = ["LightGBM"],
        ["Daemon"] = ["Microsoft.AspNetCore.OpenApi"],
        ["Storage"] = ["Microsoft.Data.Sqlite", "Tomlyn"],
        ["Venues"] = ["BouncyCastle.Cryptography"],
        ["Reports"] =
        [
            "Spectre.Console",
            "ScottPlot",
            "SkiaSharp.NativeAssets.Linux.NoDependencies",
            "HarfBuzzSharp.NativeAssets.Linux",
        ],
        ["Cli"] = ["System.CommandLine", "Spectre.Console"],
    };

    public static TheoryData<string> Projects() => [.. Allowed.Keys];

    [Fact]
    public void Every_project_stands_in_the_table()
    {
        var found = Directory
            .GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path).Replace("Plimsoll.", "", StringComparison.Ordinal));
        Assert.Equal(Allowed.Keys.Order(), found.Order());
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_references_only_rungs_below_it(string project)
    {
        var references = Read(project)
            .Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!))
            .Select(name => name.Replace("Plimsoll.", "", StringComparison.Ordinal));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_uses_only_the_packages_that_it_was_given(string project)
    {
        var packages = Read(project).Descendants("PackageReference").ToList();
        Assert.All(packages, package => Assert.Null(package.Attribute("Version")));
        Assert.Empty(
            packages
                .Select(package => (string)package.Attribute("Include")!)
                .Except(AllowedPackages.GetValueOrDefault(project, []))
        );
    }

    [Theory, MemberData(nameof(Projects))]
    public void A_project_has_one_namespace_and_it_is_its_own(string project)
    {
        foreach (string file in Tree.Sources($"src/Plimsoll.{project}"))
        {
            string? line = File.ReadLines(file)
                .FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal));
            if (line is not null)
                Assert.True(line == $"namespace Plimsoll.{project};", $"{file}: {line}");
        }
    }

    static XDocument Read(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", $"Plimsoll.{project}", $"Plimsoll.{project}.csproj"));
}
