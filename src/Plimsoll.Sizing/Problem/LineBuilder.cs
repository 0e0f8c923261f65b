using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// Turns instruments and positions into lines with their costs and bounds, and collects what is missing.
/// </summary>
sealed partial class LineBuilder
{
    /// <summary>Options that may be opened at once; more only adds near copies of what is there.</summary>
    const int MostCandidates = 110;

    const double LargestOptionNotional = 20;
    const double LargestFutureNotional = 5;
    const double DefaultParticipation = 0.1;
    const double ImpactPrefactor = 1;

    readonly SizingInput input;
    readonly Mandate mandate;
    readonly PnlMatrix matrix;
    readonly double equity;
    readonly ObjectiveKind objective;
    readonly bool reduceOnly;
    readonly ImmutableArray<MarginPool> pools;
    readonly HoldingTime holding;
    readonly double[] deviation;
    readonly SortedSet<string> missing = new(StringComparer.Ordinal);
    readonly SortedSet<string> assumptions = new(StringComparer.Ordinal);

    public LineBuilder(
        SizingInput input,
        Mandate mandate,
        PnlMatrix matrix,
        double equity,
        ObjectiveKind objective,
        bool reduceOnly,
        ImmutableArray<MarginPool> pools
    )
    {
        (this.input, this.mandate, this.matrix, this.equity) = (input, mandate, matrix, equity);
        (this.objective, this.reduceOnly, this.pools) = (objective, reduceOnly, pools);
        holding = HoldingTime.Of(mandate, input.Market.AsOf);
        deviation = Deviations(matrix, input.Threads);
    }

    /// <summary>
    /// What lacks, one line a figure and an instrument: <c>daily volume of NAME (where it may come from)</c>.
    /// </summary>
    public IEnumerable<string> Missing => missing;

    /// <summary>Assumptions used.</summary>
    public IEnumerable<string> Assumptions => assumptions;

