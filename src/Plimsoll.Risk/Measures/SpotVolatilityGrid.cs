using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>
/// Gain of a book when one coin's price and its volatility jump, other coins at rest and no time passing.
/// </summary>
/// <param name="Underlying">The coin.</param>
/// <param name="SpotMoves">Fractions: −0.3 is a fall by 30%.</param>
/// <param name="VolatilityMoves">
/// Fractions of the at-the-money volatility at 30 days: 0.5 is half as much again; other tenors move by the surface's
/// own law.
/// </param>
/// <param name="GainHome">Of the account by spot move, then volatility move; home currency, collateral
/// included.</param>
/// <param name="PositionGainHome">Of the positions alone, home currency.</param>
/// <param name="PositionGainCoin">
/// The same over what the coin is worth there: for coin-settled contracts what the coin balance gains.
/// </param>
public sealed record SpotVolatilityGrid(
    string Underlying,
    ImmutableArray<double> SpotMoves,
    ImmutableArray<double> VolatilityMoves,
    double[,] GainHome,
    double[,] PositionGainHome,
    double[,] PositionGainCoin
)
{
    /// <summary>Full revaluation at every cell.</summary>
    public static SpotVolatilityGrid Of(
        RiskMarket market,
        Book book,
        Currency home,
        string underlying,
        ImmutableArray<double> spotMoves,
        ImmutableArray<double> volatilityMoves
    )
    {
        var cells = spotMoves.SelectMany(spot => volatilityMoves.Select(vol => (spot, vol))).ToArray();
        var set = StillScenarios.OneCoin(
            market.Snapshot,
            underlying,
            [.. cells.Select(cell => Math.Log(1 + cell.spot))],
            [.. cells.Select(cell => Math.Log(1 + cell.vol))]
        );
        var matrix = Revaluation.Compute(market.Snapshot, market.Surfaces, set, book.Instruments(), home, 1);
        double[] gain = book.GainInScenarios(matrix);
        double[] own = book.PositionGainInScenarios(matrix);
        var coin = matrix.Prices!.InScenarios(new Currency(underlying));
        var inHome = new double[spotMoves.Length, volatilityMoves.Length];
        var ownHome = new double[spotMoves.Length, volatilityMoves.Length];
        var ownCoin = new double[spotMoves.Length, volatilityMoves.Length];
        for (int c = 0; c < cells.Length; c++)
        {
            var (row, column) = (c / volatilityMoves.Length, c % volatilityMoves.Length);
            inHome[row, column] = gain[c];
            ownHome[row, column] = own[c];
            ownCoin[row, column] = own[c] / coin[c];
        }
        return new SpotVolatilityGrid(underlying, spotMoves, volatilityMoves, inHome, ownHome, ownCoin);
    }
}
