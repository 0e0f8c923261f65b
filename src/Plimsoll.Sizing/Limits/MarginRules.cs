using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>limits.initial-margin: margin to open, as a share of the pool's equity, one limit a pool.</summary>
/// <remarks>
/// A future's rate grows with its size; the chord to the line's bound is used, which is never too low inside it. Whole
/// lots are judged by <see cref="PositionwiseInitial"/>. The venue itself asks for margin within the pool's balance
/// (equity less option value): that is a limit of its own.
/// </remarks>
sealed class InitialMarginRule : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        foreach (int pool in prepared.LimitedPools)
        {
            double equity = prepared.Pools[pool].EquityNow(prepared.Matrix.Prices!);
            if (!(equity > 0) || !prepared.Lines.Any(line => line.Wallet == pool))
                continue;
            if (prepared.PortfolioMargins[pool] is { } portfolio)
            {
                PortfolioInitialMargin.AddTo(parts, portfolio, equity);
                continue;
            }
            double Rate(SizingLine line, bool isLong) =>
                line.Wallet == pool ? MarginChords.Initial(prepared, line, isLong) : 0;
            double[] row = parts.PartRow(line => Rate(line, true), line => Rate(line, false));
            double now = prepared.Lines.Sum(line => Rate(line, line.Current > 0) * Math.Abs(line.CurrentContracts));
            string name = prepared.Pools[pool].Name;
            int index = pool;
            // Made when a book is judged by it: programs that only price columns are many and never do.
            var exact = new Lazy<PositionwiseInitial>(() => new PositionwiseInitial(prepared, index));
            if (prepared.Mandate.Limits.InitialMargin is { } limit)
            {
                string own = $"limits.initial-margin[{name}]";
                string words = $"initial margin of {name}, share of the pool's equity";
                var share = new LimitRow(now / equity, [.. row.Select(value => value / equity)]);
                parts.Add(
                    new PendingRows(0, own, limit, Math.Max(Math.Abs(limit), 1e-3), Soft, 0, [share]),
                    new LimitMeaning(own, words, null, true, [])
                    {
                        Exact = positions => exact.Value.At(positions) / equity,
                        IsVenueBound = true,
                    }
                );
            }
            double balance = prepared.Pools[pool].MarginBalanceNow(prepared.Matrix.Prices!);
            double Premium(SizingLine line) =>
                line.Wallet == pool && line.Instrument is OptionInstrument ? prepared.Matrix.ValueNow[line.Column] : 0;
            double[] premium = parts.LinearRow(Premium);
            double[] need = [.. row.Select((value, j) => (value + premium[j]) / equity)];
            double Lacking(double[] positions)
            {
                double lacking = exact.Value.At(positions) - balance;
                for (int i = 0; i < positions.Length; i++)
                    if (positions[i] != prepared.Lines[i].CurrentContracts)
                        lacking += Premium(prepared.Lines[i]) * (positions[i] - prepared.Lines[i].CurrentContracts);
                return lacking / equity;
            }
            string venue = $"venue.initial-margin[{name}]";
            parts.Add(
                new PendingRows(0, venue, 0, 0.1, Soft, 0, [new LimitRow((now - balance) / equity, need)]),
                new LimitMeaning(
                    venue,
                    $"initial margin of {name} less its margin balance, share of the pool's equity",
                    null,
                    false,
                    []
                )
                {
                    Exact = Lacking,
                    IsVenueBound = true,
                }
            );
        }
    }
}

/// <summary>Margin of one line as coefficients of its long and short part.</summary>
static class MarginChords
{
    /// <summary>Initial margin per contract held, home currency.</summary>
    public static double Initial(PreparedSizing prepared, SizingLine line, bool isLong)
    {
        if (prepared.MarginNow[line.Column] is not { } rate)
            return 0;
        double linear = isLong ? rate.InitialLong : rate.InitialShort;
        double most = isLong ? Math.Max(line.High, line.CurrentContracts) : Math.Max(-line.Low, -line.CurrentContracts);
        return (linear + rate.InitialSquare * Math.Max(0, most))
            * prepared.Matrix.Prices!.Now(line.Instrument.Settlement);
    }
}

