using System.Collections.Immutable;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>Ranges of a method's figures under resampled days.</summary>
/// <param name="MeanBlock">Mean length of a block, days.</param>
/// <param name="Growth">Of the growth rate a year.</param>
/// <param name="Volatility">Of the volatility a year.</param>
/// <param name="Sharpe">Of the Sharpe ratio a year.</param>
/// <param name="Drawdown">Of the largest drawdown over days.</param>
public sealed record OutcomeBands(double MeanBlock, Band Growth, Band Volatility, Band Sharpe, Band Drawdown);

/// <summary>What came of one method.</summary>
public sealed record MethodOutcome
{
    /// <summary>Name in the request.</summary>
    public required string Name { get; init; }

    /// <summary>Family of the method.</summary>
    public required MethodFamily Family { get; init; }

    /// <summary>Every instant.</summary>
    public required ImmutableArray<StepRecord> Records { get; init; }

    /// <summary>Figures of the curve.</summary>
    public required EquityStatistics Statistics { get; init; }

    /// <summary>Ranges; null for fewer than ten days.</summary>
    public required OutcomeBands? Bands { get; init; }

    /// <summary>P(true Sharpe ratio &gt; 0) of this method alone; null where the ratio has no meaning.</summary>
    public required double? ProbabilisticSharpe { get; init; }

    /// <summary>The same after allowing for all tries; null where the ratio has no meaning.</summary>
    public required double? DeflatedSharpe { get; init; }

    /// <summary>Promises.</summary>
    public required PromiseChecks Promises { get; init; }

    /// <summary>When nothing was left; null: never.</summary>
    public required DateTimeOffset? RuinedAt { get; init; }

    /// <summary>What was left aside or missing, once each.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Decisions by how they ended.</summary>
    public int Decisions(DecisionStatus status) => Records.Count(record => record.Status == status);

    /// <summary>Decisions due.</summary>
    public int Due => Records.Count(record => record.Status is not null);

    /// <summary>Sum of a cost over the walk, as a share of the mean equity.</summary>
    public double ShareOfEquity(Func<StepRecord, double> cost)
    {
        double mean = Records.Average(record => record.EquityBefore);
        return mean > 0 ? Records.Sum(cost) / mean : 0;
    }

    /// <summary>Half of what was bought and sold, a year, over the mean equity: one-way turnover.</summary>
    public double TurnoverAnnual =>
        Statistics.Years > 0 ? ShareOfEquity(record => record.Traded) / 2 / Statistics.Years : 0;

    /// <summary>Mean of gross notional over equity, by instant.</summary>
    public double MeanExposure => Records.Average(record => record.Equity > 0 ? record.Gross / record.Equity : 0);
}

/// <summary>What came of a walk-forward.</summary>
public sealed record BacktestOutcome
{
    const int Draws = 1_000;
    const double Confidence = 0.9;
    const int Groups = 10;

    /// <summary>What was done.</summary>
    public required BacktestRequest Request { get; init; }

    /// <summary>Where the records came from.</summary>
    public required string Source { get; init; }

    /// <summary>By method, in the request's order.</summary>
    public required ImmutableArray<MethodOutcome> Methods { get; init; }

    /// <summary>What choosing the best of the methods is worth; null for one method or few days.</summary>
    public required SelectionRisk? Selection { get; init; }

    /// <summary>Tries that the deflated Sharpe ratio allows for.</summary>
    public required double Tries { get; init; }

    /// <summary>What stood in for what was not recorded, in words.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }

