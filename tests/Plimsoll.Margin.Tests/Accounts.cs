using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>Accounts with one subaccount.</summary>
static class Accounts
{
    public static Account Segregated(
        ImmutableArray<Balance> balances,
        ImmutableArray<Position> positions,
        params ImmutableArray<OpenOrder> orders
    ) => Of(MarginMode.SegregatedStandard, balances, positions, orders);

    public static Account Of(
        MarginMode mode,
        ImmutableArray<Balance> balances,
        ImmutableArray<Position> positions,
        params ImmutableArray<OpenOrder> orders
    ) =>
        new()
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = mode,
                    Balances = balances,
                    Positions = positions,
                    OpenOrders = orders,
                },
            ],
        };
}
