namespace Plimsoll.Reports.Tests;

public sealed class ReportTableTests
{
    /// <summary>Where the page is too narrow words give way, never a number or a name.</summary>
    [Fact]
    public void A_table_that_is_too_wide_breaks_its_longest_words_and_no_number()
    {
        var table = new ReportTable("of", "direction", "#move", "#at", "pool", "closed first");
        table.Add("ETH price", "down", "none in range", "–", "", "");
        table.Add(
            "ETH price",
            "up",
            "7.68%",
            "107,229.4",
            "main/isolated/ETH",
            "market order ETH, bankrupt at 2,299.5"
        );
        table.Add("BTC-PERP", "down", "-32.77%", "47,659", "", "liquidation price of the position");
        string text = PlainConsole.Text(console => console.Write(table.Render()));
        foreach (string whole in (string[])["107,229.4", "main/isolated/ETH", "direction", "none in range", "2,299.5"])
            Assert.Contains(whole, text, StringComparison.Ordinal);
        Assert.DoesNotContain(text.Split('\n'), line => line.Length > 100);
    }
}
