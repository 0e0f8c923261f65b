using System.Collections.Immutable;
using Plimsoll.Margin;

namespace Plimsoll.Sizing;

/// <summary>Initial margin of a pool under portfolio margin, as the venue reckons it today.</summary>
/// <remarks>
/// Each piece (worst cell of a pair, roll of an expiry, chord of the delta shock) is an auxiliary variable above its
/// rows; their sum is never below the venue's figure, and equal to it while no delta is beyond the shock's threshold.
/// Whole lots are checked against the exact figure.
/// </remarks>
static class PortfolioInitialMargin
{
    // Shares of the pool's equity: far beyond what any account that still exists can need.
    const double Most = 1e4;

    public static void AddTo(ProgramParts parts, PortfolioPool portfolio, double equity)
    {
        var prepared = parts.Prepared;
        string pool = portfolio.Pool.Name;
        var terms = portfolio.Today.Pieces is { } pieces ? Epigraph(parts, portfolio, pieces, equity) : null;
        if (terms is { Count: 0 })
            return;
        double Exact(double[] positions) => portfolio.Initial(prepared, positions) / equity;
        double Bound(double[] positions) => portfolio.Today.Bound(portfolio.Columns(prepared, positions)) / equity;
        LimitRow Tangent(ProgramParts over, double[] positions)
        {
            double[] contracts = portfolio.Columns(prepared, positions);
            double[] slope = portfolio.Today.Slope(contracts);
            double[] now = portfolio.Columns(prepared, prepared.Current);
            double value = portfolio.Today.Bound(contracts);
            for (int i = 0; i < slope.Length; i++)
                value += slope[i] * (now[i] - contracts[i]);
            double[] row = over.LinearRow(line => line.Wallet == portfolio.Index ? slope[line.Column] / equity : 0);
            return new LimitRow(value / equity, row);
        }
        if (prepared.Mandate.Limits.InitialMargin is { } limit)
            Add($"limits.initial-margin[{pool}]", limit, $"initial margin of {pool}, share of the pool's equity", true);
        Add(
            $"venue.initial-margin[{pool}]",
            portfolio.CountedNow / equity,
            $"initial margin of {pool} as the venue asks, share of equity",
            false
        );

        void Add(string name, double most, string words, bool isMandate)
        {
            var row = terms is null
                ? Tangent(parts, prepared.Current)
                : new LimitRow(0, new double[parts.Legs.Length], terms);
            parts.Add(
                new PendingRows(0, name, most, Math.Max(most, 1e-3), 1, 0, [row]),
                new LimitMeaning(name, words, null, isMandate, [])
                {
                    Exact = Exact,
                    Portfolio = new PortfolioTerms(portfolio, null, [], 0),
                }
            );
            if (terms is null)
                parts.Cuts.Add(new CutLimit(name, Bound, positions => Tangent(parts, positions)));
        }
    }

    /// <summary>Auxiliary variables above the rows of each piece; their sum is the requirement.</summary>
    static List<(int Index, double Coefficient)> Epigraph(
        ProgramParts parts,
        PortfolioPool portfolio,
        ImmutableArray<MarginPiece> pieces,
        double equity
    )
    {
        var prepared = parts.Prepared;
        double[] now = portfolio.Columns(prepared, prepared.Current);
        var terms = new List<(int Index, double Coefficient)>();
        foreach (var piece in pieces)
        {
            int bound = parts.AddAuxiliary(0, Most);
            var rows = new List<LimitRow>();
            for (int r = 0; r < piece.Rows.Length; r++)
            {
                double[] perContract = piece.Rows[r];
                double offset = piece.Offsets[r];
                for (int i = 0; i < now.Length; i++)
                    offset += perContract[i] * now[i];
                double[] row = parts.LinearRow(line =>
                    line.Wallet == portfolio.Index ? perContract[line.Column] / equity : 0
                );
                rows.Add(new LimitRow(offset / equity, row, [(bound, -1)]));
            }
            string name = $"venue.portfolio-margin[{portfolio.Pool.Name}]/{piece.Name}/{terms.Count}";
            parts.Add(
                new PendingRows(0, name, 0, 1e-3, null, 0, rows),
                new LimitMeaning(name, "a part of the venue's portfolio margin", null, false, []) { IsAuxiliary = true }
            );
            terms.Add((bound, 1));
        }
        return terms;
    }
}

/// <summary>Maintenance less margin balance over scenarios under portfolio margin, by cutting planes.</summary>
/// <remarks>
/// At a fixed market the margin is a maximum of functions linear in the contracts. The cell that binds in each scenario
/// of the tail, weighted as expected shortfall weights them, is a linear function below the limit for every book and
/// equal to it at the book at hand (Rockafellar and Uryasev 2002): each round adds that row, until the book's exact
/// value is the rows' own. A level of 0 with no weights stands for the worst scenario.
/// </remarks>
static class PortfolioShortfall
{
    public static void AddTo(
        ProgramParts parts,
        string name,
        PortfolioPool portfolio,
        PortfolioScenarios scenarios,
        double[] weights,
        double probability,
        string words
    )
    {
        var prepared = parts.Prepared;
        double equity = prepared.Equity;
        double Exact(double[] positions) => Mean(portfolio.Columns(prepared, positions), isExact: true).Value / equity;
        double Bound(double[] positions) => Mean(portfolio.Columns(prepared, positions), isExact: false).Value / equity;
        (double Value, double[] Tail) Mean(double[] contracts, bool isExact)
        {
            double[] shortage = scenarios.Shortage(contracts, isExact);
            double[] tail = TailWeights(shortage, weights, probability);
            double sum = 0;
            for (int s = 0; s < tail.Length; s++)
                sum += tail[s] > 0 ? tail[s] * shortage[s] : 0;
            return (sum, tail);
        }
        LimitRow Row(double[] positions)
        {
            double[] contracts = portfolio.Columns(prepared, positions);
            var (value, tail) = Mean(contracts, isExact: false);
            double[] slope = scenarios.Slope(contracts, tail);
            double[] now = portfolio.Columns(prepared, prepared.Current);
            for (int i = 0; i < slope.Length; i++)
                value += slope[i] * (now[i] - contracts[i]);
            double[] row = parts.LinearRow(line => line.Wallet == portfolio.Index ? slope[line.Column] / equity : 0);
            return new LimitRow(value / equity, row);
        }
        parts.Add(
            new PendingRows(0, name, 0, 0.1, 1, 0, [Row(prepared.Current)]),
            new LimitMeaning(name, words, null, true, [])
            {
                Exact = Exact,
                Portfolio = new PortfolioTerms(portfolio, scenarios, weights, probability),
            }
        );
        parts.Cuts.Add(new CutLimit(name, Bound, Row));
    }

    /// <summary>
    /// Weights, sum 1, whose mean of the values is their expected shortfall; the atom at the end is split.
    /// </summary>
    static double[] TailWeights(double[] values, double[] weights, double probability)
    {
        var tail = new double[values.Length];
        if (weights.Length == 0)
        {
            tail[Array.IndexOf(values, values.Max())] = 1;
            return tail;
        }
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(s => values[s])];
        double left = probability;
        foreach (int s in order)
        {
            double taken = Math.Min(weights[s], left);
            tail[s] = taken / probability;
            left -= taken;
            if (left <= 0)
                break;
        }
        return tail;
    }
}
