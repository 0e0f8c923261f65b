namespace Plimsoll.Markets;

/// <summary>What futures and perpetuals gain between two prices: one rule for wallets, margin and stops.</summary>
public static class FutureGain
{
    /// <summary>
    /// Gain of one contract in its settlement currency: size·(1/entry − 1/exit) coin where the face is in dollars,
    /// size·(exit − entry) otherwise; written so that nothing cancels when the prices are near.
    /// </summary>
    /// <param name="instrument">A future, perpetual or spot.</param>
    /// <param name="entry">Price at entry, in the instrument's own unit; positive.</param>
    /// <param name="exit">Price at exit; positive.</param>
    public static double PerContract(Instrument instrument, double entry, double exit)
    {
        double gain = (double)instrument.ContractSize * (exit - entry);
        return Notional.IsFaceInDollars(instrument) ? gain / (entry * exit) : gain;
    }
}
