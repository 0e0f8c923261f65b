using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Margin of one pool now, in home currency; a requirement is positive.</summary>
/// <param name="Name">Subaccount, with the currency where it is segregated: <c>main/BTC</c>, <c>main</c>.</param>
/// <param name="Subaccount">Its name.</param>
/// <param name="Currency">Settlement currency; null for a cross-collateral pool.</param>
/// <param name="Equity">Cash, unrealised gains and option value.</param>
/// <param name="Balance">What may cover margin: under standard margin equity less option value.</param>
/// <param name="Initial">Initial margin of positions.</param>
/// <param name="Maintenance">Maintenance margin of positions.</param>
/// <param name="OpenOrders">
/// Initial margin and premium that open orders would add when filled on their worse side.
/// </param>
public sealed record PoolMargin(
    string Name,
    string Subaccount,
    Currency? Currency,
    double Equity,
    double Balance,
    double Initial,
    double Maintenance,
    double OpenOrders
)
{
    /// <summary>Initial margin with open orders as a share of equity; null without positive equity.</summary>
    public double? InitialShareOfEquity => Equity > 0 ? (Initial + OpenOrders) / Equity : null;

    /// <summary>Whether the venue would liquidate now.</summary>
    public bool IsShort => Balance < Maintenance;
}

/// <summary>Margin balance and maintenance margin of one pool in every scenario, home currency.</summary>
/// <param name="Name">As <see cref="PoolMargin.Name"/>.</param>
/// <param name="Balance">By scenario.</param>
/// <param name="Maintenance">By scenario.</param>
public sealed record PoolInScenarios(string Name, double[] Balance, double[] Maintenance);
