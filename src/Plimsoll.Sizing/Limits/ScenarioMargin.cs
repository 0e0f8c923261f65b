using Plimsoll.Margin;
using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Margin rates of every line in a set of scenarios, reckoned when first asked for.</summary>
public sealed class ScenarioMargin
{
    readonly IMarginModel model;
    readonly ModelPrices prices;
    readonly DeleveragingStress? deleveraging;
    readonly Dictionary<int, Rates> cache = [];

    /// <param name="model">The venue's rule.</param>
    /// <param name="matrix">Gains.</param>
    /// <param name="prices">Model prices now.</param>
    /// <param name="deleveraging">
    /// Gains that winning futures would forgo are taken off the balance, as maintenance would be; null: none are.
    /// </param>
    public ScenarioMargin(
        IMarginModel model,
        PnlMatrix matrix,
        ModelPrices prices,
        DeleveragingStress? deleveraging = null
    ) => (this.model, Matrix, this.prices, this.deleveraging) = (model, matrix, prices, deleveraging);

    /// <summary>The gains.</summary>
    public PnlMatrix Matrix { get; }

    /// <summary>Margin balance per contract, and maintenance per contract held long and short; home currency.</summary>
    public sealed record Rates(double[] Balance, double[] Long, double[] Short, double[] Square);

    /// <summary>Rates of a column.</summary>
    public Rates Of(int column)
    {
        lock (cache)
            if (cache.TryGetValue(column, out var known))
                return known;
        var rates = Reckon(column, Matrix.Scenarios.Count, []);
        if (deleveraging is not null)
            AddForgone(deleveraging, column, rates);
        lock (cache)
            cache[column] = rates;
        return rates;
    }

    /// <summary>Rates of a column in some scenarios, in their order; not kept.</summary>
    internal Rates At(int column, int[] scenarios)
    {
        if (scenarios.Length == 0)
            return new Rates([], [], [], []);
        if (deleveraging is null)
            return Reckon(column, scenarios.Length, scenarios);
        var all = Of(column);
        double[] Some(double[] values) => [.. scenarios.Select(s => values[s])];
        return new Rates(Some(all.Balance), Some(all.Long), Some(all.Short), Some(all.Square));
    }

    Rates Reckon(int column, int count, ReadOnlySpan<int> scenarios)
    {
        var rates = new Rates(new double[count], new double[count], new double[count], new double[count]);
        ScenarioMaintenance.Rates(model, Matrix, prices, column, rates.Long, rates.Short, rates.Square, scenarios);
        ScenarioMaintenance.BalanceGain(model, Matrix, prices, column, rates.Balance, scenarios);
        return rates;
    }

    void AddForgone(DeleveragingStress stress, int column, Rates rates)
    {
        double[] asLong = new double[rates.Long.Length],
            asShort = new double[rates.Short.Length];
        stress.Forgone(Matrix, column, asLong, asShort);
        for (int s = 0; s < asLong.Length; s++)
            (rates.Long[s], rates.Short[s]) = (rates.Long[s] + asLong[s], rates.Short[s] + asShort[s]);
    }
}

/// <summary>Margin balance less maintenance margin of a pool in each scenario, as a share of equity.</summary>
static class MarginBalance
{
    /// <param name="parts">Material of the program.</param>
    /// <param name="margin">Rates in the scenarios.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="rows">Scenarios to write; null: all.</param>
    public static ScenarioValue Value(ProgramParts parts, ScenarioMargin margin, int pool, int[]? rows)
    {
        double[] free = rows is null ? Held(parts.Prepared, margin, pool) : new double[rows.Length];
        var matrix = new ColumnMatrix(free.Length, parts.Legs.Length);
        // Columns that are only priced are written by threads of their own already.
        int threads = rows is null ? Math.Max(1, parts.Prepared.Input.Threads) : 1;
        Parallel.For(
            0,
            parts.Legs.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            j => Fill(parts, margin, pool, j, matrix, rows)
        );
        return new ScenarioValue(free, matrix, null, null, null, 1);
    }

    /// <summary>Balance less maintenance without a trade.</summary>
    static double[] Held(PreparedSizing prepared, ScenarioMargin margin, int pool)
    {
        double equity = prepared.Equity;
        double[] free =
        [
            .. prepared.Pools[pool].EquityInScenarios(margin.Matrix.Prices!).Select(value => value / equity),
        ];
        if (free.Length == 0)
            free = new double[margin.Matrix.Scenarios.Count];
        foreach (var line in prepared.Lines.Where(line => line.IsHeld && line.Wallet == pool))
        {
            var rates = margin.Of(line.Column);
            double now = line.CurrentContracts;
            double[] rate = now > 0 ? rates.Long : rates.Short;
            double square = SquareReach(line, now > 0);
            for (int s = 0; s < free.Length; s++)
                free[s] += (now * rates.Balance[s] - Math.Abs(now) * (rate[s] + square * rates.Square[s])) / equity;
        }
        return free;
    }

    static void Fill(ProgramParts parts, ScenarioMargin margin, int pool, int j, ColumnMatrix matrix, int[]? rows)
    {
        var line = parts.LineOf(j);
        if (line.Wallet != pool)
            return;
        var leg = parts.Legs[j];
        var rates = rows is null ? margin.Of(line.Column) : margin.At(line.Column, rows);
        double[] rate = leg.Part > 0 ? rates.Long : rates.Short;
        double square = SquareReach(line, leg.Part > 0);
        double equity = parts.Prepared.Equity;
        int growth = leg.Opens ? 1 : -1;
        var column = matrix.Column(j);
        for (int s = 0; s < column.Length; s++)
            column[s] = (leg.Direction * rates.Balance[s] - growth * (rate[s] + square * rates.Square[s])) / equity;
    }

    /// <summary>Contracts at which the square of a rate is taken: the chord to the bound.</summary>
    public static double SquareReach(SizingLine line, bool isLong) =>
        Math.Max(0, isLong ? Math.Max(line.High, line.CurrentContracts) : Math.Max(-line.Low, -line.CurrentContracts));
}