    /// <summary>All lines: held ones first in the account's order, then the rest by name.</summary>
    public ImmutableArray<SizingLine> Build()
    {
        if (mandate.Assumptions.BorrowAnnual is { } rate)
            assumptions.Add(FormattableString.Invariant($"borrow {rate * 100:0.##}% a year on balances below zero"));
        var lines = ImmutableArray.CreateBuilder<SizingLine>();
        var quotes = input.Market.Quotes.ToDictionary(quote => quote.Instrument.Name, StringComparer.Ordinal);
        var column = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < matrix.Instruments.Length; i++)
            column[matrix.Instruments[i].Name] = i;
        var held = new HashSet<string>(StringComparer.Ordinal);
        foreach (var subaccount in input.Account.Subaccounts)
        foreach (var position in subaccount.Positions.Where(position => position.Contracts != 0))
            if (column.TryGetValue(position.Instrument, out int i))
            {
                held.Add(position.Instrument);
                int pool = PoolOf(subaccount.Name, matrix.Instruments[i].Settlement);
                var line = Line(i, quotes[position.Instrument], pool, position.Contracts);
                lines.Add(pools[pool].IsIsolated ? line.HeldAsItIs("isolated margin: held as it is") : line);
            }
        for (int i = 0; i < matrix.Instruments.Length; i++)
            if (!held.Contains(matrix.Instruments[i].Name) && PoolFor(matrix.Instruments[i]) is { } pool)
                lines.Add(Line(i, quotes[matrix.Instruments[i].Name], pool, 0));
        AddOrderLines(lines, quotes, column);
        return CheapestToTrade(lines);
    }

    /// <summary>
    /// An order may rest where its contract is neither held nor would be opened: its fill stands there.
    /// </summary>
    void AddOrderLines(
        ImmutableArray<SizingLine>.Builder lines,
        Dictionary<string, InstrumentQuote> quotes,
        Dictionary<string, int> column
    )
    {
        foreach (var subaccount in input.Account.Subaccounts)
        foreach (string name in subaccount.OpenOrders.Select(order => order.Instrument).Distinct())
        {
            if (!column.TryGetValue(name, out int i))
                continue;
            if (lines.Any(line => line.Name == name && line.Subaccount == subaccount.Name))
                continue;
            if (FindPool(subaccount.Name, matrix.Instruments[i].Settlement) is not { } pool)
                continue;
            lines.Add(
                Line(i, quotes[name], pool, 0) with
                {
                    Low = 0,
                    High = 0,
                    IsCandidate = false,
                    ScreenedBecause = "traded in another subaccount; an open order rests here",
                }
            );
        }
    }

    /// <summary>Of the options that passed, those whose cost is least for the risk that they carry are kept.</summary>
    ImmutableArray<SizingLine> CheapestToTrade(ImmutableArray<SizingLine>.Builder lines)
    {
        int[] order =
        [
            .. Enumerable
                .Range(0, lines.Count)
                .Where(i => lines[i] is { IsCandidate: true, IsHeld: false, Instrument: OptionInstrument })
                .OrderBy(i => lines[i].Cost.Buy!.Value.Home / deviation[lines[i].Column]),
        ];
        foreach (int i in order.Skip(MostCandidates))
            lines[i] = lines[i] with { IsCandidate = false, ScreenedBecause = LeftOut.Because };
        return lines.ToImmutable();
    }

    /// <summary>Root mean square gain of one contract of each column.</summary>
    static double[] Deviations(PnlMatrix matrix, int threads)
    {
        var deviation = new double[matrix.Instruments.Length];
        double[] weights = matrix.Scenarios.Weights;
        Parallel.For(
            0,
            deviation.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) },
            column => deviation[column] = Math.Sqrt(MeanSquare(matrix.Gain.Column(column), weights))
        );
        return deviation;
    }

    static double MeanSquare(ReadOnlySpan<double> gain, ReadOnlySpan<double> weights)
    {
        double square = 0;
        for (int s = 0; s < gain.Length; s++)
            square += weights[s] * gain[s] * gain[s];
        return square;
    }

    SizingLine Line(int column, InstrumentQuote quote, int pool, decimal current)
    {
        var instrument = quote.Instrument;
        var prices = matrix.Prices!;
        double settlement = prices.Now(instrument.Settlement);
        var cost = TradingCost.Of(
            quote,
            input.Market.Find(instrument.Underlying)!.IndexUsd,
            settlement,
            matrix.ValueNow[column] / settlement,
            mandate.Assumptions
        );
        string screened = LiquidityScreen.Reason(quote, mandate);
        if (screened.Length == 0 && cost.Buy is null && cost.Sell is null)
            screened = "nobody quotes it";
        bool relevant = current != 0 || screened.Length == 0;
        if (relevant)
            NoteMissing(quote, cost, current != 0);
        double? volume = Volume(quote, relevant);
        var (low, high) = Bounds(quote, (double)current, screened.Length == 0, volume, relevant);
        return new SizingLine
        {
            Column = column,
            Quote = quote,
            Subaccount = pools[pool].Subaccount,
            Wallet = pool,
            Current = current,
            Cost = cost,
            Impact = Impact(column, volume),
            OpeningShare = holding.OpeningShare(instrument, input.Market.AsOf),
            ClosingShare = holding.ClosingShare(instrument, input.Market.AsOf),
            Low = low,
            High = high,
            IsCandidate = screened.Length == 0,
            ScreenedBecause = screened,
        };
    }

    (double Low, double High) Bounds(InstrumentQuote quote, double now, bool candidate, double? volume, bool relevant)
    {
        double low = Math.Min(0, now),
            high = Math.Max(0, now);
        bool isOption = quote.Instrument is OptionInstrument;
        // What was screened out for its width may still be traded alone by name; a held one may only shrink.
        bool mayOpen = (candidate || now == 0) && !reduceOnly;
        if (!mayOpen)
            return (low, high);
        bool protect = objective == ObjectiveKind.Protect;
        double most = LargestPosition(quote.Instrument);
        var liquidity = mandate.Limits.Liquidity;
        double buy = TradeCap(liquidity, volume, () => Depth(quote, true, relevant));
        double sell = TradeCap(liquidity, volume, () => Depth(quote, false, relevant));
        if (liquidity?.ExitDays is { } days)
            most = Math.Min(most, days * (liquidity.DailyVolume ?? DefaultParticipation) * (volume ?? double.MaxValue));
        if (!(protect && isOption && !mandate.AllowBoughtOptions))
            high = Math.Max(high, Math.Min(most, now + buy));
        if (!(protect && isOption))
            low = Math.Min(low, Math.Max(-most, now - sell));
        if (quote.Instrument is SpotInstrument)
            low = Math.Max(low, -SpotBalance(quote.Instrument));
        return (low, high);
    }

    double LargestPosition(Instrument instrument)
    {
        double indexUsd = input.Market.Find(instrument.Underlying)!.IndexUsd;
        double notional = Notional.PerContractUsd(instrument, indexUsd) * matrix.Prices!.Now(Currency.Usd);
        return (instrument is OptionInstrument ? LargestOptionNotional : LargestFutureNotional) * equity / notional;
    }

    double SpotBalance(Instrument instrument)
    {
        double coins = pools
            .SelectMany(pool => pool.Wallets)
            .Where(wallet => wallet.Currency.Code == instrument.Underlying)
            .Sum(wallet => wallet.Cash);
        return Math.Max(0, coins) / (double)instrument.ContractSize;
    }

    int PoolOf(string subaccount, Currency settlement) =>
        FindPool(subaccount, settlement)
        ?? throw new InvalidOperationException($"{subaccount} has no wallet for {settlement}");

    int? FindPool(string subaccount, Currency settlement)
    {
        for (int k = 0; k < pools.Length; k++)
            if (pools[k].Subaccount == subaccount && pools[k].Margins(settlement))
                return k;
        return null;
    }

    /// <summary>
    /// Where a new position would stand: the first pool of the venue that margins it and is worth something.
    /// </summary>
    int? PoolFor(Instrument instrument)
    {
        for (int k = 0; k < pools.Length; k++)
            if (
                pools[k].Venue == instrument.Venue
                && !pools[k].IsIsolated
                && pools[k].Margins(instrument.Settlement)
                && pools[k].EquityNow(matrix.Prices!) > 0
            )
                return k;
        return null;
    }
}