/// <summary>
/// survival.liquidation.probability: maintenance margin above margin balance at the horizon, per pool.
/// </summary>
/// <remarks>
/// Expected shortfall at 1 − probability of maintenance less balance is at most 0: the convex bound of the chance
/// (Nemirovski and Shapiro 2006). Margin is taken at each scenario's own market. A probability of 0 asks for every
/// scenario of the law.
/// </remarks>
sealed class LiquidationRule : LimitRule
{
    public const string Name = "survival.liquidation";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.Liquidation is not { } limit)
            return;
        foreach (int pool in prepared.LimitedPools)
        {
            if (!parts.Prepared.Lines.Any(line => line.Wallet == pool))
                continue;
            string name = $"{Name}.probability[{prepared.Pools[pool].Name}]";
            if (!parts.Wants(name) && !parts.Wants($"{name}[views]"))
                continue;
            bool isWorst = limit.Probability == 0;
            if (prepared.PortfolioMargins[pool] is { } portfolio)
            {
                AddPortfolio(parts, name, portfolio, isWorst ? [] : prepared.Law.Prior, limit.Probability);
                if (prepared.Law.HasViews && !isWorst)
                    AddPortfolio(parts, $"{name}[views]", portfolio, prepared.Law.Weights, limit.Probability);
                continue;
            }
            var value = MarginBalance.Value(
                parts,
                prepared.MarginScenarios,
                pool,
                parts.RowsOf(name, $"{name}[views]")
            );
            if (isWorst)
            {
                parts.Add(
                    new ScenarioFloorConstraint(name, value, 0, 0.1, Soft),
                    new LimitMeaning(name, Words(0), null, true, [])
                );
                continue;
            }
            Add(parts, name, value, prepared.Law.Prior, limit.Probability);
            if (prepared.Law.HasViews)
                Add(parts, $"{name}[views]", value, prepared.Law.Weights, limit.Probability);
        }
    }

    static void Add(ProgramParts parts, string name, ScenarioValue value, double[] weights, double probability) =>
        parts.Add(
            new ExpectedShortfallConstraint(name, 0, 0.1, Soft, value, weights, 1 - probability),
            new LimitMeaning(name, Words(probability), null, true, [])
        );

    static void AddPortfolio(
        ProgramParts parts,
        string name,
        PortfolioPool pool,
        double[] weights,
        double probability
    ) => PortfolioShortfall.AddTo(parts, name, pool, pool.Scenarios, weights, probability, Words(probability));

    static string Words(double probability) =>
        probability == 0
            ? "maintenance margin less margin balance in the worst scenario, of equity"
            : FormattableString.Invariant(
                $"maintenance margin less margin balance, worst {probability * 100:0.###}% on average, of equity"
            );
}

/// <summary>survival.liquidation.min-distance: no margin call within this move of any one underlying.</summary>
sealed class LiquidationDistanceRule : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.DistanceMargin is not { } distance)
            return;
        double move = prepared.Mandate.Survival.Liquidation!.MinimumDistance!.Value;
        foreach (int pool in prepared.LimitedPools)
        {
            if (!parts.Prepared.Lines.Any(line => line.Wallet == pool))
                continue;
            string name = $"{LiquidationRule.Name}.min-distance[{prepared.Pools[pool].Name}]";
            if (!parts.Wants(name))
                continue;
            string words = FormattableString.Invariant(
                $"maintenance margin less margin balance when any coin moves {move * 100:0.##}%, of equity"
            );
            if (prepared.PortfolioMargins[pool] is { Distance: { } still } portfolio)
            {
                PortfolioShortfall.AddTo(parts, name, portfolio, still, [], 0, words);
                continue;
            }
            parts.Add(
                new ScenarioFloorConstraint(
                    name,
                    MarginBalance.Value(parts, distance, pool, parts.RowsOf(name)),
                    0,
                    0.1,
                    Soft
                ),
                new LimitMeaning(name, words, null, true, [.. distance.Matrix.Scenarios.Origins])
            );
        }
    }
}
