using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>Bad input and usage: exit code 2, the message on the error stream, nothing on the output, nothing written.</summary>
public sealed class BadInputTests
{
    const string Head = "plimsoll: 1 fault in the input, nothing was computed\n";

    /// <summary>Command line, split at blanks, and every line of the error stream.</summary>
    public static TheoryData<string, string> Usage =>
        new()
        {
            {
                "sze",
                "plimsoll: Unrecognized command or argument 'sze'. Perhaps size?\nplimsoll: see plimsoll --help\n"
            },
            { "size --jsn", Head + "size: --jsn: expected a known option, perhaps --json\n" },
            {
                "import chain",
                "plimsoll: Required argument 'PATH' missing for command: 'chain'.\nplimsoll: see plimsoll import chain --help\n"
            },
            {
                "market --market",
                "plimsoll: Required argument missing for option: '--market'.\nplimsoll: see plimsoll market --help\n"
            },
            { "size --scenarios 10", Head + "--scenarios: 10: expected a whole number from 1000 to 1000000\n" },
            { "size --scenarios 1e4", Head + "--scenarios: 1e4: expected a whole number from 1000 to 1000000\n" },
            { "size --seed -1", Head + "--seed: -1: expected a whole number from 0 to 18446744073709551615\n" },
            { "size --threads 0", Head + "--threads: 0: expected a whole number from 1 to 256\n" },
            { "size --vol-multiplier 0", Head + "--vol-multiplier: 0: expected a number above 0 and at most 10\n" },
            { "size --vol-multiplier NaN", Head + "--vol-multiplier: NaN: expected a number above 0 and at most 10\n" },
            { "size --risk 1%", Head + "--risk: 1%: expected an INSTRUMENT and buy or sell before it\n" },
            {
                "size BTC-PERPETUAL buy --risk 1",
                Head + "--risk: 1: expected a percentage with its sign, such as 1%, above 0% and at most 100%\n"
            },
            {
                "size BTC-PERPETUAL buy --risk 0%",
                Head + "--risk: 0%: expected a percentage with its sign, such as 1%, above 0% and at most 100%\n"
            },
            {
                "size BTC-PERPETUAL buy",
                Head + "--risk: nothing: expected a share of equity that may be lost, such as 1%\n"
            },
            { "size BTC-PERPETUAL --risk 1%", Head + "SIDE: nothing: expected buy or sell behind the instrument\n" },
            { "size BTC-PERPETUAL hold --risk 1%", Head + "SIDE: hold: expected buy or sell behind the instrument\n" },
            {
                "size BTC-PERPETAUL buy --risk 1%",
                Head + "INSTRUMENT: BTC-PERPETAUL: expected an instrument of the market, perhaps BTC-PERPETUAL\n"
            },
            {
                "size BTC-PERPETUAL buy --risk 1% --stop -5",
                Head + "--stop: -5: expected a price above 0, in the instrument's own unit\n"
            },
            {
                "size BTC-PERPETUAL buy --risk 1% --stop-iv 0",
                Head + "--stop-iv: 0: expected a move in volatility points with its sign, such as +15, not 0\n"
            },
            {
                "size BTC-PERPETUAL buy --risk 1% --stop 60000 --stop-iv +15",
                Head + "--stop-iv: +15: expected no --stop beside it: one of the two\n"
            },
            {
                "size BTC-PERPETUAL buy --risk 1% --dump bundle",
                Head
                    + "--dump: bundle: expected no INSTRUMENT beside it: only a sizing of the whole account has a bundle\n"
            },
            { "size --account absent.toml", Head + "absent.toml: no such file: expected a file\n" },
            { "size --mandate absent.toml", Head + "absent.toml: no such file: expected a file\n" },
            { "size --views absent.toml", Head + "absent.toml: no such file: expected a file\n" },
            {
                "import deribit absent --out market",
                Head + "absent: no such file or folder: expected saved answers of Deribit's interface\n"
            },
            { "size --market absent.json", Head + "absent.json: no such file or folder: expected a market\n" },
            { "market --underlying DOGE", Head + "--underlying: DOGE: expected a coin of the market: BTC, ETH\n" },
            {
                "market --expiry 2026-02-30",
                Head + "--expiry: 2026-02-30: expected a day that exists, written YYYY-MM-DD\n"
            },
            {
                "kelly",
                Head + "--win: nothing: expected a probability of winning, such as 55%, or outcomes with --outcome\n"
            },
            { "kelly --win 100%", Head + "--win: 100%: expected a share below 100%\n" },
            { "kelly --win 55% --odds -1", Head + "--odds: -1: expected a number above 0 and at most 1000000\n" },
            { "kelly --win 55% --fraction 2", Head + "--fraction: 2: expected a number above 0 and at most 1\n" },
            { "kelly --win 55% --bets 0", Head + "--bets: 0: expected a whole number from 1 to 10000\n" },
            {
                "kelly --outcome 30%:+80% --outcome 60%:-25%",
                Head + "--outcome: probabilities that sum to 90%: expected a sum of 100%\n"
            },
            {
                "kelly --outcome 30%:+80% --outcome 70%:+1%",
                Head
                    + "--outcome: no outcome that loses: expected at least one: without a loss no finite size is best\n"
            },
            {
                "kelly --outcome 30:80",
                Head
                    + "--outcome: 30:80: expected a probability and a net return, such as \"20%: +80%\" or \"5%: -100%\"\n"
            },
            {
                "kelly --outcome 30%:+80% --outcome 70%:-25% --win 55%",
                Head + "--win: 55%: expected no --outcome beside it: one of the two\n"
            },
            {
                "backtest",
                Head
                    + "--chains: nothing: expected a folder of recorded chains, or bars with --history, to walk through\n"
            },
            { "backtest --chains absent", Head + "absent: no such folder: expected a folder of recorded chains\n" },
            { "market --chart smiles.pdf", Head + "--chart: smiles.pdf: expected a file that ends in .svg or .png\n" },
        };

