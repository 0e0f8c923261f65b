using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// One margin pool: a settlement currency of a segregated subaccount, or a whole cross-collateral one.
/// </summary>
/// <param name="Name">Subaccount, with the currency where it is segregated: <c>main/BTC</c>, <c>main</c>.</param>
/// <param name="Owner">The subaccount.</param>
/// <param name="Wallets">One wallet where it is segregated, all of the subaccount's otherwise.</param>
public sealed record MarginPool(string Name, Subaccount Owner, ImmutableArray<Wallet> Wallets)
{
    /// <summary>Name of the subaccount.</summary>
    public string Subaccount => Owner.Name;

    /// <summary>The venue's key.</summary>
    public string Venue => Owner.Venue;

    /// <summary>Margin model.</summary>
    public MarginMode Mode => Owner.MarginMode;

    /// <summary>Whether all currencies stand for all positions.</summary>
    public bool IsCross => Mode is MarginMode.CrossStandard or MarginMode.CrossPortfolio;

    /// <summary>Whether it is one position with the margin set aside for it alone.</summary>
    public bool IsIsolated => Owner.IsIsolated;

    /// <summary>Whether contracts that settle in <paramref name="settlement"/> are margined here.</summary>
    public bool Margins(Currency settlement) =>
        IsCross || Wallets.Any(wallet => SameMoney(wallet.Currency, settlement));

    /// <summary>Equity now, in home currency.</summary>
    public double EquityNow(HomePrices prices) => Wallets.Sum(wallet => wallet.Equity * prices.Now(wallet.Currency));

    /// <summary>Equity of today's balances in each scenario, in home currency, without gains of contracts.</summary>
    public double[] EquityInScenarios(HomePrices prices) => new Wallets(Wallets, []).EquityInScenarios(prices);

    /// <summary>Equity less option value now (options cannot margin under standard margin), in home currency.</summary>
    public double MarginBalanceNow(HomePrices prices) =>
        Wallets.Sum(wallet => (wallet.Equity - wallet.OptionValue) * prices.Now(wallet.Currency));

    /// <summary>The pools of an account whose wallets were valued, in the account's order.</summary>
    public static ImmutableArray<MarginPool> Of(Account account, Wallets wallets)
    {
        var pools = ImmutableArray.CreateBuilder<MarginPool>();
        foreach (var subaccount in account.Subaccounts)
        {
            var own = wallets.List.Where(wallet => wallet.Subaccount == subaccount.Name).ToImmutableArray();
            bool cross = subaccount.MarginMode is MarginMode.CrossStandard or MarginMode.CrossPortfolio;
            if (cross)
                pools.Add(new MarginPool(subaccount.Name, subaccount, own));
            else
                foreach (var group in own.GroupBy(wallet => wallet.Currency))
                    pools.Add(new MarginPool($"{subaccount.Name}/{group.Key}", subaccount, [.. group]));
        }
        return pools.ToImmutable();
    }

    /// <summary>Whether one currency stands for the other: itself, or dollars for dollars.</summary>
    static bool SameMoney(Currency held, Currency settlement) =>
        held == settlement || (held.IsDollar && settlement.IsDollar);
}
