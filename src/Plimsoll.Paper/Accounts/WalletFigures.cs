using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>One wallet as the venue reckons it, settlement currency; gains are positive.</summary>
/// <param name="Currency">Of the wallet.</param>
/// <param name="Balance">Cash.</param>
/// <param name="FuturesRealized">Realised since the last settlement, funding included.</param>
/// <param name="FuturesUnrealized">Unrealised since the last settlement.</param>
/// <param name="OptionsRealized">Realised by closing options since the last settlement; within the balance.</param>
/// <param name="OptionsUnrealized">Of options held, since they were bought.</param>
/// <param name="OptionsValue">Options at their marks.</param>
/// <param name="Initial">Initial margin of positions, open orders and premiums reserved for them.</param>
/// <param name="Maintenance">Maintenance margin of positions.</param>
public sealed record WalletFigures(
    Currency Currency,
    decimal Balance,
    decimal FuturesRealized,
    decimal FuturesUnrealized,
    decimal OptionsRealized,
    decimal OptionsUnrealized,
    decimal OptionsValue,
    decimal Initial,
    decimal Maintenance
)
{
    /// <summary>Cash, gains of the session and options.</summary>
    public decimal Equity => Balance + FuturesRealized + FuturesUnrealized + OptionsValue;

    /// <summary>What may cover margin: under standard margin equity less option value.</summary>
    public decimal MarginBalance => Equity - OptionsValue;

    /// <summary>What new orders may use.</summary>
    public decimal Available => MarginBalance - Initial;

    /// <summary>Whether the venue takes control.</summary>
    public bool IsShort => Maintenance > 0 ? Maintenance >= MarginBalance : MarginBalance < 0;
}
