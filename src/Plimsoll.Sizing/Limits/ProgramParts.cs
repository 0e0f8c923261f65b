using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>The material of a convex program over chosen legs, and the list that the limits fill.</summary>
/// <remarks>
/// Everything is in fractions of today's equity; legs are in contracts. Scenario rows share one matrix of raw gains;
/// the
/// edge adjustment and shares of cost are shifts of its columns.
/// </remarks>
public sealed class ProgramParts
{
    readonly List<ProgramConstraint> constraints = [];
    readonly List<LimitMeaning> meanings = [];
    readonly List<(double Low, double High)> auxiliaries = [];
    readonly List<PendingRows> pending = [];
    readonly List<ImpliedLimit> implied = [];

    readonly ContinuousSolve? pricing;

    /// <param name="prepared">The prepared input.</param>
    /// <param name="legs">The legs.</param>
    /// <param name="pricing">
    /// A solve over other legs whose prices are to be put on these: only limits with a price are wanted.
    /// </param>
    internal ProgramParts(PreparedSizing prepared, ImmutableArray<Leg> legs, ContinuousSolve? pricing = null)
    {
        (Prepared, Legs, this.pricing) = (prepared, legs, pricing);
        double equity = prepared.Equity;
        Raw = LegColumns(prepared.Matrix.Gain, 1);
        Stress = LegColumns(prepared.StressMatrix.Gain, -1);
        if (pricing is not null)
            // Wealth without a trade is that of the solve whose prices are put on.
            (RawBase, EdgeBase, StressLossBase) = (
                pricing.Parts.RawBase,
                pricing.Parts.EdgeBase,
                pricing.Parts.StressLossBase
            );
        else
            (RawBase, EdgeBase, StressLossBase) = Bases();
        if (prepared.Forgone is { } forgone)
            Deleveraged = new DeleveragedParts(this, forgone, pricing?.Parts.Deleveraged);
        (Cost, Impact, Share) = (new double[legs.Length], new double[legs.Length], new double[legs.Length]);
        for (int j = 0; j < legs.Length; j++)
        {
            var line = prepared.Lines[legs[j].Line];
            Cost[j] = ((legs[j].Direction > 0 ? line.Cost.Buy : line.Cost.Sell)?.Home ?? 0) / equity;
            Impact[j] = line.Impact / equity;
            Share[j] = legs[j].Opens ? line.OpeningShare : line.ClosingShare;
        }
        CommonShare = Share.Append(pricing?.Parts.CommonShare ?? double.PositiveInfinity).Min();
        if (double.IsInfinity(CommonShare))
            CommonShare = 1;
        EdgeShift = new double[legs.Length];
        for (int j = 0; j < legs.Length; j++)
            EdgeShift[j] =
                legs[j].Direction * prepared.Edge.Shift[LineOf(j).Column] / equity - (Share[j] - CommonShare) * Cost[j];
    }

    /// <summary>The prepared input.</summary>
    public PreparedSizing Prepared { get; }

    /// <summary>The legs: variables of the program, in contracts.</summary>
    public ImmutableArray<Leg> Legs { get; }

    /// <summary>Gain of one contract of each leg in each scenario.</summary>
    public ColumnMatrix Raw { get; }

    /// <summary>Loss of one contract of each leg in each stress scenario.</summary>
    public ColumnMatrix Stress { get; }

    /// <summary>Gross return without a trade.</summary>
    public double[] RawBase { get; }

    /// <summary>The same without edge but the stated.</summary>
    public double[] EdgeBase { get; }

    /// <summary>Loss in each stress scenario without a trade.</summary>
    public double[] StressLossBase { get; }

    /// <summary>
    /// The same after what winning futures would forgo; null unless the mandate wants that in every limit on losses.
    /// </summary>
    internal DeleveragedParts? Deleveraged { get; }

    /// <summary>Half spread and fee of each leg.</summary>
    public double[] Cost { get; }

    /// <summary>Impact of each leg, per contract to the power 3/2.</summary>
    public double[] Impact { get; }

    /// <summary>Share of its cost that each leg bears in the objective.</summary>
    public double[] Share { get; }

    /// <summary>Least of the shares; what exceeds it stands in <see cref="EdgeShift"/>.</summary>
    public double CommonShare { get; }

