using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Standard normal.</summary>
public sealed class NormalLaw : ITailLaw
{
    /// <summary>The one instance.</summary>
    public static NormalLaw Standard { get; } = new();

    /// <inheritdoc />
    public double Quantile(double probability) => SpecialFunctions.NormalInverse(probability);

    /// <summary>−φ(v)/p.</summary>
    public double LowerTailMean(double probability) =>
        -SpecialFunctions.NormalDensity(Quantile(probability)) / probability;

    /// <inheritdoc />
    public ITailLaw Mirrored => this;
}
