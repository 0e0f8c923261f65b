using System.Text.RegularExpressions;
using Plimsoll.Margin;
using Plimsoll.TestSupport;

namespace Plimsoll.Paper.Tests;

public sealed partial class DocumentTests
{
    [Fact]
    public void The_page_lists_the_methods_that_are_served_and_no_others()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "paper.md"));
        var venue = new Venue(VenueFigures.Shipped, DeribitStandardMargin.Shipped, 0);
        string table = page[page.IndexOf("## What it serves", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("Channels:", StringComparison.Ordinal)];
        var listed = Method().Matches(table).Select(match => match.Groups[1].Value);
        Assert.Equal(new Gateway(venue, []).Methods, listed.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`((?:public|private)/[a-z_/]+)`")]
    private static partial Regex Method();
}
