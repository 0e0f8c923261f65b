using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Contracts of one instrument in one subaccount; short is negative.</summary>
public sealed record Holding(string Subaccount, Instrument Instrument, double Contracts);

/// <summary>A trade to look at: contracts added at today's model price, and what doing so costs.</summary>
/// <param name="Subaccount">Where it is done.</param>
/// <param name="Instrument">What is traded.</param>
/// <param name="Contracts">Positive buys.</param>
/// <param name="CostSettlement">Spread and fees in the settlement currency (USDC for spot), at least 0.</param>
public sealed record BookTrade(string Subaccount, Instrument Instrument, double Contracts, double CostSettlement);

/// <summary>An account at one moment as the matrix sees it: equity by wallet, and contracts held.</summary>
/// <remarks>
/// Wealth in a scenario is every wallet's equity revalued plus Σ contracts · gain. The equity counts options held at
/// today's model value, so buying or selling at that value changes it only by the cost. Immutable.
/// </remarks>
/// <param name="Wallets">By subaccount and currency; one of each.</param>
/// <param name="Holdings">By subaccount and instrument; one of each, without spot (coins stand in the wallets).</param>
public sealed record Book(ImmutableArray<Wallet> Wallets, ImmutableArray<Holding> Holdings)
{
    /// <summary>The account's own positions.</summary>
    /// <exception cref="ArgumentException">
    /// A position cannot be valued: see <see cref="Risk.Wallets.Missing"/>.
    /// </exception>
    public static Book Of(Account account, MarketSnapshot snapshot, ModelPrices prices)
    {
        var wallets = Risk.Wallets.Of(account, snapshot, prices);
        if (!wallets.Missing.IsEmpty)
            throw new ArgumentException("cannot value: " + string.Join("; ", wallets.Missing), nameof(account));
        return new Book(
            wallets.List,
            [
                .. account.Subaccounts.SelectMany(subaccount =>
                    subaccount
                        .Positions.Where(position => position.Contracts != 0)
                        .Select(position => new Holding(
                            subaccount.Name,
                            prices.Find(position.Instrument)!,
                            (double)position.Contracts
                        ))
                        .Where(held => held.Instrument is not SpotInstrument)
                ),
            ]
        );
    }

    /// <summary>The book after some trades at today's model prices.</summary>
    public Book After(IEnumerable<BookTrade> trades, ModelPrices prices)
    {
        var wallets = Wallets.ToDictionary(wallet => (wallet.Subaccount, wallet.Currency));
        var order = Wallets.Select(wallet => (wallet.Subaccount, wallet.Currency)).ToList();
        var holdings = Holdings.ToList();
        foreach (var trade in trades)
        {
            var instrument = trade.Instrument;
            double value = prices.ValuePerContract(instrument)!.Value * trade.Contracts;
            bool isSpot = instrument is SpotInstrument;
            Add(trade.Subaccount, instrument.Settlement, -value - trade.CostSettlement, isSpot ? 0 : value);
            if (isSpot)
            {
                double coins = trade.Contracts * (double)instrument.ContractSize;
                Add(trade.Subaccount, new Currency(instrument.Underlying), coins, 0);
                continue;
            }
            int at = holdings.FindIndex(held =>
                held.Subaccount == trade.Subaccount && held.Instrument.Name == instrument.Name
            );
            if (at < 0)
                holdings.Add(new Holding(trade.Subaccount, instrument, trade.Contracts));
            else
                holdings[at] = holdings[at] with { Contracts = holdings[at].Contracts + trade.Contracts };
        }
        return new Book([.. order.Select(key => wallets[key])], [.. holdings.Where(held => held.Contracts != 0)]);

        void Add(string subaccount, Currency currency, double cash, double options)
        {
            var key = (subaccount, currency);
            if (!wallets.TryGetValue(key, out var wallet))
            {
                wallet = new Wallet(subaccount, currency, 0, 0, 0);
                order.Add(key);
            }
            wallets[key] = wallet with { Cash = wallet.Cash + cash, OptionValue = wallet.OptionValue + options };
        }
    }

    /// <summary>Every instrument held, once, in order of first mention.</summary>
    public ImmutableArray<Instrument> Instruments() =>
        [.. Holdings.Select(held => held.Instrument).DistinctBy(instrument => instrument.Name)];

    /// <summary>Net contracts over all subaccounts, in the order of some columns.</summary>
    public double[] Contracts(ImmutableArray<Instrument> columns)
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < columns.Length; i++)
            index[columns[i].Name] = i;
        var contracts = new double[columns.Length];
        foreach (var held in Holdings)
            contracts[index[held.Instrument.Name]] += held.Contracts;
        return contracts;
    }

    /// <summary>Equity of each currency over all subaccounts, in its own units.</summary>
    public ImmutableSortedDictionary<Currency, double> EquityByCurrency() => new Wallets(Wallets, []).ByCurrency();

    /// <summary>Equity in home currency now.</summary>
    public double EquityNow(HomePrices prices) => new Wallets(Wallets, []).EquityNow(prices);

    /// <summary>
    /// Wealth in home currency in each scenario: collateral revalued plus the gains of every holding.
    /// </summary>
    /// <param name="matrix">Has a column for every instrument held.</param>
    public double[] WealthInScenarios(PnlMatrix matrix)
    {
        double[] wealth = PositionGainInScenarios(matrix);
        double[] collateral = new Wallets(Wallets, []).EquityInScenarios(matrix.Prices!);
        for (int s = 0; s < collateral.Length; s++)
            wealth[s] += collateral[s];
        return wealth;
    }

    /// <summary>
    /// Gain of the positions alone in home currency in each scenario: what their contracts pay, without what a coin's
    /// move does to the collateral (an option's value today is collateral too).
    /// </summary>
    /// <param name="matrix">Has a column for every instrument held.</param>
    public double[] PositionGainInScenarios(PnlMatrix matrix)
    {
        var sum = new double[matrix.Scenarios.Count];
        double[] contracts = Contracts(matrix.Instruments);
        for (int i = 0; i < contracts.Length; i++)
        {
            if (contracts[i] == 0)
                continue;
            var gain = matrix.Gain.Column(i);
            for (int s = 0; s < sum.Length; s++)
                sum[s] += contracts[i] * gain[s];
        }
        return sum;
    }

    /// <summary>
    /// Gain in each scenario against today's equity: <see cref="WealthInScenarios"/> less <see cref="EquityNow"/>.
    /// </summary>
    public double[] GainInScenarios(PnlMatrix matrix)
    {
        double[] gain = WealthInScenarios(matrix);
        double now = EquityNow(matrix.Prices!);
        for (int s = 0; s < gain.Length; s++)
            gain[s] -= now;
        return gain;
    }
}
