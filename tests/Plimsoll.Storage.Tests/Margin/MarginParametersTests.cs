using Plimsoll.Margin;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>A venue's figures in a file that an account or a run names.</summary>
public sealed class MarginParametersTests
{
    const string Account = """
        [[subaccount]]
        name              = "main"
        venue             = "hyperliquid"
        margin-mode       = "cross_sm"
        margin-parameters = "tiers.json"
        balances          = { USDC = 1000 }
        """;

    const string Tiers = """
        {"dated": "2026-11-27", "answers": [{"universe": [{"name": "BTC", "maxLeverage": 20, "marginTableId": 20}]}]}
        """;

    [Fact]
    public void The_file_stands_beside_the_account_and_its_figures_are_those_of_the_subaccount()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "tiers.json", Tiers);
        var account = AccountFile.Read(Write(folder, "account.toml", Account)).Value;
        var subaccount = Assert.Single(account.Subaccounts);
        Assert.Equal(("tiers.json", Tiers), (subaccount.MarginParameters!.Name, subaccount.MarginParameters.Text));
        var model = VenueMargins.Of(subaccount)!;
        Assert.Equal(new DateOnly(2026, 11, 27), model.Note.Dated);
        Assert.Same(model, VenueMargins.Of(subaccount));
        // The standard rule of the venue, wherever a contract of it is rated, has them too.
        Assert.Same(model, VenueMargins.StandardOf("hyperliquid", account));
        Assert.Equal(new DateOnly(2026, 1, 1), VenueMargins.StandardOf("hyperliquid", null)!.Note.Dated);
        string again = Write(folder, "again.toml", AccountText.Write(account));
        Assert.Equal(subaccount.MarginParameters, AccountFile.Read(again).Value.Subaccounts[0].MarginParameters);
    }

    [Fact]
    public void A_fault_of_the_file_is_told_with_those_of_the_account()
    {
        using var folder = new TemporaryFolder();
        Write(
            folder,
            "tiers.json",
            Tiers.Replace("\"maxLeverage\": 20", "\"maxLeverage\": 0", StringComparison.Ordinal)
        );
        string path = Write(folder, "account.toml", Account.Replace("1000", "\"x\"", StringComparison.Ordinal));
        Assert.Equal("account.toml", Assert.Single(AccountFile.Read(path).Faults).Place);
        path = Write(folder, "account.toml", Account);
        Assert.Contains(
            AccountFile.Read(path).Faults,
            fault => fault is { Place: "tiers.json", Path: "answers[0].universe[0].maxLeverage", Found: "0" }
        );
        Write(folder, "tiers.json", "{}");
        Assert.Contains(AccountFile.Read(path).Faults, fault => fault is { Place: "tiers.json", Path: "tables" });
    }

    [Theory]
    [InlineData("hyperliquid", "kraken", "a venue with a margin model beside it: deribit, ")]
    [InlineData("tiers.json", "none.json", "none.json: no such file")]
    [InlineData("tiers.json", "", "a file's name")]
    public void What_cannot_be_read_is_refused(string from, string to, string said)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "tiers.json", Tiers);
        string path = Write(folder, "account.toml", Account.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(
            said.Split(": ")[^1],
            Assert.Single(AccountFile.Read(path).Faults).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_account_that_is_no_file_has_nothing_beside_it() =>
        Assert.Contains(
            "an account that is itself a file",
            Assert.Single(AccountFile.Parse(Account, "text").Faults).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void Two_subaccounts_of_a_model_have_the_same_figures()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "tiers.json", Tiers);
        Write(folder, "other.json", Tiers.Replace("27", "26", StringComparison.Ordinal));
        string second = Account.Replace("main", "second", StringComparison.Ordinal);
        string Text(string of) => Write(folder, "account.toml", Account + "\n" + of);
        Assert.Empty(AccountFile.Read(Text(second)).Faults);
        foreach (string of in (string[])[second.Replace("tiers.json", "other.json"), Without(second)])
        {
            string fault = Assert.Single(AccountFile.Read(Text(of)).Faults).ToString();
            Assert.Contains("subaccount[1].margin-parameters", fault, StringComparison.Ordinal);
            Assert.Contains("the same figures of hyperliquid-margin", fault, StringComparison.Ordinal);
        }
        static string Without(string text) =>
            text.Replace("margin-parameters = \"tiers.json\"", "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_names_them_as_an_account_does()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "tiers.json", Tiers);
        const string text = "margin-mode = \"cross_sm\"\nmargin-parameters = \"tiers.json\"\n";
        string path = Write(folder, "run.toml", text);
        Assert.Equal(Tiers, RunFile.Read(path, "hyperliquid").Value.MarginParameters!.Text);
        // The same file is no file of Deribit's.
        Assert.Contains(RunFile.Read(path, "deribit").Faults, fault => fault.Place == "tiers.json");
        Assert.Contains(
            "a configuration that is itself a file",
            Assert.Single(RunFile.Parse(text, "run", "hyperliquid").Faults).ToString(),
            StringComparison.Ordinal
        );
    }

    static string Write(TemporaryFolder folder, string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
