using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A pool's initial margin at one market, for the optimiser; home currency.</summary>
public interface IPoolMargin
{
    /// <summary>The venue's own figure.</summary>
    /// <param name="contracts">By column.</param>
    double Exact(double[] contracts);

    /// <summary>A convex figure that is never below it.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="kind">Initial, or what the same pieces say of maintenance.</param>
    double Bound(double[] contracts, MarginKind kind = MarginKind.Initial);

    /// <summary>The convex figure as a sum of pieces; null: it is known by its slopes only.</summary>
    ImmutableArray<MarginPiece>? Pieces { get; }

    /// <summary>A slope of the convex figure, by column.</summary>
    /// <param name="contracts">By column.</param>
    double[] Slope(double[] contracts);

    /// <summary>Pieces whose sum at one book is the venue's figure there.</summary>
    /// <param name="contracts">By column.</param>
    ImmutableArray<MarginPiece> PiecesAt(double[] contracts);
}

/// <summary>A pool's maintenance margin at every scenario's market, for the optimiser; home currency.</summary>
public interface IPoolScenarios
{
    /// <summary>The venue's own figure in every scenario.</summary>
    /// <param name="contracts">By column.</param>
    double[] Exact(double[] contracts);

    /// <summary>A convex figure that is never below it.</summary>
    /// <param name="contracts">By column.</param>
    double[] Bound(double[] contracts);

    /// <summary>Adds Σ weights·∂bound/∂contracts, by column.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="weights">By scenario.</param>
    /// <param name="into">By column.</param>
    void Slope(double[] contracts, double[] weights, double[] into);
}

/// <summary>A convex form at today's market.</summary>
/// <param name="today">The form there.</param>
/// <param name="homePerUsd">Home currency for a dollar.</param>
/// <param name="name">Of the charge, for an audit.</param>
public sealed class ConvexPoolMargin(ConvexToday today, double homePerUsd, string name) : IPoolMargin
{
    /// <inheritdoc />
    public ImmutableArray<MarginPiece>? Pieces => null;

    /// <inheritdoc />
    public double Exact(double[] contracts) => homePerUsd * today.Exact(contracts, MarginKind.Initial);

    /// <inheritdoc />
    public double Bound(double[] contracts, MarginKind kind) => homePerUsd * today.Bound(contracts, kind);

    /// <inheritdoc />
    public double[] Slope(double[] contracts) =>
        [.. today.Slope(contracts, MarginKind.Initial).Select(slope => slope * homePerUsd)];

    /// <summary>One line through the venue's figure at the book, along the convex figure's slope.</summary>
    public ImmutableArray<MarginPiece> PiecesAt(double[] contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        double[] slope = Slope(contracts);
        double offset = Exact(contracts);
        for (int i = 0; i < slope.Length; i++)
            offset -= slope[i] * contracts[i];
        return [new MarginPiece(name, [offset], [slope])];
    }
}

/// <summary>A convex form at every scenario's market.</summary>
/// <param name="scenarios">The form there.</param>
/// <param name="homePerUsd">Home currency for a dollar, by scenario.</param>
public sealed class ConvexPoolScenarios(ConvexScenarios scenarios, double[] homePerUsd) : IPoolScenarios
{
    /// <inheritdoc />
    public double[] Exact(double[] contracts) => Home(scenarios.Exact(contracts, MarginKind.Maintenance));

    /// <inheritdoc />
    public double[] Bound(double[] contracts) => Home(scenarios.Bound(contracts, MarginKind.Maintenance));

    /// <inheritdoc />
    public void Slope(double[] contracts, double[] weights, double[] into)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] inHome = [.. weights.Select((weight, s) => weight * homePerUsd[s])];
        scenarios.Slope(contracts, MarginKind.Maintenance, inHome, into);
    }

    double[] Home(double[] usd)
    {
        for (int s = 0; s < usd.Length; s++)
            usd[s] *= homePerUsd[s];
        return usd;
    }
}
