using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Many scenarios drawn, few kept: the matrix of all is reduced before anything is solved on it.</summary>
static class ReducedScenarios
{
    /// <summary>The reduced matrix; the account's own book is the first whose tail must stay.</summary>
    /// <param name="input">States how many are kept.</param>
    /// <param name="matrix">Of all scenarios.</param>
    /// <param name="warnings">Receives what was done.</param>
    public static PnlMatrix Of(SizingInput input, PnlMatrix matrix, List<string> warnings)
    {
        if (input.KeptScenarios is not { } kept || kept >= matrix.Scenarios.Count)
            return matrix;
        double[] held = Held(input, matrix);
        var reduced = ScenarioReduction.Reduce(
            matrix,
            input.Market,
            held.Any(g => g != 0) ? [held] : [],
            kept,
            input.Seed
        );
        double before = Shortfall(held, matrix);
        double after = Shortfall(Held(input, reduced), reduced);
        string what = FormattableString.Invariant($"{matrix.Scenarios.Count:N0} scenarios are reduced to {kept:N0}");
        double change = before > 0 ? Math.Round(after / before - 1, 4) + 0.0 : 0;
        string moved = FormattableString.Invariant($": expected shortfall 97.5% of the book {change:+0.00%;-0.00%}");
        warnings.Add(before > 0 ? what + moved : what);
        return reduced;
    }

    static double[] Held(SizingInput input, PnlMatrix matrix)
    {
        var gains = new double[matrix.Scenarios.Count];
        var columns = matrix.Instruments.Select((each, i) => (each.Name, i)).ToDictionary(c => c.Name, c => c.i);
        foreach (var position in input.Account.Subaccounts.SelectMany(subaccount => subaccount.Positions))
            if (columns.TryGetValue(position.Instrument, out int i))
            {
                var column = matrix.Gain.Column(i);
                for (int s = 0; s < gains.Length; s++)
                    gains[s] += (double)position.Contracts * column[s];
            }
        return gains;
    }

    static double Shortfall(double[] gains, PnlMatrix matrix) =>
        new LossDistribution(gains, matrix.Scenarios.Weights).ExpectedShortfall(0.975);
}
