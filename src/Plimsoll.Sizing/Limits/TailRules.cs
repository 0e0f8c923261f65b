using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>survival.worst-case over the tail range: the loss at expiry intrinsic, which no sample shows.</summary>
/// <remarks>
/// Per coin, in home currency and in each coin-settled pool's own currency. Different expiries may see different prices,
/// a linear position may be split among them (<see cref="TailRange"/>): one epigraph and one share of the linear part
/// for each expiry. What bounds a naked short is this limit, not the sample.
/// </remarks>
sealed class TailWorstCase : LimitRule
{
    public const string Suffix = ".tail-range";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.WorstCase is not { } limit)
            return;
        foreach (var tail in prepared.Tails)
        {
            string name = $"{StressWorstCase.Name}{Suffix}[{tail.Name}]";
            var rows = Rows(parts, tail);
            AddRows(
                parts,
                name,
                limit.Limit,
                FormattableString.Invariant(
                    $"loss at expiry anywhere from {limit.TailLow:0.##}x to {limit.TailHigh:0.##}x of {tail.Range.Underlying}, share of equity in {tail.Range.Unit}"
                ),
                rows.Total,
                exact: positions => tail.Loss(prepared, positions),
                collateral: tail.Range.WorstLoss(
                    new double[prepared.Matrix.Instruments.Length],
                    tail.CollateralSlope
                ).Loss / tail.Equity
            );
            parts.Add(
                new PendingRows(0, $"{name}.rows", 0, limit.Limit, null, 0, rows.Each),
                new LimitMeaning($"{name}.rows", "loss of each expiry", null, false, []) { IsAuxiliary = true }
            );
        }
    }

    static (LimitRow[] Total, List<LimitRow> Each) Rows(ProgramParts parts, TailBook tail)
    {
        var range = tail.Range;
        double reach = Math.Max(range.HighX - range.X0, range.X0 - range.LowX);
        var each = new List<LimitRow>();
        var total = new List<(int, double)>();
        var shares = new List<(int, double)>();
        foreach (var expiry in range.Expiries)
        {
            if (!tail.Uses(parts, expiry))
                continue;
            int loss = parts.AddAuxiliary(-1e3, 1e3);
            int share = parts.AddAuxiliary(-1e3, 1e3);
            total.Add((loss, 1));
            shares.Add((share, 1));
            for (int k = 0; k < expiry.X.Length; k++)
            {
                double[] row = tail.LegRow(parts, expiry, k, out double offset);
                each.Add(new LimitRow(offset, row, [(share, -(expiry.X[k] - range.X0) / reach), (loss, -1)]));
            }
        }
        int linear = parts.AddAuxiliary(-1e3, 1e3);
        total.Add((linear, 1));
        double[] slope = parts.LinearRow(line =>
            tail.Counts(line) ? range.LinearSlope[line.Column] * reach / tail.Equity : 0
        );
        double now = tail.CollateralSlope * reach / tail.Equity;
        foreach (var line in parts.Prepared.Lines)
            if (line.IsHeld && tail.Counts(line))
                now += range.LinearSlope[line.Column] * reach / tail.Equity * line.CurrentContracts;
        foreach (double end in new[] { range.LowX, range.HighX })
        {
            double away = (end - range.X0) / reach;
            each.Add(
                new LimitRow(
                    -now * away,
                    [.. slope.Select(value => -value * away)],
                    [.. shares.Select(pair => (pair.Item1, away)), (linear, -1)]
                )
            );
        }
        return ([new LimitRow(0, new double[parts.Legs.Length], total)], each);
    }
}

/// <summary>survival.worst-case with tail-range "unbounded": the book's slope at both ends must not lose.</summary>
sealed class UnboundedTail : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.WorstCase is not { Unbounded: true })
            return;
        foreach (var tail in prepared.Tails)
        {
            double scale = tail.Range.X0 / tail.Equity;
            double Slope(SizingLine line)
            {
                if (!tail.Counts(line))
                    return 0;
                double slope = tail.Range.LinearSlope[line.Column];
                foreach (var expiry in tail.Range.Expiries)
                {
                    int at = Array.IndexOf(expiry.Columns, line.Column);
                    if (at >= 0)
                        slope += expiry.SlopeAtInfinity[at];
                }
                return -slope * scale;
            }
            double now = -tail.CollateralSlope * scale;
            now += prepared.Lines.Where(line => line.IsHeld).Sum(line => Slope(line) * line.CurrentContracts);
            AddRows(
                parts,
                $"{StressWorstCase.Name}.unbounded[{tail.Name}]",
                0,
                $"loss per unit of price as {tail.Range.Underlying} {(tail.Range.IsInverse ? "falls to nothing" : "rises without end")}",
                [new LimitRow(now, parts.LinearRow(Slope))]
            );
        }
    }
}

/// <summary>The tail of one coin in one unit: the whole account in home currency, or a pool in its own.</summary>
/// <param name="Name"><c>BTC</c>, or <c>BTC in main/BTC</c>.</param>
/// <param name="Range">Rows.</param>
/// <param name="Equity">Equity in the rows' unit; positive.</param>
/// <param name="CollateralSlope">Gain of the collateral per unit of x.</param>
/// <param name="Pool">Pool whose lines count; null: all.</param>
public sealed record TailBook(string Name, TailRange Range, double Equity, double CollateralSlope, int? Pool)
{
    /// <summary>Whether a line's gains are in these rows.</summary>
    public bool Counts(SizingLine line) =>
        line.Instrument.Underlying == Range.Underlying
        && (Pool is null || (line.Wallet == Pool && line.Instrument.Settlement == Range.Unit));

    internal bool Uses(ProgramParts parts, TailExpiry expiry)
    {
        foreach (var line in parts.Prepared.Lines)
            if (line.Instrument.SettlesAt == expiry.Expiry && Counts(line) && (line.IsHeld || line.IsCandidate))
                return true;
        return false;
    }

    /// <summary>Loss of the expiry's lines at one knot, as a share of equity.</summary>
    internal double[] LegRow(ProgramParts parts, TailExpiry expiry, int knot, out double offset)
    {
        var row = new double[parts.Legs.Length];
        offset = 0;
        foreach (var line in parts.Prepared.Lines)
            if (line.IsHeld && Counts(line) && Position(expiry, line.Column) is var at and >= 0)
                offset -= line.CurrentContracts * expiry.Gain[knot, at] / Equity;
        for (int j = 0; j < row.Length; j++)
        {
            var line = parts.LineOf(j);
            if (Counts(line) && Position(expiry, line.Column) is var at and >= 0)
                row[j] = -parts.Legs[j].Direction * expiry.Gain[knot, at] / Equity;
        }
        return row;
    }

    /// <summary>Loss of positions by line, as a share of equity.</summary>
    public double Loss(PreparedSizing prepared, ReadOnlySpan<double> positions)
    {
        var contracts = new double[prepared.Matrix.Instruments.Length];
        for (int i = 0; i < positions.Length; i++)
            if (Counts(prepared.Lines[i]))
                contracts[prepared.Lines[i].Column] += positions[i];
        return Range.WorstLoss(contracts, CollateralSlope).Loss / Equity;
    }

    static int Position(TailExpiry expiry, int column) => Array.BinarySearch(expiry.Columns, column);
}
