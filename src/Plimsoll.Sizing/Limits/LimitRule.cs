using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>One kind of limit: what the mandate says of it becomes rows of the program.</summary>
/// <remarks>A new limit costs one file and one line in <see cref="All"/>.</remarks>
abstract class LimitRule
{
    /// <summary>All limits, in the order of the mandate.</summary>
    public static ImmutableArray<LimitRule> All { get; } =
    [
        new PositiveWealth(),
        new FundingPaid(),
        new BorrowPaid(),
        new DrawdownRule(),
        new StressWorstCase(),
        new NamedStressRule(),
        new TailWorstCase(),
        new UnboundedTail(),
        new ExpectedShortfallRule(),
        new PathLossRule(),
        new LiquidationRule(),
        new LiquidationOnPathRule(),
        new LiquidationDistanceRule(),
        new RiskUnitWorstCase(),
        new UnderlyingWorstCase(),
        new StandaloneWorstCase(),
        new InitialMarginRule(),
        new GreekRule(),
        new ExitDaysRule(),
    ];

    /// <summary>Weight of one unit of relative violation in stage one.</summary>
    protected const double Soft = 1;

    /// <summary>Adds the limit's constraints, if the mandate has it.</summary>
    public abstract void AddTo(ProgramParts parts);

    /// <summary>Adds a soft constraint of rows.</summary>
    protected static void AddRows(
        ProgramParts parts,
        string name,
        double limit,
        string meaning,
        IReadOnlyList<LimitRow> rows,
        double costShare = 0,
        double? collateral = null,
        IEnumerable<string>? rowNames = null,
        Func<double[], double>? exact = null,
        double? scale = null
    )
    {
        if (rows.Count == 0)
            return;
        parts.Add(
            new PendingRows(0, name, limit, scale ?? Math.Max(Math.Abs(limit), 1e-3), Soft, costShare, rows),
            new LimitMeaning(name, meaning, collateral, true, [.. rowNames ?? []]) { Exact = exact }
        );
    }

    /// <summary>Wealth as growth and drawdown see it pays max(least, now + row·amounts), share of equity.</summary>
    protected static void PayFromWealth(
        ProgramParts parts,
        string name,
        string meaning,
        double least,
        double now,
        double[] row
    )
    {
        int paid = parts.AddAuxiliary(least, 10);
        parts.WealthAuxiliary[paid] = amounts =>
        {
            double sum = now;
            for (int j = 0; j < row.Length; j++)
                sum += row[j] * amounts[j];
            return Math.Max(least, sum);
        };
        parts.Add(
            new PendingRows(0, name, 0, 1e-4, null, 0, [new LimitRow(now, row, [(paid, -1)])]),
            new LimitMeaning(name, meaning, null, false, []) { IsAuxiliary = true }
        );
    }
}