    /// <summary>Edge adjustment and cost beyond the common share, per contract of each leg.</summary>
    public double[] EdgeShift { get; }

    /// <summary>Auxiliary variables that wealth pays: index, and what they are at given leg amounts.</summary>
    public Dictionary<int, Func<ReadOnlySpan<double>, double>> WealthAuxiliary { get; } = [];

    /// <summary>What the constraints mean.</summary>
    public IReadOnlyList<LimitMeaning> Meanings => meanings;

    /// <summary>Limits that others imply.</summary>
    public IReadOnlyList<ImpliedLimit> Implied => implied;

    /// <summary>Limits whose rows are found book by book.</summary>
    internal List<CutLimit> Cuts { get; } = [];

    /// <summary>Probabilities on the way that are reported.</summary>
    internal List<TouchFigure> Touches { get; } = [];

    /// <summary>Rows added to limits as answers showed them to matter, over the legs of any material.</summary>
    internal List<(string Limit, Func<ProgramParts, LimitRow> Row)> Added { get; } = [];

    /// <summary>Whether columns are only priced: what is said of limits is not wanted.</summary>
    internal bool IsPricing => pricing is not null;

    /// <summary>Whether a limit of this name is to be written: all, but where columns are only priced.</summary>
    internal bool Wants(string name) => pricing is null || pricing.Solution.Prices!.Limits.ContainsKey(name);

