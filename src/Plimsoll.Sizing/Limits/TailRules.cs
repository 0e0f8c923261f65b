using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>survival.worst-case over the tail range: the loss at expiry intrinsic, which no sample shows.</summary>
/// <remarks>
/// Per coin, in home currency and in each coin-settled pool's own currency. Different expiries may see different
/// prices, a linear position may be split among them (<see cref="TailRange"/>), and winning futures may be closed
/// beyond a move (<see cref="TailForgone"/>): the worst case is a maximum of linear functions
/// of the book, one for each way in which prices may lie. The program starts with equal prices for all expiries and
/// takes
/// in the others where its answer shows them to matter. What bounds a naked short is this limit, not the sample.
/// </remarks>
sealed class TailWorstCase : LimitRule
{
    public const string Suffix = ".tail-range";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.WorstCase is not { } limit)
            return;
        foreach (var tail in prepared.Tails.Where(tail => parts.Wants(NameOf(tail))))
            AddRows(
                parts,
                NameOf(tail),
                limit.Limit,
                Meaning(limit, tail),
                [.. Chosen(parts, tail).Select(cut => tail.Row(parts, cut))],
                exact: positions => tail.Loss(prepared, positions),
                collateral: tail.Loss(prepared, new double[prepared.Lines.Length])
            );
    }

    static IEnumerable<TailCut> Chosen(ProgramParts parts, TailBook tail)
    {
        var cuts = tail.FirstCuts();
        return parts.RowsOf(NameOf(tail)) is { } rows ? rows.Where(r => r < cuts.Length).Select(r => cuts[r]) : cuts;
    }

    static string Meaning(WorstCaseLimit limit, TailBook tail)
    {
        string range = FormattableString.Invariant($"{limit.TailLow:0.##}x to {limit.TailHigh:0.##}x");
        string closed = tail.Range.Forgone.Any(one => one is not null) ? ", winning futures deleveraged" : "";
        return $"loss at expiry, {tail.Range.Underlying} at {range}{closed}, of equity in {tail.Range.Unit}";
    }

    /// <summary>Name of a tail's constraint.</summary>
    public static string NameOf(TailBook tail) => $"{StressWorstCase.Name}{Suffix}[{tail.Name}]";
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
            double Slope(SizingLine line, bool isLong)
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
                double forgone = tail.Range.Forgone[line.Column] is { } hinges
                    ? (isLong ? hinges.Long : hinges.Short).SlopeAtInfinity
                    : 0;
                return (forgone - (isLong ? slope : -slope)) * scale;
            }
            double now = -tail.CollateralSlope * scale;
            foreach (var line in prepared.Held)
                now += Slope(line, line.CurrentContracts > 0) * Math.Abs(line.CurrentContracts);
            AddRows(
                parts,
                $"{StressWorstCase.Name}.unbounded[{tail.Name}]",
                0,
                tail.Range.IsInverse
                    ? $"loss per unit of price as {tail.Range.Underlying} falls to nothing"
                    : $"loss per unit of price as {tail.Range.Underlying} rises without end",
                [new LimitRow(now, parts.PartRow(line => Slope(line, true), line => Slope(line, false)))]
            );
        }
    }
}
