using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A pool's initial margin, widened.</summary>
/// <param name="inner">The venue's.</param>
/// <param name="factor">At least 1.</param>
public sealed class WidenedPoolMargin(IPoolMargin inner, double factor) : IPoolMargin
{
    /// <inheritdoc />
    public ImmutableArray<MarginPiece>? Pieces { get; } = inner.Pieces is { } pieces ? Wider(pieces, factor) : null;

    /// <inheritdoc />
    public double Exact(double[] contracts) => factor * inner.Exact(contracts);

    /// <inheritdoc />
    public double Bound(double[] contracts, MarginKind kind) => factor * inner.Bound(contracts, kind);

    /// <inheritdoc />
    public double[] Slope(double[] contracts) => [.. inner.Slope(contracts).Select(slope => factor * slope)];

    /// <inheritdoc />
    public ImmutableArray<MarginPiece> PiecesAt(double[] contracts) => Wider(inner.PiecesAt(contracts), factor);

    static ImmutableArray<MarginPiece> Wider(ImmutableArray<MarginPiece> pieces, double factor) =>
        [
            .. pieces.Select(piece => new MarginPiece(
                piece.Name,
                [.. piece.Offsets.Select(offset => factor * offset)],
                [.. piece.Rows.Select(row => row.Select(value => factor * value).ToArray())]
            )),
        ];
}

/// <summary>A pool's maintenance margin in scenarios, widened.</summary>
/// <param name="inner">The venue's.</param>
/// <param name="factor">At least 1.</param>
public sealed class WidenedPoolScenarios(IPoolScenarios inner, double factor) : IPoolScenarios
{
    /// <inheritdoc />
    public double[] Exact(double[] contracts) => Wider(inner.Exact(contracts));

    /// <inheritdoc />
    public double[] Bound(double[] contracts) => Wider(inner.Bound(contracts));

    /// <inheritdoc />
    public void Slope(double[] contracts, double[] weights, double[] into)
    {
        ArgumentNullException.ThrowIfNull(weights);
        inner.Slope(contracts, [.. weights.Select(weight => factor * weight)], into);
    }

    double[] Wider(double[] values)
    {
        for (int s = 0; s < values.Length; s++)
            values[s] *= factor;
        return values;
    }
}
