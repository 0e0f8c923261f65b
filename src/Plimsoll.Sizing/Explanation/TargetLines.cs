using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>The answer's lines: trades in their order first, then what is held and stays.</summary>
static class TargetLines
{
    public static ImmutableArray<TargetLine> Of(
        LotProblem problem,
        int[] lots,
        double[] after,
        IReadOnlyDictionary<int, (double Least, double Most)>? ranges
    )
    {
        var prepared = problem.Solve.Parts.Prepared;
        var reasons = TargetReasons.Of(problem, lots, after);
        var ordered = TradeOrder.Of(problem, lots);
        var continuous = Continuous(problem.Solve);
        var lines = ImmutableArray.CreateBuilder<TargetLine>();
        foreach (var trade in ordered)
            lines.Add(
                Traded(
                    prepared.Lines[trade.Line],
                    trade,
                    continuous[trade.Line],
                    reasons[trade.Line],
                    ranges,
                    trade.Line
                )
            );
        var traded = ordered.Select(trade => trade.Line).ToHashSet();
        for (int i = 0; i < prepared.Lines.Length; i++)
            if (prepared.Lines[i].IsHeld && !traded.Contains(i))
                lines.Add(Kept(prepared.Lines[i], continuous[i], ranges, i));
        return lines.ToImmutable();
    }

    /// <summary>Continuous target of every line, contracts.</summary>
    public static double[] Continuous(ContinuousSolve solve)
    {
        double[] target = solve.Parts.Prepared.Current;
        for (int j = 0; j < solve.Parts.Legs.Length; j++)
            target[solve.Parts.Legs[j].Line] += solve.Parts.Legs[j].Direction * solve.Solution.Position[j];
        return target;
    }

    static TargetLine Traded(
        SizingLine line,
        OrderedTrade trade,
        double continuous,
        ImmutableArray<string> reasons,
        IReadOnlyDictionary<int, (double Least, double Most)>? ranges,
        int index
    ) =>
        new(
            line.Name,
            line.Subaccount,
            line.Current,
            line.Current + trade.Trade,
            continuous,
            trade.Trade,
            Math.Abs(trade.Trade) * line.Instrument.OrderAmountPerContract,
            line.Instrument.OrderAmountUnit,
            trade.Trade > 0 ? line.Cost.Buy?.Price : line.Cost.Sell?.Price,
            trade.Step,
            trade.Combination,
            ranges is null ? null : ranges.GetValueOrDefault(index, (continuous, continuous)),
            reasons
        );

    static TargetLine Kept(
        SizingLine line,
        double continuous,
        IReadOnlyDictionary<int, (double Least, double Most)>? ranges,
        int index
    ) =>
        new(
            line.Name,
            line.Subaccount,
            line.Current,
            line.Current,
            continuous,
            0,
            0,
            line.Instrument.OrderAmountUnit,
            null,
            0,
            null,
            ranges is null ? null : ranges.GetValueOrDefault(index, (continuous, continuous)),
            line.Low == line.High ? [$"stays: {line.ScreenedBecause}"] : ["stays: no trade of it is worth its cost"]
        );
}
