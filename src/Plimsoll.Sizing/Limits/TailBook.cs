using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>The tail of one coin in one unit: the whole account in home currency, or a pool in its own.</summary>
/// <param name="Name"><c>BTC</c>, or <c>BTC in main/BTC</c>.</param>
/// <param name="Range">Rows.</param>
/// <param name="Equity">Equity in the rows' unit; positive.</param>
/// <param name="CollateralSlope">Gain of the collateral per unit of x.</param>
/// <param name="Pool">Pool whose lines count; null: all.</param>
public sealed record TailBook(string Name, TailRange Range, double Equity, double CollateralSlope, int? Pool)
{
    const int FirstRows = 48;
    const int SpreadCuts = 24;
    const int MoreCuts = 6;

    TailCut[]? firstCuts;

    /// <summary>Pools of isolated positions, whose loss is <see cref="Fixed"/> and whose lines do not count.</summary>
    public ImmutableHashSet<int> Isolated { get; init; } = [];

    /// <summary>Most that the isolated positions lose, share of equity: they are held as they are.</summary>
    public double Fixed { get; init; }

    /// <summary>Whether a line's gains are in these rows.</summary>
    public bool Counts(SizingLine line) =>
        line.Instrument.Underlying == Range.Underlying
        && !Isolated.Contains(line.Wallet)
        && (Pool is null || (line.Wallet == Pool && line.Instrument.Settlement == Range.Unit));

    /// <summary>Loss of positions by line, as a share of equity.</summary>
    public double Loss(PreparedSizing prepared, ReadOnlySpan<double> positions) =>
        Fixed + Range.WorstLoss(Contracts(prepared, positions), CollateralSlope).Loss / Equity;

    /// <summary>All expiries at one price: the ends, and strikes spread over the range.</summary>
    internal TailCut[] FirstCuts() => firstCuts ??= [.. SpreadOverRange()];

    IEnumerable<TailCut> SpreadOverRange()
    {
        double[] knots =
        [
            .. Range
                .Expiries.SelectMany(expiry => expiry.X)
                .Concat(Range.LinearKinks())
                .Append(Range.LowX)
                .Append(Range.HighX)
                .Distinct()
                .Order(),
        ];
        int count = Math.Min(knots.Length, FirstRows);
        var chosen = Enumerable
            .Range(0, count)
            .Select(i => knots[(int)((long)i * (knots.Length - 1) / Math.Max(1, count - 1))]);
        foreach (double x in chosen.Distinct())
            yield return new TailCut(x, [.. Range.Expiries.Select(expiry => Neighbours(expiry, x))]);
    }

    /// <summary>
    /// The prices that hurt these positions most, then others, spread over the range, that hurt more than a limit.
    /// </summary>
    internal IEnumerable<TailCut> WorstCuts(PreparedSizing prepared, ReadOnlySpan<double> positions, double limit)
    {
        var contracts = Contracts(prepared, positions);
        double priceUsd = Range.WorstLoss(contracts, CollateralSlope).PriceUsd;
        double x = Math.Clamp(Range.IsInverse ? 1 / priceUsd : priceUsd, Range.LowX, Range.HighX);
        var worst = CutAt(contracts, x).Cut;
        var others = Enumerable
            .Range(0, SpreadCuts)
            .Select(i => CutAt(contracts, Range.LowX + (Range.HighX - Range.LowX) * (i + 0.5) / SpreadCuts))
            .Where(cut => Fixed + cut.Loss / Equity > limit)
            .OrderByDescending(cut => cut.Loss)
            .Take(MoreCuts)
            .Select(cut => cut.Cut);
        return [worst, .. others];
    }

    (TailCut Cut, double Loss) CutAt(TailContracts contracts, double x)
    {
        double slope = CollateralSlope;
        for (int i = 0; i < Range.LinearSlope.Length; i++)
            slope += Range.LinearSlope[i] * contracts.Net(i);
        double loss = Range.LinearForgone(contracts, x) - slope * (x - Range.X0);
        var mixes = new (int, int, double)[Range.Expiries.Length];
        for (int e = 0; e < mixes.Length; e++)
        {
            (mixes[e], double most) = Worst(Range, Range.Expiries[e], contracts, x);
            loss += most;
        }
        return (new TailCut(x, mixes), loss);
    }

