using System.Collections.Immutable;
using System.CommandLine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Risk;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>Reads what the options name, or the built-in data; every fault of every input is collected.</summary>
sealed class InputReader(OptionText text)
{
    const string BundleMark = "problem.json";
    const decimal FlatUsdc = 100_000;

    MandatePlaces? places;
    Account? accountBesideMarket;

    /// <summary>Every fault of options and files so far.</summary>
    public List<Fault> Faults => text.Faults;

    /// <summary>What was chosen where an option was absent, for the answer's warnings.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The market, or null after a fault.</summary>
    public MarketSnapshot? Market(Option<string> option)
    {
        if (text.Text(option) is not { } path)
            return EmbeddedMarket.Snapshot();
        var input = Take(MarketInput.Read(path));
        accountBesideMarket = input?.Account;
        return input?.Market;
    }

    /// <summary>Everything that a sizing depends on, or null after a fault.</summary>
    public SizingInput? Sizing(SizingOptions options)
    {
        // Bars and mandate are read beside the market; their faults stand in the order of the options.
        string? written = text.Text(options.Mandate);
        var policy = Task.Run(() => ParseMandate(written));
        var bars = text.Text(options.History) is { } path ? Task.Run(() => BarsCsv.Read(path)) : null;
        var market = Market(options.Market);
        var account = Account(options);
        var mandate = ReadMandate(options, policy.GetAwaiter().GetResult());
        var histories = bars is null ? null : Take(bars.GetAwaiter().GetResult());
        int scenarios = text.Whole(options.Scenarios, 10_000, least: 1_000, most: 1_000_000);
        int? kept = text.Text(options.Reduce) is null
            ? null
            : text.Whole(options.Reduce, scenarios, least: 1_000, most: 1_000_000);
        ulong seed = text.Seed(options.Seed);
        double multiplier = text.Positive(options.VolatilityMultiplier, 1, most: 10);
        int threads = text.Whole(options.Threads, Environment.ProcessorCount, least: 1, most: 256);
        var widening = Widening(options);
        if (Faults.Count > 0)
            return null;
        Notes.AddRange(histories?.Notes ?? []);
        return new SizingInput
        {
            MarginWidening = widening,
            Market = market!,
            Account = account!,
            Mandate = mandate!,
            Histories = histories?.Histories ?? [],
            Scenarios = scenarios,
            KeptScenarios = kept,
            Seed = seed,
            VolatilityMultiplier = multiplier,
            Threads = threads,
        };
    }

    /// <summary>By how much models were seen to ask too little; nothing without a file.</summary>
    MarginWidening Widening(SizingOptions options)
    {
        if (text.Text(options.MarginErrors) is not { } file)
            return MarginWidening.None;
        if (File.Exists(file))
            return Take(MarginErrorsFile.Read(file)) is { } errors ? MarginWidening.Of(errors) : MarginWidening.None;
        text.Refuse(options.MarginErrors, file, "a file that exists");
        return MarginWidening.None;
    }

    /// <summary>How scenarios with their path are drawn, or null after a fault.</summary>
    public ScenarioLaw? Law(SizingOptions options, Option<string> horizon)
    {
        var histories = text.Text(options.History) is { } path ? Take(BarsCsv.Read(path)) : null;
        int scenarios = text.Whole(options.Scenarios, 10_000, least: 1_000, most: 1_000_000);
        ulong seed = text.Seed(options.Seed);
        int threads = text.Whole(options.Threads, Environment.ProcessorCount, least: 1, most: 256);
        double days = text.Positive(horizon, 7, most: ScenarioRequest.LongestHorizonDays);
        if (Faults.Count > 0)
            return null;
        Notes.AddRange(histories?.Notes ?? []);
        var request = new ScenarioRequest(Years.FromDays(days), scenarios, seed)
        {
            Threads = threads,
            KeepsPath = true,
        };
        return new ScenarioLaw(histories?.Histories ?? [], request);
    }

    /// <summary>The account, or null after a fault; the market is read first.</summary>
    public Account? Account(SizingOptions options)
    {
        if (text.Text(options.Account) is { } path)
            return Take(AccountFile.Read(path));
        if (text.Text(options.Market) is null)
            return EmbeddedMarket.Account();
        if (accountBesideMarket is not null)
            return accountBesideMarket;
        // The built-in positions are of the built-in market's own expiries: with another market they mean nothing.
        Notes.Add("without --account: a flat account of 100,000 USDC is sized");
        return Flat();
    }

    /// <summary>The account of a file, or a flat one of 100,000 USDC.</summary>
    public Account? FlatOr(Option<string> option) =>
        text.Text(option) is { } path ? Take(AccountFile.Read(path)) : Flat();

    /// <summary>The mandate of a file, or a built-in one, with the views of a file of their own.</summary>
    public Mandate? MandateOr(Option<string> option, Option<string> views, string builtIn, string place)
    {
        var mandate = Take(
            text.Text(option) is { } path ? MandateFile.ReadLocated(path) : MandateFile.ParseLocated(builtIn, place)
        );
        var added = text.Text(views) is { } file ? Take(MandateFile.ReadViews(file)) : null;
        if (mandate is null)
            return null;
        return mandate.Value with { Views = mandate.Value.Views.AddRange(added?.Value.Views ?? []) };
    }