    /// <summary>Whether a limit whose name begins so is to be written.</summary>
    internal bool WantsSome(string start) =>
        pricing is null
        || pricing.Solution.Prices!.Limits.Keys.Any(name => name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Rows of limits that are written in part, by the limit's name.</summary>
    internal Dictionary<string, int[]> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The rows to write of limits that share them: null for all; where columns are only priced, those with a price.
    /// </summary>
    internal int[]? RowsOf(params ReadOnlySpan<string> names)
    {
        if (pricing is null)
            return null;
        // One row at least, so that the limit is there to be extended.
        var rows = new SortedSet<int> { 0 };
        foreach (string name in names)
            if (pricing.Solution.Prices!.Limits.TryGetValue(name, out double[]? weights))
                for (int r = 0; r < weights.Length; r++)
                    if (weights[r] != 0)
                        rows.Add(r);
        int[] written = [.. rows];
        foreach (string name in names)
            Written[name] = written;
        return written;
    }

    /// <summary>Whether a row of a limit carries a price, where columns are only priced.</summary>
    internal bool HasPrice(string name, int row) =>
        pricing!.Solution.Prices!.Limits.TryGetValue(name, out double[]? weights) && weights[row] != 0;

    /// <summary>Adds a limit that is only reported.</summary>
    internal void AddImplied(ImpliedLimit limit) => implied.Add(limit);

    /// <summary>Line of a leg.</summary>
    public SizingLine LineOf(int leg) => Prepared.Lines[Legs[leg].Line];

    /// <summary>A new auxiliary variable; its index.</summary>
    public int AddAuxiliary(double low, double high)
    {
        auxiliaries.Add((low, high));
        return auxiliaries.Count - 1;
    }

    /// <summary>Adds a constraint that has no rows to complete.</summary>
    public void Add(ProgramConstraint constraint, LimitMeaning meaning)
    {
        constraints.Add(constraint);
        meanings.Add(meaning);
    }

    /// <summary>Adds rows whose auxiliary coefficients are completed when all limits are known.</summary>
    internal void Add(PendingRows rows, LimitMeaning meaning)
    {
        constraints.Add(null!);
        pending.Add(rows with { Index = constraints.Count - 1 });
        meanings.Add(meaning);
    }

    /// <summary>A row of leg coefficients from a figure per contract that is linear in the position.</summary>
    public double[] LinearRow(Func<SizingLine, double> perContract)
    {
        var row = new double[Legs.Length];
        for (int j = 0; j < row.Length; j++)
            row[j] = Legs[j].Direction * perContract(LineOf(j));
        return row;
    }

    /// <summary>A row from figures per contract of the long and of the short part of a position.</summary>
    public double[] PartRow(Func<SizingLine, double> perLong, Func<SizingLine, double> perShort)
    {
        var row = new double[Legs.Length];
        for (int j = 0; j < row.Length; j++)
            row[j] = (Legs[j].Opens ? 1 : -1) * (Legs[j].Part > 0 ? perLong(LineOf(j)) : perShort(LineOf(j)));
        return row;
    }

    /// <summary>Wealth as growth and drawdown see it; cost in shares or whole.</summary>
    public ScenarioValue EdgeValue(bool fullCost) =>
        new(EdgeBase, Raw, fullCost ? LinearShift() : EdgeShift, WealthRow(), null, fullCost ? 1 : CommonShare);

    /// <summary>Wealth after the whole cost, less a constant.</summary>
    public ScenarioValue RawValue(double less) => new([.. RawBase.Select(g => g - less)], Raw, null, null, null, 1);

    /// <summary>The program with the given objective.</summary>
    public ConvexProgram Build(ProgramObjective objective)
    {
        foreach (var rows in pending)
            constraints[rows.Index] = rows.Complete(auxiliaries.Count);
        for (int k = 0; k < constraints.Count; k++)
            if (constraints[k] is DrawdownConstraint drawdown)
                constraints[k] = drawdown with { Value = drawdown.Value with { Auxiliary = WealthRow() } };
        return new ConvexProgram
        {
            Reference = new double[Legs.Length],
            Lower = new double[Legs.Length],
            Upper = [.. Legs.Select(leg => leg.Cap)],
            // A price is put on columns whatever their scale.
            Scale = [.. Enumerable.Range(0, Legs.Length).Select(j => pricing is null ? ScaleOf(j) : 1)],
            BuyCost = Cost,
            SellCost = new double[Legs.Length],
            PowerCost = Impact,
            AuxiliaryLower = [.. auxiliaries.Select(bound => bound.Low)],
            AuxiliaryUpper = [.. auxiliaries.Select(bound => bound.High)],
            Objective = objective,
            Constraints = [.. constraints],
        };
    }

    /// <summary>Coefficients of the auxiliary variables in wealth; null where there are none.</summary>
    public double[]? WealthRow()
    {
        if (auxiliaries.Count == 0)
            return null;
        var row = new double[auxiliaries.Count];
        foreach (int index in WealthAuxiliary.Keys)
            row[index] = -1;
        return row;
    }

    double[] LinearShift()
    {
        var shift = new double[Legs.Length];
        for (int j = 0; j < shift.Length; j++)
            shift[j] = Legs[j].Direction * Prepared.Edge.Shift[LineOf(j).Column] / Prepared.Equity;
        return shift;
    }

    double ScaleOf(int leg)
    {
        double square = 0;
        foreach (double gain in Raw.Column(leg))
            square += gain * gain;
        double deviation = Math.Sqrt(square / Math.Max(1, Raw.Rows));
        return deviation > 0 ? Math.Min(Legs[leg].Cap, 0.01 / deviation) : Legs[leg].Cap;
    }

    ColumnMatrix LegColumns(ColumnMatrix gain, int sign)
    {
        var columns = new ColumnMatrix(gain.Rows, Legs.Length);
        for (int j = 0; j < Legs.Length; j++)
        {
            double factor = sign * Legs[j].Direction / Prepared.Equity;
            ColumnProducts.Scale(factor, gain.Column(LineOf(j).Column), columns.Column(j));
        }
        return columns;
    }

    (double[] Raw, double[] Edge, double[] StressLoss) Bases()
    {
        double[] raw = BaseRow(Prepared.Matrix.Gain, Prepared.Collateral);
        double shift = Prepared.Edge.CollateralShift / Prepared.Equity;
        foreach (var line in Prepared.Lines)
            shift += Prepared.Edge.Shift[line.Column] * line.CurrentContracts / Prepared.Equity;
        double[] stress = BaseRow(Prepared.StressMatrix.Gain, Prepared.StressCollateral);
        return (raw, [.. raw.Select(value => value + shift)], [.. stress.Select(g => 1 - g)]);
    }

    double[] BaseRow(ColumnMatrix gain, double[] collateral)
    {
        var row = new double[gain.Rows];
        for (int s = 0; s < row.Length; s++)
            row[s] = collateral[s] / Prepared.Equity;
        foreach (var line in Prepared.Held)
        {
            var column = gain.Column(line.Column);
            double factor = line.CurrentContracts / Prepared.Equity;
            for (int s = 0; s < row.Length; s++)
                row[s] += factor * column[s];
        }
        return row;
    }
}
