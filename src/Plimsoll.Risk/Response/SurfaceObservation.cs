using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>One recorded moment of a coin: its index and the surface fitted to its chain.</summary>
/// <param name="IndexUsd">Index, USD per coin; positive.</param>
/// <param name="Surface">Fitted surface; its <see cref="VolatilitySurface.AsOf"/> is the time of the moment.</param>
public sealed record SurfaceObservation(double IndexUsd, VolatilitySurface Surface);
