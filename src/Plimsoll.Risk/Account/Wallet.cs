using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>What one subaccount holds in one currency, in units of that currency.</summary>
/// <param name="Subaccount">Its name.</param>
/// <param name="Currency">Settlement or collateral currency.</param>
/// <param name="Cash">Deposits and realised gains.</param>
/// <param name="Unrealised">Gain of futures and perpetuals since their entry, at model prices.</param>
/// <param name="OptionValue">Options held at model value; negative when short.</param>
public sealed record Wallet(string Subaccount, Currency Currency, double Cash, double Unrealised, double OptionValue)
{
    /// <summary>Cash + unrealised gains + option value: what the matrix's gains are added to.</summary>
    public double Equity => Cash + Unrealised + OptionValue;
}

/// <summary>Equity of an account by wallet.</summary>
/// <param name="List">By subaccount in the account's order, then by currency.</param>
/// <param name="Missing">Positions that cannot be valued and why; the equity is then not known.</param>
public sealed record Wallets(ImmutableArray<Wallet> List, ImmutableArray<string> Missing)
{
    /// <summary>Values every position of the account at model prices.</summary>
    public static Wallets Of(Account account, MarketSnapshot snapshot, ModelPrices prices)
    {
        var instruments = snapshot.Quotes.ToDictionary(
            quote => quote.Instrument.Name,
            quote => quote.Instrument,
            StringComparer.Ordinal
        );
        var list = ImmutableArray.CreateBuilder<Wallet>();
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var subaccount in account.Subaccounts)
        {
            var byCurrency = new SortedDictionary<Currency, (double Cash, double Unrealised, double Options)>();
            foreach (var balance in subaccount.Balances)
                byCurrency[balance.Currency] = ((double)balance.Amount, 0, 0);
            foreach (var position in subaccount.Positions)
            {
                if (!instruments.TryGetValue(position.Instrument, out var instrument))
                    missing.Add($"{position.Instrument}: not in the market snapshot");
                else if (instrument is SpotInstrument)
                {
                    var coin = new Currency(instrument.Underlying);
                    var held = byCurrency.GetValueOrDefault(coin);
                    held.Cash += (double)(position.Contracts * instrument.ContractSize);
                    byCurrency[coin] = held;
                }
                else if (prices.Price(instrument) is not { } price)
                    missing.Add($"{position.Instrument}: no model price");
                else
                {
                    var held = byCurrency.GetValueOrDefault(instrument.Settlement);
                    double contracts = (double)position.Contracts;
                    if (instrument is PerpetualInstrument or FutureInstrument)
                        // Without a stated entry the gain stands in the balance already.
                        held.Unrealised += position.EntryPrice is { } entry
                            ? contracts * FutureGain.PerContract(instrument, (double)entry, price)
                            : 0;
                    else
                        held.Options += contracts * (double)instrument.ContractSize * price;
                    byCurrency[instrument.Settlement] = held;
                }
            }
            foreach (var (currency, held) in byCurrency)
                list.Add(new Wallet(subaccount.Name, currency, held.Cash, held.Unrealised, held.Options));
        }
        return new Wallets(list.ToImmutable(), missing.ToImmutable());
    }

    /// <summary>Equity of each currency over all subaccounts, in its own units.</summary>
    public ImmutableSortedDictionary<Currency, double> ByCurrency() =>
        List.GroupBy(wallet => wallet.Currency)
            .ToImmutableSortedDictionary(group => group.Key, group => group.Sum(wallet => wallet.Equity));

    /// <summary>Equity in home currency now.</summary>
    public double EquityNow(HomePrices prices)
    {
        double sum = 0;
        foreach (var wallet in List)
            sum += wallet.Equity * prices.Now(wallet.Currency);
        return sum;
    }

    /// <summary>
    /// All wallets' equity of today revalued in each scenario: the collateral row, without the matrix's gains.
    /// </summary>
    public double[] EquityInScenarios(HomePrices prices)
    {
        double[]? sum = null;
        foreach (var (currency, equity) in ByCurrency())
        {
            var price = prices.InScenarios(currency);
            sum ??= new double[price.Length];
            for (int s = 0; s < sum.Length; s++)
                sum[s] += equity * price[s];
        }
        return sum ?? [];
    }
}
