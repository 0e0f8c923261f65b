using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Maintenance margin less what counts of the balance on the way, under portfolio margin.</summary>
/// <remarks>The venue's own maintenance is at most its convex form, in which the slopes are taken.</remarks>
sealed class PortfolioOnPath(PreparedSizing prepared, PathMatrices paths, PortfolioPool pool, bool isExact)
    : PathRisk(prepared, paths)
{
    int[] columns = [];
    PortfolioScenarios[] scenarios = [];

    public override double[] Loss(double[] positions, int look)
    {
        double[] contracts = pool.Columns(Prepared, positions);
        var known = Over(Enumerable.Range(0, contracts.Length).Where(i => contracts[i] != 0));
        double[] shortage = known[look].Shortage([.. columns.Select(i => contracts[i])], isExact);
        double equity = Prepared.Equity;
        for (int s = 0; s < shortage.Length; s++)
            shortage[s] /= equity;
        return shortage;
    }

    protected override (double[] Loss, int[] Look) Largest(double[] positions)
    {
        var (most, at) = (Loss(positions, 0), new int[Paths.Count]);
        for (int look = 1; look < LookCount; look++)
        {
            double[] loss = Loss(positions, look);
            for (int s = 0; s < most.Length; s++)
                if (loss[s] > most[s])
                    (most[s], at[s]) = (loss[s], look);
        }
        return (most, at);
    }

    public override (double[] Long, double[] Short) PerContract(int line, int look)
    {
        var (asLong, asShort) = (new double[Paths.Count], new double[Paths.Count]);
        if (Prepared.Lines[line].Wallet != pool.Index)
            return (asLong, asShort);
        var gain = Paths.Over([Prepared.Lines[line].Column])[0].Gain(look);
        ColumnProducts.Scale(1 / Prepared.Equity, gain, asLong);
        ColumnProducts.Scale(-1 / Prepared.Equity, gain, asShort);
        return (asLong, asShort);
    }

    public override LimitRow Row(ProgramParts over, double[] positions, PathTail tail)
    {
        double[] contracts = pool.Columns(Prepared, positions);
        double[] now = pool.Columns(Prepared, Prepared.Current);
        var legs = Enumerable.Range(0, over.Legs.Length).Select(over.LineOf).Where(line => line.Wallet == pool.Index);
        var known = Over(legs.Select(line => line.Column));
        double[] own = [.. columns.Select(i => contracts[i])];
        var slope = new double[own.Length];
        foreach (var points in tail.Looks)
        {
            var weights = new double[Paths.Count];
            for (int i = 0; i < points.Paths.Length; i++)
                weights[points.Paths[i]] = points.Weights[i];
            double[] part = known[points.Look].Slope(own, weights);
            for (int i = 0; i < slope.Length; i++)
                slope[i] += part[i];
        }
        double equity = Prepared.Equity;
        double value = tail.Value;
        var perContract = new Dictionary<int, double>();
        for (int i = 0; i < slope.Length; i++)
        {
            perContract[columns[i]] = slope[i] / equity;
            value += slope[i] / equity * (now[columns[i]] - contracts[columns[i]]);
        }
        return new LimitRow(value, over.LinearRow(line => line.Wallet == pool.Index ? perContract[line.Column] : 0));
    }

    /// <summary>The margin at each look over at least these columns, which stay known.</summary>
    PortfolioScenarios[] Over(IEnumerable<int> wanted)
    {
        int[] all = [.. columns.Union(wanted).Order()];
        if (all.Length == columns.Length && scenarios.Length > 0)
            return scenarios;
        var place = new Dictionary<int, int>();
        for (int i = 0; i < all.Length; i++)
            place[all[i]] = i;
        var lines = Prepared
            .Lines.Where(line => place.ContainsKey(line.Column))
            .Select(line => line with { Column = place[line.Column] });
        columns = all;
        return scenarios = [
            .. Paths.Looks.Select(
                (_, look) =>
                    PortfolioPool
                        .Of(
                            pool.Pool,
                            pool.Index,
                            new RiskMarket(Prepared.Input.Market, Prepared.Surfaces),
                            Paths.Joined(look, all),
                            null,
                            [.. lines],
                            Prepared.Input.MarginWidening,
                            Prepared.Mandate.Assumptions.Deleveraging
                        )!
                        .Scenarios
            ),
        ];
    }
}
