using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Plimsoll.Sizing;

namespace Plimsoll.Cli;

/// <summary>Options of <c>kelly</c>: a bet as win probability and odds, or outcome by outcome.</summary>
sealed partial class BetOptions
{
    const double SumTolerance = 1e-9;

    readonly Option<string> win = InputOptions.Worded("--win", "SHARE", "probability of winning, such as 55%");
    readonly Option<string> odds = InputOptions.Worded(
        "--odds",
        "NUMBER",
        "net gain per unit put down when winning (default 1)"
    );
    readonly Option<string> loss = InputOptions.Worded(
        "--loss",
        "SHARE",
        "share of the stake lost when losing (default 100%)"
    );
    readonly Option<string[]> outcome = new("--outcome")
    {
        Description = "in place of --win: one outcome, probability and net return, such as \"20%: +80%\"; repeated",
        HelpName = "OUTCOME",
        Arity = ArgumentArity.OneOrMore,
    };
    readonly Option<string> fraction = InputOptions.Worded(
        "--fraction",
        "NUMBER",
        "share of the growth-optimal size to put down, above 0 and at most 1 (default 1)"
    );
    readonly Option<string> drawdown = InputOptions.Worded(
        "--drawdown",
        "SHARE",
        "loss of today's wealth whose probability is told (default 20%)"
    );
    readonly Option<string> probability = InputOptions.Worded(
        "--probability",
        "SHARE",
        "probability of that drawdown that may not be passed (default 5%)"
    );
    readonly Option<string> bets = InputOptions.Worded(
        "--bets",
        "COUNT",
        "bets within which the drawdown is told too (default 1000)"
    );
    readonly Option<string> equity = InputOptions.Worded("--equity", "AMOUNT", "wealth, to show the stake in money");
    readonly Option<string> seed = InputOptions.Seed();

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { win, odds, loss, outcome, fraction })
            command.Add(option);
        foreach (var option in new[] { drawdown, probability, bets, equity, seed })
            command.Add(option);
    }

    /// <summary>The request, or null after faults, and the wealth if stated.</summary>
    public (KellyRequest? Request, double? Equity) Read(OptionText text, ParseResult parsed)
    {
        var outcomes = Outcomes(text, parsed);
        double multiple = text.Positive(fraction, 1, most: 1);
        double fall = Inside(text, drawdown) ?? 0.2;
        double allowed = Inside(text, probability) ?? 0.05;
        int count = text.Whole(bets, 1_000, least: 1, most: 10_000);
        double? wealth = text.Text(equity) is null ? null : text.Positive(equity, 0, most: 1e15);
        ulong key = text.Seed(seed);
        return text.Faults.Count > 0
            ? (null, null)
            : (new KellyRequest(outcomes, multiple, fall, allowed, count, key), wealth);
    }

    ImmutableArray<BetOutcome> Outcomes(OptionText text, ParseResult parsed)
    {
        string[] written = parsed.GetValue(outcome) ?? [];
        if (written.Length == 0)
            return Binary(text);
        foreach (var option in new[] { win, odds, loss })
            if (text.Text(option) is { } beside)
                text.Refuse(option, beside, "no --outcome beside it: one of the two");
        var outcomes = ImmutableArray.CreateBuilder<BetOutcome>();
        foreach (string one in written)
            if (Form().Match(one) is { Success: true } match && Number(match, 1) is > 0 and < 100 and var share)
                outcomes.Add(new BetOutcome(share / 100, Number(match, 2) / 100));
            else
                text.Refuse(outcome, one, "a probability and a net return, such as \"20%: +80%\" or \"5%: -100%\"");
        if (outcomes.Count < written.Length)
            return [];
        double sum = outcomes.Sum(each => each.Probability);
        if (Math.Abs(sum - 1) > SumTolerance)
            text.Refuse(
                outcome,
                FormattableString.Invariant($"probabilities that sum to {100 * sum:0.######}%"),
                "a sum of 100%"
            );
        else if (outcomes.All(each => each.Return >= 0))
            text.Refuse(outcome, "no outcome that loses", "at least one: without a loss no finite size is best");
        return outcomes.ToImmutable();
    }

    ImmutableArray<BetOutcome> Binary(OptionText text)
    {
        if (text.Text(win) is null)
            text.Refuse(win, "nothing", "a probability of winning, such as 55%, or outcomes with --outcome");
        double chance = Inside(text, win) ?? 0.5;
        double gain = text.Positive(odds, 1, most: 1e6);
        double lost = text.Share(loss) ?? 1;
        return [new BetOutcome(chance, gain), new BetOutcome(1 - chance, -lost)];
    }

    static double? Inside(OptionText text, Option<string> option)
    {
        if (text.Share(option) is not { } share)
            return null;
        if (share < 1)
            return share;
        text.Refuse(option, text.Text(option)!, "a share below 100%");
        return null;
    }

    static double Number(Match match, int group) =>
        double.Parse(
            match.Groups[group].Value,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(
        @"^\s*([0-9]+(?:\.[0-9]+)?)%\s*:\s*([+-]?[0-9]{1,9}(?:\.[0-9]+)?)%\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
