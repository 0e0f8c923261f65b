namespace Plimsoll.Numerics;

/// <summary>Value of a smooth function and its gradient.</summary>
/// <param name="point">Where.</param>
/// <param name="gradient">Filled with the partial derivatives; empty: not wanted.</param>
/// <returns>The value; NaN or infinity outside the domain.</returns>
public delegate double SmoothFunction(ReadOnlySpan<double> point, Span<double> gradient);

/// <summary>Value of a function without derivatives; NaN or infinity outside the domain.</summary>
public delegate double PlainFunction(ReadOnlySpan<double> point);

/// <summary>Where a search ended.</summary>
/// <param name="Point">Best point found.</param>
/// <param name="Value">Value there.</param>
/// <param name="Converged">Whether the stopping rule was met; else the search ran out of steps or of descent.</param>
/// <param name="Evaluations">Evaluations of the function.</param>
public sealed record Minimum(double[] Point, double Value, bool Converged, int Evaluations);
