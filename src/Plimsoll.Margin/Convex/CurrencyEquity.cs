using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Equity of each currency that a pool holds or settles in.</summary>
public static class CurrencyEquity
{
    /// <summary>Home currency by scenario: today's wallets at then's price, and the gains of contracts.</summary>
    /// <param name="wallets">Of the pool.</param>
    /// <param name="matrix">Gains.</param>
    /// <param name="contracts">By column, of this pool.</param>
    public static SortedDictionary<Currency, double[]> InScenarios(
        IEnumerable<Wallet> wallets,
        PnlMatrix matrix,
        double[] contracts
    )
    {
        ArgumentNullException.ThrowIfNull(wallets);
        ArgumentNullException.ThrowIfNull(matrix);
        ArgumentNullException.ThrowIfNull(contracts);
        int count = matrix.Scenarios.Count;
        var equity = new SortedDictionary<Currency, double[]>();
        double[] Of(Currency currency)
        {
            if (!equity.TryGetValue(currency, out double[]? known))
                equity[currency] = known = new double[count];
            return known;
        }
        foreach (var wallet in wallets)
        {
            double[] of = Of(wallet.Currency);
            var price = matrix.Prices!.InScenarios(wallet.Currency);
            for (int s = 0; s < count; s++)
                of[s] += wallet.Equity * price[s];
        }
        for (int i = 0; i < contracts.Length; i++)
        {
            if (contracts[i] == 0)
                continue;
            double[] of = Of(matrix.Instruments[i].Settlement);
            var gain = matrix.Gain.Column(i);
            for (int s = 0; s < count; s++)
                of[s] += contracts[i] * gain[s];
        }
        return equity;
    }
}
