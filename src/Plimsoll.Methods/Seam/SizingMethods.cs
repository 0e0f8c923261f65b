using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Every method, one line each, in the order of their families.</summary>
public static class SizingMethods
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ISizingMethod> All { get; } =
    [new EqualWeight(), new FixedFraction(), new IntegratedGrowth()];

    /// <summary>A method by its key; null when there is none.</summary>
    public static ISizingMethod? Find(string key) => All.FirstOrDefault(method => method.Key == key);
}
