using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>Positions with a margin of their own, as accounts of their own: their venue's walls.</summary>
/// <remarks>
/// An isolated position loses its own margin and no more, and nothing else covers it. So it is a subaccount
/// <c>NAME/isolated/INSTRUMENT</c> that holds its margin as cash and is marked <see cref="Subaccount.IsIsolated"/>:
/// whatever keeps subaccounts apart keeps it apart.
/// </remarks>
public static class IsolatedPositions
{
    /// <summary>Venues whose futures may be held with a margin of their own.</summary>
    public static ImmutableArray<string> Venues { get; } = ["binance", "bybit", "hyperliquid", "okx"];

    /// <summary>
    /// The same account with each isolated position that the market knows apart, after the subaccount that it was in.
    /// </summary>
    /// <param name="account">Without such a position it is returned as it is.</param>
    /// <param name="market">Says in which currency a contract settles, and so its margin.</param>
    public static Account Apart(this Account account, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(market);
        if (account.Subaccounts.All(subaccount => subaccount.Positions.All(one => one.IsolatedMargin is null)))
            return account;
        var settlement = market.Quotes.ToDictionary(
            quote => quote.Instrument.Name,
            quote => quote.Instrument.Settlement,
            StringComparer.Ordinal
        );
        bool IsApart(Position position) =>
            position.IsolatedMargin is not null && settlement.ContainsKey(position.Instrument);
        var parts = ImmutableArray.CreateBuilder<Subaccount>();
        foreach (var subaccount in account.Subaccounts)
        {
            parts.Add(subaccount with { Positions = [.. subaccount.Positions.Where(one => !IsApart(one))] });
            // The rule and the figures of a portfolio margin are not those of a position apart.
            bool isSame = subaccount.MarginMode is MarginMode.CrossStandard or MarginMode.SegregatedStandard;
            foreach (var position in subaccount.Positions.Where(IsApart))
                parts.Add(
                    new Subaccount
                    {
                        Name = $"{subaccount.Name}/isolated/{position.Instrument}",
                        Venue = subaccount.Venue,
                        MarginMode = MarginMode.CrossStandard,
                        MarginModel = isSame ? subaccount.MarginModel : null,
                        MarginParameters = isSame ? subaccount.MarginParameters : null,
                        IsIsolated = true,
                        Balances = [new Balance(settlement[position.Instrument], position.IsolatedMargin!.Value)],
                        Positions = [position with { IsolatedMargin = null }],
                    }
                );
        }
        return account with { Subaccounts = parts.ToImmutable() };
    }
}