    /// <summary>Loss, as a share of equity, at the prices of a cut: linear in the legs.</summary>
    internal LimitRow Row(ProgramParts parts, TailCut cut)
    {
        var (loss, forgone) = cut.Loss ??= LossByColumn(cut);
        double away = (cut.X - Range.X0) / Equity;
        double PerContract(SizingLine line, bool isLong)
        {
            if (!Counts(line))
                return 0;
            double bought = loss[line.Column] - Range.LinearSlope[line.Column] * away;
            return isLong ? bought + forgone.Long[line.Column] : forgone.Short[line.Column] - bought;
        }
        double offset = Fixed - CollateralSlope * away;
        foreach (var line in parts.Prepared.Held)
            offset += Math.Abs(line.CurrentContracts) * PerContract(line, line.CurrentContracts > 0);
        return new LimitRow(offset, parts.PartRow(line => PerContract(line, true), line => PerContract(line, false)));
    }

    /// <summary>By column, shares of equity: loss of a contract bought, and what it forgoes on either side.</summary>
    (double[] Loss, TailContracts Forgone) LossByColumn(TailCut cut)
    {
        var loss = new double[Range.LinearSlope.Length];
        var forgone = new TailContracts(new double[loss.Length], new double[loss.Length]);
        for (int i = 0; i < loss.Length; i++)
            if (Range.LinearSlope[i] != 0 && Range.Forgone[i] is { } linear)
                (forgone.Long[i], forgone.Short[i]) = (linear.Long.At(cut.X) / Equity, linear.Short.At(cut.X) / Equity);
        for (int e = 0; e < Range.Expiries.Length; e++)
        {
            var expiry = Range.Expiries[e];
            var (left, right, share) = cut.Mixes[e];
            double Mixed(double atLeft, double atRight) => ((1 - share) * atLeft + share * atRight) / Equity;
            for (int c = 0; c < expiry.Columns.Length; c++)
            {
                int column = expiry.Columns[c];
                loss[column] = -Mixed(expiry.Gain[left, c], expiry.Gain[right, c]);
                if (Range.Forgone[column] is not { } hinges)
                    continue;
                forgone.Long[column] = Mixed(hinges.Long.At(expiry.X[left]), hinges.Long.At(expiry.X[right]));
                forgone.Short[column] = Mixed(hinges.Short.At(expiry.X[left]), hinges.Short.At(expiry.X[right]));
            }
        }
        return (loss, forgone);
    }

    TailContracts Contracts(PreparedSizing prepared, ReadOnlySpan<double> positions)
    {
        var contracts = TailContracts.Of(new double[prepared.Matrix.Instruments.Length]);
        for (int i = 0; i < positions.Length; i++)
            if (positions[i] != 0 && Counts(prepared.Lines[i]))
                contracts.Add(prepared.Lines[i].Column, positions[i]);
        return contracts;
    }

    static (int Left, int Right, double Share) Neighbours(TailExpiry expiry, double x)
    {
        int right = 1;
        while (right < expiry.X.Length - 1 && expiry.X[right] < x)
            right++;
        double share = (x - expiry.X[right - 1]) / (expiry.X[right] - expiry.X[right - 1]);
        return (right - 1, right, Math.Clamp(share, 0, 1));
    }

    /// <summary>The two knots whose mixture has mean x and loses most, and what it loses.</summary>
    static ((int Left, int Right, double Share) Mix, double Loss) Worst(
        TailRange range,
        TailExpiry expiry,
        TailContracts contracts,
        double x
    )
    {
        double[] loss = range.Losses(expiry, contracts);
        var best = Neighbours(expiry, x);
        double most = (1 - best.Share) * loss[best.Left] + best.Share * loss[best.Right];
        for (int left = 0; left < loss.Length && expiry.X[left] <= x; left++)
        for (int right = loss.Length - 1; right > left && expiry.X[right] >= x; right--)
        {
            double share = (x - expiry.X[left]) / (expiry.X[right] - expiry.X[left]);
            double value = (1 - share) * loss[left] + share * loss[right];
            if (value > most)
                (most, best) = (value, (left, right, share));
        }
        return (best, most);
    }
}

/// <summary>One way in which prices may lie at the expiries: mean x, and two knots mixed for each expiry.</summary>
sealed record TailCut(double X, (int Left, int Right, double Share)[] Mixes)
{
    /// <summary>
    /// By column, shares of equity: loss of one contract before the linear part, and what it forgoes held long and held
    /// short; kept once reckoned.
    /// </summary>
    public (double[] Loss, TailContracts Forgone)? Loss { get; set; }
}