    /// <summary>Figures of a finished (or interrupted) walk.</summary>
    /// <param name="timeline">Its records.</param>
    /// <param name="request">Its request.</param>
    /// <param name="state">Where it stands; at least two instants.</param>
    /// <param name="tries">
    /// Tries made before, in all; at least the number of methods counts. Null: the methods of this walk.
    /// </param>
    public static BacktestOutcome Of(
        IMarketTimeline timeline,
        BacktestRequest request,
        WalkCheckpoint state,
        double? tries
    )
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(state);
        var statistics = state.Runs.Select(run => StatisticsOf(run.Records)).ToArray();
        double counted = Math.Max(tries ?? 1, request.Methods.Length);
        double[] ratios =
        [
            .. statistics
                .Select(each => Moments.Of(each.DailyReturns))
                .Where(each => each.Deviation > 0)
                .Select(each => each.Mean / each.Deviation),
        ];
        double? spread = ratios.Length > 1 ? Math.Pow(Moments.Of(ratios).Deviation, 2) : null;
        return new BacktestOutcome
        {
            Request = request,
            Source = timeline.Source,
            Tries = counted,
            Methods = [.. state.Runs.Select((run, m) => OutcomeOf(request, m, run, statistics[m], spread, counted))],
            Selection = SelectionRisk.Of(
                [.. statistics.Select(each => each.DailyReturns)],
                Groups,
                horizon: 1,
                embargo: Math.Max(1, statistics.Min(each => each.DailyReturns.Length) / 100)
            ),
            Assumptions = [.. timeline.Assumptions, .. Assumed(request)],
        };
    }

    static EquityStatistics StatisticsOf(ImmutableArray<StepRecord> records) =>
        EquityStatistics.Of(
            [.. records.Select(record => record.Time)],
            [.. records.Select((record, i) => i == 0 ? record.EquityBefore : record.Equity)]
        );

    static MethodOutcome OutcomeOf(
        BacktestRequest request,
        int m,
        RunState run,
        EquityStatistics statistics,
        double? spread,
        double tries
    )
    {
        var moments = Moments.Of(statistics.DailyReturns);
        double? ratio = moments.Deviation > 0 ? moments.Mean / moments.Deviation : null;
        int days = statistics.DailyReturns.Length;
        // One method alone has no spread of ratios: that of its own estimate stands in.
        double variance =
            spread
            ?? (
                ratio is { } own
                    ? SharpeTests.Spread(own, moments.Skewness, moments.Kurtosis) / Math.Max(1, days - 1)
                    : 0
            );
        return new MethodOutcome
        {
            Name = run.Method,
            Family = request.Methods[m].Method.Family,
            Records = run.Records,
            Statistics = statistics,
            Bands = BandsOf(statistics.DailyReturns, request.Seed),
            ProbabilisticSharpe = ratio is { } r
                ? SharpeTests.Probabilistic(r, 0, days, moments.Skewness, moments.Kurtosis)
                : null,
            DeflatedSharpe = ratio is { } d
                ? SharpeTests.Deflated(d, variance, tries, days, moments.Skewness, moments.Kurtosis)
                : null,
            Promises = PromiseChecks.Of(run.Records, request.Mandate),
            RuinedAt = run.RuinedAt,
            Notes = run.Notes,
        };
    }

    static OutcomeBands? BandsOf(double[] daily, ulong seed)
    {
        double block = StationaryBootstrap.AutomaticBlock(daily);
        var bands = StationaryBootstrap.Bands(daily, Figures, 4, block, Draws, Confidence, seed);
        return bands is null ? null : new OutcomeBands(block, bands[0], bands[1], bands[2], bands[3]);

        static void Figures(double[] returns, double[] values)
        {
            var moments = Moments.Of(returns);
            double growth = 0,
                wealth = 1,
                high = 1,
                deepest = 0;
            foreach (double day in returns)
            {
                growth += Math.Log(1 + day);
                wealth *= 1 + day;
                high = Math.Max(high, wealth);
                deepest = Math.Max(deepest, 1 - wealth / high);
            }
            values[0] = growth / returns.Length * 365;
            values[1] = moments.Deviation * Math.Sqrt(365);
            values[2] = moments.Deviation > 0 ? moments.Mean / moments.Deviation * Math.Sqrt(365) : double.NaN;
            values[3] = deepest;
        }
    }

    static IEnumerable<string> Assumed(BacktestRequest request)
    {
        var venue = request.Venue;
        double funding = request.Mandate.Assumptions.Funding8h ?? venue.Funding8h;
        double spread = request.Mandate.Assumptions.PerpetualSpread ?? venue.PerpetualSpread;
        yield return FormattableString.Invariant(
            $"no funding is recorded: longs pay {funding * 100:0.####}% for 8 hours at all times"
        );
        yield return FormattableString.Invariant(
            $"perpetuals and futures have no recorded quotes: half of {spread * 100:0.####}% is paid on each side"
        );
        yield return FormattableString.Invariant(
            $"an option fills at most the larger of {venue.OptionVolumeShare * 100:0.##}% of its volume of 24 hours "
        )
            + FormattableString.Invariant(
                $"and {venue.OptionInterestShare * 100:0.##}% of its open interest a decision, "
            )
            + "at the best quote; a perpetual fills in full";
        yield return FormattableString.Invariant(
            $"a pool below maintenance margin is closed at the quotes, with {venue.LiquidationFee * 100:0.##}% of "
        ) + "the notional as fee: harsher than the venue, which closes in steps";
        if (request.SweepsGains)
            yield return FormattableString.Invariant(
                $"gains in other currencies are turned into {request.Home.Code} at the index at each instant, "
            ) + FormattableString.Invariant($"for half of {venue.ConversionSpread * 100:0.####}%");
        yield return request.Mandate.Assumptions.BorrowAnnual is { } interest
            ? FormattableString.Invariant(
                $"cash earns nothing, a balance below zero costs {interest * 100:0.##}% a year; USDC, USDT are dollars"
            )
            : "cash earns nothing and a negative balance of a coin costs nothing; USDC and USDT are dollars";
    }
}
