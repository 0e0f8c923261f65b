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
        double[] now = portfolio.Columns(prepared, prepared.Current);
        var terms = new List<(int Index, double Coefficient)>();
        foreach (var piece in portfolio.Today.Pieces(portfolio.EquityCoins))
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
            string name = $"venue.portfolio-margin[{pool}]/{piece.Name}/{terms.Count}";
            parts.Add(
                new PendingRows(0, name, 0, 1e-3, null, 0, rows),
                new LimitMeaning(name, "a part of the venue's portfolio margin", null, false, []) { IsAuxiliary = true }
            );
            terms.Add((bound, 1));
        }
        if (terms.Count == 0)
            return;
        double Exact(double[] positions) => portfolio.Initial(prepared, positions) / equity;
        var none = new double[parts.Legs.Length];
        if (prepared.Mandate.Limits.InitialMargin is { } limit)
            Add($"limits.initial-margin[{pool}]", limit, $"initial margin of {pool}, share of the pool's equity", true);
        Add($"venue.initial-margin[{pool}]", 1, $"initial margin of {pool} as the venue asks, share of equity", false);

        void Add(string name, double most, string words, bool isMandate) =>
            parts.Add(
                new PendingRows(0, name, most, Math.Max(most, 1e-3), 1, 0, [new LimitRow(0, none, terms)]),
                new LimitMeaning(name, words, null, isMandate, [])
                {
                    Exact = Exact,
                    Portfolio = new PortfolioTerms(portfolio, null, [], 0),
                }
            );
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
        double Value(double[] positions)
        {
            double[] shortage = scenarios.Shortage(portfolio.Columns(prepared, positions), portfolio.EquityCoins);
            double[] tail = TailWeights(shortage, weights, probability);
            double sum = 0;
            for (int s = 0; s < tail.Length; s++)
                sum += tail[s] > 0 ? tail[s] * shortage[s] : 0;
            return sum / equity;
        }
        LimitRow Row(double[] positions)
        {
            double[] contracts = portfolio.Columns(prepared, positions);
            double[] shortage = scenarios.Shortage(contracts, portfolio.EquityCoins);
            double[] tail = TailWeights(shortage, weights, probability);
            var slope = new double[contracts.Length];
            scenarios.Margin.Slope(contracts, portfolio.EquityCoins, tail, slope);
            double value = 0;
            for (int s = 0; s < tail.Length; s++)
                value += tail[s] > 0 ? tail[s] * shortage[s] : 0;
            for (int i = 0; i < slope.Length; i++)
            {
                var gain = scenarios.Matrix.Gain.Column(i);
                // Forgone gain is convex in the contracts with a kink at none: there 0 is a slope of it.
                double[]? lost = contracts[i] == 0 ? null : scenarios.Forgone(i, contracts[i] > 0);
                for (int s = 0; s < tail.Length; s++)
                    if (tail[s] > 0)
                        slope[i] -= tail[s] * (gain[s] - Math.Sign(contracts[i]) * (lost?[s] ?? 0));
            }
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
                Exact = Value,
                Portfolio = new PortfolioTerms(portfolio, scenarios, weights, probability),
            }
        );
        parts.Cuts.Add(new CutLimit(name, Value, Row));
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
