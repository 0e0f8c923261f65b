using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Deribit's portfolio margin of one pool today, for the optimiser.</summary>
/// <param name="today">The pool.</param>
/// <param name="equityCoins">Coins of equity by ticker, for a cross pool.</param>
public sealed class DeribitPool(DeribitPoolMargin today, IReadOnlyDictionary<string, double> equityCoins) : IPoolMargin
{
    readonly ImmutableArray<MarginPiece> pieces = today.Pieces(equityCoins);

    /// <inheritdoc />
    public ImmutableArray<MarginPiece>? Pieces => pieces;

    /// <inheritdoc />
    public double Exact(double[] contracts) => today.Initial(contracts, equityCoins);

    /// <inheritdoc />
    public double Bound(double[] contracts, MarginKind kind) =>
        (kind == MarginKind.Initial ? 1 : today.MaintenanceFactor) * pieces.Sum(piece => piece.At(contracts));

    /// <inheritdoc />
    public double[] Slope(double[] contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        var slope = new double[contracts.Length];
        foreach (var piece in pieces)
            if (piece.WorstRow(contracts) is { } row)
                for (int i = 0; i < slope.Length; i++)
                    slope[i] += row[i];
        return slope;
    }

    /// <inheritdoc />
    public ImmutableArray<MarginPiece> PiecesAt(double[] contracts) => today.PiecesAt(equityCoins, contracts);
}

/// <summary>The same in every scenario, from a store of cells: for one thread at a time.</summary>
/// <param name="margin">The pool.</param>
/// <param name="equityCoins">Coins of equity by ticker, for a cross pool.</param>
public sealed class DeribitPoolScenarios(DeribitScenarioMargin margin, IReadOnlyDictionary<string, double> equityCoins)
    : IPoolScenarios
{
    /// <inheritdoc />
    public double[] Exact(double[] contracts) => margin.Kept(contracts, equityCoins);

    /// <inheritdoc />
    public double[] Bound(double[] contracts) => margin.Kept(contracts, equityCoins);

    /// <inheritdoc />
    public void Slope(double[] contracts, double[] weights, double[] into) =>
        margin.Slope(contracts, equityCoins, weights, into);
}
