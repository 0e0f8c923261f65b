namespace Plimsoll.Sizing;

/// <summary>What today's book is betting on, from a prepared sizing.</summary>
public static class BookBets
{
    /// <summary>
    /// The views under which today's book is optimal without costs, at the mandate's Kelly fraction; null when the book
    /// loses everything in some scenario, which no growth optimum does.
    /// </summary>
    /// <remarks>
    /// Every payoff, the collateral's too, is centred under the law of risk: the prior itself has no edge.
    /// </remarks>
    public static ImpliedViews? Of(PreparedSizing prepared)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        double[] prior = prepared.Law.Prior;
        double[] gross = (double[])prepared.Collateral.Clone();
        double[] current = prepared.Current;
        var gain = new double[prior.Length];
        for (int i = 0; i < current.Length; i++)
        {
            if (current[i] == 0)
                continue;
            prepared.Matrix.Gain.Column(prepared.Lines[i].Column).CopyTo(gain);
            for (int s = 0; s < gross.Length; s++)
                gross[s] += current[i] * gain[s];
        }
        double mean = ViewTargets.Mean(prior, gross);
        for (int s = 0; s < gross.Length; s++)
        {
            gross[s] = 1 + (gross[s] - mean) / prepared.Equity;
            if (!(gross[s] > 0))
                return null;
        }
        var targets = new ViewTargets(prepared.Input.Market, prepared.Surfaces, prepared.Scenarios);
        return ImpliedViews.Of(prior, gross, prepared.Mandate.KellyFraction, targets, prepared.Mandate.Horizon.Value);
    }
}