    static Account Flat() =>
        new()
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.CrossStandard,
                    Balances = [new Balance(Currency.Usdc, FlatUsdc)],
                },
            ],
        };

    static Parsed<Located<Mandate>> ParseMandate(string? path) =>
        path is not null
            ? MandateFile.ReadLocated(path)
            : MandateFile.ParseLocated(EmbeddedMarket.MandateText, "built-in mandate");

    Mandate? ReadMandate(SizingOptions options, Parsed<Located<Mandate>> parsed)
    {
        bool builtIn = text.Text(options.Mandate) is null;
        var mandate = Take(parsed);
        var views = text.Text(options.Views) is { } file ? Take(MandateFile.ReadViews(file)) : null;
        if (mandate is null)
            return null;
        if (builtIn)
            // Limits are shares: they hold in whatever currency the account counts its wealth.
            mandate = mandate with
            {
                Value = mandate.Value with { HomeCurrency = null },
            };
        if (builtIn && text.Text(options.Market) is not null)
        {
            // Its view and candidates speak of the built-in market's own expiries.
            Notes.Add("without --mandate: the limits of the built-in mandate hold, without its view and candidates");
            mandate = mandate with
            {
                Value = mandate.Value with { Views = [], Candidates = [], Groups = [], Objective = null },
            };
        }
        places = new MandatePlaces(mandate, views);
        return views is null
            ? mandate.Value
            : mandate.Value with
            {
                Views = mandate.Value.Views.AddRange(views.Value.Views),
            };
    }

    /// <summary>A coin of the market, or null for all.</summary>
    public string? Underlying(Option<string> option, MarketSnapshot? market)
    {
        if (text.Text(option) is not { } coin || market is null || market.Find(coin) is not null)
            return text.Text(option);
        string known = string.Join(", ", market.Underlyings.Select(each => each.Underlying));
        text.Refuse(option, coin, $"a coin of the market: {known}");
        return null;
    }

    /// <summary>A chart's file by its ending, or null.</summary>
    public string? ChartFile(Option<string> option)
    {
        if (text.Text(option) is not { } file)
            return null;
        if (file.EndsWith(".svg", StringComparison.Ordinal) || file.EndsWith(".png", StringComparison.Ordinal))
            return file;
        text.Refuse(option, file, "a file that ends in .svg or .png");
        return null;
    }

    /// <summary>
    /// The method to size by, from the option or the mandate's objective, with its parameters; null: none named.
    /// </summary>
    public MethodWish? Method(Option<string> option, SizingOptions options)
    {
        var choice = Choice(options.Mandate);
        string? key = text.Text(option) ?? choice.Objective;
        // Growth by itself is the mandate's own objective.
        if (key is null || (key == "growth" && text.Text(option) is null))
            return null;
        if (SizingMethods.Find(key) is not { } method)
        {
            string? nearest = NearestName.Of(key, SizingMethods.All.Select(each => each.Key));
            string known = string.Join(", ", SizingMethods.All.Select(each => each.Key));
            text.Refuse(option, key, nearest is null ? $"one of {known}" : $"a method, perhaps {nearest}");
            return null;
        }
        return new MethodWish(method, choice.Of(key));
    }

    /// <summary>What a mandate file says of methods; faults are those that reading the mandate finds.</summary>
    public MethodChoice Choice(Option<string> mandate)
    {
        var none = new MethodChoice(null, ImmutableDictionary<string, MethodSettings>.Empty);
        if (text.Text(mandate) is not { } path)
            return none;
        var read = MandateFile.ReadMethods(path);
        return read.Succeeded ? read.Value.Value : none;
    }

    /// <summary>A folder for the audit bundle, or null: absent, empty, or holding an earlier bundle.</summary>
    public string? DumpFolder(Option<string> option, bool isSingleTrade)
    {
        if (text.Text(option) is not { } folder)
            return null;
        if (isSingleTrade)
            text.Refuse(option, folder, "no INSTRUMENT beside it: only a sizing of the whole account has a bundle");
        else if (File.Exists(folder))
            text.Refuse(option, folder, "a folder, not a file");
        else if (Directory.Exists(folder) && !IsEmptyOrBundle(folder))
            text.Refuse(option, folder, "an absent or empty folder, or one that holds an earlier bundle");
        return folder;
    }

    static bool IsEmptyOrBundle(string folder) =>
        !Directory.EnumerateFileSystemEntries(folder).Any() || File.Exists(Path.Combine(folder, BundleMark));

    /// <summary>
    /// The value, or null after adding its faults; rules that know a mandate's key paths alone get file and line here.
    /// </summary>
    public T? Take<T>(Parsed<T> parsed)
        where T : class
    {
        Faults.AddRange(
            parsed.Faults.Select(fault =>
                fault.Place == MandateRules.Place && places is not null ? places.Locate(fault) : fault
            )
        );
        return parsed.Succeeded ? parsed.Value : null;
    }
}

/// <summary>A method with its parameters.</summary>
sealed record MethodWish(ISizingMethod Method, MethodSettings Settings);
