using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>Walks one account a method through recorded markets, instant by instant.</summary>
/// <remarks>
/// At each instant, for each method: funding since the last one, settlement of what expired, marks, liquidation, then
/// (once a period) the decision on what is known by then, and fills at that instant's quotes. Nothing later is read:
/// markets come one by one and bars are cut at the instant. The same request and records give the same bytes, in one
/// go or from a checkpoint, whatever the number of threads.
/// </remarks>
public sealed class WalkForward
{
    readonly IMarketTimeline timeline;
    readonly BacktestRequest request;
    readonly string fingerprint;
    readonly MethodRun[] runs;
    Task<Parsed<Foreseen>>? ahead;

    /// <summary>A walk from the first instant, or from where a checkpoint stands.</summary>
    /// <param name="timeline">Records.</param>
    /// <param name="request">What to do.</param>
    /// <param name="fingerprint">Names request and records; a checkpoint must have the same.</param>
    /// <param name="from">Where to go on; null: the start.</param>
    /// <exception cref="ArgumentException">The checkpoint is of another walk.</exception>
    public WalkForward(
        IMarketTimeline timeline,
        BacktestRequest request,
        string fingerprint,
        WalkCheckpoint? from = null
    )
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(request);
        if (from is not null && (from.Fingerprint != fingerprint || from.Runs.Length != request.Methods.Length))
            throw new ArgumentException("the checkpoint is of another walk", nameof(from));
        (this.timeline, this.request, this.fingerprint) = (timeline, request, fingerprint);
        NextStep = from?.NextStep ?? 0;
        runs =
        [
            .. request.Methods.Select((method, m) => new MethodRun(request, method, timeline.Contract, from?.Runs[m])),
        ];
    }

    /// <summary>Step to do next.</summary>
    public int NextStep { get; private set; }

    /// <summary>Whether every instant was lived through.</summary>
    public bool IsDone => NextStep >= timeline.Times.Length;

    /// <summary>Lives through the next instant; the faults of its record, or none.</summary>
    public ImmutableArray<Fault> Step()
    {
        int step = NextStep;
        var read = ahead is null ? Foresee(step) : ahead.GetAwaiter().GetResult();
        // No account is in the next instant's market, surfaces and scenarios: made beside this one's decisions.
        bool beside = request.Threads > 1 && step + 1 < timeline.Times.Length;
        ahead = beside ? Task.Run(() => Foresee(step + 1)) : null;
        if (!read.Succeeded)
            return read.Faults;
        var (market, histories, store) = read.Value;
        using var over = store;
        var instant = new Instant(
            step,
            market,
            histories,
            store,
            step == 0 ? TimeSpan.Zero : timeline.Times[step] - timeline.Times[step - 1],
            Extremes(market, step),
            (coin, expiry) => Delivery(market, histories.Value, coin, expiry)
        );
        int inner = runs.Length == 1 ? request.Threads : 1;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, request.Threads) };
        Parallel.For(0, runs.Length, options, m => runs[m].Live(instant, inner));
        NextStep++;
        return [];
    }

    /// <summary>Reads an instant and, where a decision is due at it, makes what its market alone decides.</summary>
    Parsed<Foreseen> Foresee(int step)
    {
        var now = timeline.Times[step];
        var market = timeline.Read(step);
        if (!market.Succeeded)
            return Parsed<Foreseen>.Fail(market.Faults);
        var store = new InstantStore(market.Value);
        var histories = new Lazy<ImmutableArray<PriceHistory>>(() =>
            [.. timeline.Histories.Select(history => history.CutAt(now))]
        );
        if (step == 0 || MethodRun.PeriodOf(request, now) != MethodRun.PeriodOf(request, timeline.Times[step - 1]))
            Sizer.Foresee(MethodRun.InputOf(request, market.Value, histories.Value, store));
        return Parsed<Foreseen>.Ok(new Foreseen(market.Value, histories, store));
    }

    /// <summary>Where the walk stands.</summary>
    public WalkCheckpoint Checkpoint() => new(fingerprint, NextStep, [.. runs.Select(run => run.State)]);

    /// <summary>
    /// The coin's price at an expiry: close of the bar that ends there, else the index of the first instant after it.
    /// </summary>
    static double Delivery(
        MarketSnapshot market,
        ImmutableArray<PriceHistory> histories,
        string coin,
        DateTimeOffset expiry
    )
    {
        foreach (var history in histories)
            if (history.Underlying == coin)
                for (int i = history.Bars.Length - 1; i >= 0; i--)
                {
                    var end = history.Bars[i].OpenTime + history.BarLength;
                    if (end == expiry)
                        return history.Bars[i].Close;
                    if (end < expiry)
                        break;
                }
        return market.Find(coin)?.IndexUsd ?? throw new InvalidOperationException($"no price of {coin} to settle at");
    }

    /// <summary>The market at all lows and at all highs since the step before.</summary>
    ImmutableArray<MarketSnapshot> Extremes(MarketSnapshot market, int step)
    {
        var ranges = market.Underlyings.Select(coin => timeline.Range(coin.Underlying, step)).ToArray();
        if (step == 0 || ranges.Any(range => range is null))
            return [];
        return [At(range => range.LowUsd), At(range => range.HighUsd)];

        MarketSnapshot At(Func<(double LowUsd, double HighUsd), double> pick)
        {
            var ratio = new Dictionary<string, double>(StringComparer.Ordinal);
            for (int u = 0; u < ranges.Length; u++)
                ratio[market.Underlyings[u].Underlying] = pick(ranges[u]!.Value) / market.Underlyings[u].IndexUsd;
            return market with
            {
                Underlyings =
                [
                    .. market.Underlyings.Select(coin =>
                        coin with
                        {
                            IndexUsd = coin.IndexUsd * ratio[coin.Underlying],
                        }
                    ),
                ],
                Quotes =
                [
                    .. market.Quotes.Select(quote =>
                        quote with
                        {
                            Bid = null,
                            Ask = null,
                            Mark = quote.Mark * (decimal)ratio[quote.Instrument.Underlying],
                        }
                    ),
                ],
            };
        }
    }

    /// <summary>What is known of an instant before any account is looked at.</summary>
    sealed record Foreseen(MarketSnapshot Market, Lazy<ImmutableArray<PriceHistory>> Histories, InstantStore Store);
}
