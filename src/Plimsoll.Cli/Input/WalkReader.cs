using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Plimsoll.Backtest;
using Plimsoll.Methods;
using Plimsoll.Reports;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>A walk-forward as it was asked for.</summary>
/// <param name="Timeline">Records.</param>
/// <param name="Request">What to do.</param>
/// <param name="Fingerprint">Names the walk.</param>
/// <param name="Checkpoint">Its file, or null.</param>
/// <param name="From">What the file held, or null.</param>
/// <param name="Tries">Stated tries, or null.</param>
/// <param name="Html">File of the page, or null.</param>
/// <param name="Chart">File of the chart, or null.</param>
/// <param name="Figure">What the chart shows.</param>
sealed record WalkWish(
    IMarketTimeline Timeline,
    BacktestRequest Request,
    string Fingerprint,
    string? Checkpoint,
    WalkCheckpoint? From,
    double? Tries,
    string? Html,
    string? Chart,
    BacktestFigure Figure
);

/// <summary>Reads the options of a walk-forward; every fault of every input is collected.</summary>
sealed partial class WalkReader(OptionText text, WalkOptions options)
{
    readonly InputReader inputs = new(text);

    /// <summary>What was asked for, or null after faults.</summary>
    /// <param name="fallback">Methods where none are named.</param>
    /// <param name="always">Methods that are always among them, first.</param>
    public WalkWish? Read(ImmutableArray<string> fallback, ImmutableArray<string> always)
    {
        var from = Day(options.From, TimeSpan.Zero);
        var to = Day(options.To, TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        var account = inputs.FlatOr(options.Account);
        var mandate = inputs.MandateOr(
            options.Mandate,
            options.Views,
            BacktestMandate.Text,
            "built-in backtest mandate"
        );
        var methods = Methods(fallback, always);
        var every = Every();
        int scenarios = text.Whole(options.Scenarios, 2_000, least: 1_000, most: 1_000_000);
        ulong seed = text.Seed(options.Seed);
        int threads = text.Whole(options.Threads, Environment.ProcessorCount, least: 1, most: 256);
        double? tries = text.Text(options.Tries) is null
            ? null
            : text.Whole(options.Tries, 1, least: 1, most: 1_000_000_000);
        string? chart = inputs.ChartFile(options.Chart);
        string? html = text.Text(options.Html);
        if (html is not null && !html.EndsWith(".html", StringComparison.Ordinal))
            text.Refuse(options.Html, html, "a file that ends in .html");
        var figure = Figure();
        var timeline = Timeline(from, to);
        if (text.Faults.Count > 0 || timeline is null || account is null || mandate is null)
            return null;
        var request = new BacktestRequest
        {
            Account = account,
            Mandate = mandate,
            Methods = methods,
            Every = every,
            SweepsGains = text.Given(options.Sweep),
            Scenarios = scenarios,
            Seed = seed,
            Threads = threads,
        };
        string fingerprint = WalkFingerprint.Of(
            timeline,
            request,
            new[] { options.Account, options.Mandate, options.Views }.Select(option =>
                text.Text(option) is { } file ? File.ReadAllText(file) : ""
            )
        );
        string? checkpoint = text.Text(options.Checkpoint);
        WalkCheckpoint? state = null;
        if (checkpoint is not null && File.Exists(checkpoint))
            state = inputs.Take(CheckpointFile.Read(checkpoint, fingerprint));
        return text.Faults.Count > 0
            ? null
            : new WalkWish(timeline, request, fingerprint, checkpoint, state, tries, html, chart, figure);
    }

    IMarketTimeline? Timeline(DateTimeOffset? from, DateTimeOffset? to)
    {
        var bars = text.Text(options.History) is { } path ? inputs.Take(BarsCsv.Read(path)) : null;
        if (text.Text(options.Chains) is { } folder)
            return text.Faults.Count > 0 ? null : inputs.Take(ChainTimeline.Open(folder, bars, from, to));
        if (text.Text(options.History) is { } source)
            return bars is null
                ? null
                : inputs.Take(BarsTimeline.Of(bars, Path.GetFileName(source.TrimEnd('/')), from, to));
        text.Refuse(options.Chains, "nothing", "a folder of recorded chains, or bars with --history, to walk through");
        return null;
    }

    ImmutableArray<BacktestMethod> Methods(ImmutableArray<string> fallback, ImmutableArray<string> always)
    {
        string[] named = text.Text(options.Methods)?.Split(',', StringSplitOptions.TrimEntries) ?? [.. fallback];
        var choice = inputs.Choice(options.Mandate);
        var methods = ImmutableArray.CreateBuilder<BacktestMethod>();
        foreach (string key in always.Concat(named).Distinct(StringComparer.Ordinal))
            if (SizingMethods.Find(key) is { } method)
                methods.Add(new BacktestMethod(key, method, choice.Of(key)));
            else
            {
                string? nearest = NearestName.Of(key, SizingMethods.All.Select(each => each.Key));
                string known = string.Join(", ", SizingMethods.All.Select(each => each.Key));
                text.Refuse(options.Methods, key, nearest is null ? $"one of {known}" : $"a method, perhaps {nearest}");
            }
        return methods.ToImmutable();
    }

    DateTimeOffset? Day(Option<string> option, TimeSpan hour)
    {
        if (text.Text(option) is not { } written)
            return null;
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day))
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + hour;
        text.Refuse(option, written, "a day that exists, written YYYY-MM-DD");
        return null;
    }

    TimeSpan Every()
    {
        if (text.Text(options.Every) is not { } written)
            return TimeSpan.FromDays(1);
        if (Time().Match(written) is { Success: true } match)
        {
            int count = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            return match.Groups[2].Value == "h" ? TimeSpan.FromHours(count) : TimeSpan.FromDays(count);
        }
        text.Refuse(options.Every, written, "hours or days, such as 4h, 1d or 7d");
        return TimeSpan.FromDays(1);
    }

    BacktestFigure Figure()
    {
        if (text.Text(options.Figure) is not { } written)
            return BacktestFigure.Equity;
        foreach (var figure in Enum.GetValues<BacktestFigure>())
            if (figure.ToString().Equals(written, StringComparison.OrdinalIgnoreCase))
                return figure;
        text.Refuse(options.Figure, written, "equity, drawdown, exposure, margin or cost");
        return BacktestFigure.Equity;
    }

    [GeneratedRegex("^([1-9][0-9]{0,2})(h|d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