    [Theory]
    [MemberData(nameof(Usage))]
    public void Wrong_usage_is_refused_with_its_message(string line, string message)
    {
        var run = CommandRun.Of(line.Split(' '));
        Assert.Equal(message, run.Error);
        Assert.Equal("", run.Out);
        Assert.Equal(2, run.Code);
    }

    [Fact]
    public void Faults_of_all_inputs_come_together()
    {
        using var folder = new TemporaryFolder();
        string mandate = folder.Write("mandate.toml", "kelly-fraction = 2\ncarry = 1\n");
        string account = folder.Write("account.toml", "[[subaccount]]\nname = \"main\"\n");
        var run = CommandRun.Of("size", "--mandate", mandate, "--account", account, "--seed", "x", "--json");
        Assert.Equal(2, run.Code);
        Assert.Equal("", run.Out);
        Assert.StartsWith(
            "plimsoll: 4 faults in the input, nothing was computed\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("account.toml: line 1: subaccount[0].balances: expected", run.Error, StringComparison.Ordinal);
        Assert.Contains("mandate.toml: line 1: kelly-fraction = 2: expected", run.Error, StringComparison.Ordinal);
        Assert.Contains("mandate.toml: line 2: carry = 1: expected", run.Error, StringComparison.Ordinal);
        Assert.Contains("--seed: x: expected", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_that_needs_the_market_names_file_and_line_too()
    {
        using var folder = new TemporaryFolder();
        string views = folder.Write(
            "views.toml",
            "[[views]]\nkind = \"drift\"\nunderlying = \"DOGE\"\ndrift = \"20%\"\nconfidence = \"50%\"\n"
        );
        var run = CommandRun.Of("size", "--views", views, "--json");
        Assert.Equal(
            Head + "views.toml: line 3: views[0].underlying = DOGE: expected a coin of the market: BTC, ETH\n",
            run.Error
        );
        Assert.Equal((2, ""), (run.Code, run.Out));
    }

    [Fact]
    public void Nothing_is_written_when_the_input_is_bad()
    {
        using var folder = new TemporaryFolder();
        string chart = Path.Combine(folder.Path, "smiles.svg");
        string bundle = Path.Combine(folder.Path, "bundle");
        Assert.Equal(2, CommandRun.Of("market", "--underlying", "DOGE", "--chart", chart).Code);
        Assert.Equal(2, CommandRun.Of("size", "--seed", "x", "--dump", bundle).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Folder_with_foreign_files_is_no_place_for_a_bundle()
    {
        using var folder = new TemporaryFolder();
        folder.Write("thesis.txt", "irreplaceable");
        var run = CommandRun.Of("size", "--dump", folder.Path);
        Assert.Equal(2, run.Code);
        Assert.Equal(
            Head + $"--dump: {folder.Path}: expected an absent or empty folder, or one that holds an earlier bundle\n",
            run.Error
        );
        Assert.Equal("irreplaceable", File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path))));
    }
}
