using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>A surface, or the reason why there is none.</summary>
/// <param name="Surface">Null when no expiry could be fitted.</param>
/// <param name="Notes">
/// What the fit left out or mended: dropped expiries (<c>surface-expiry-dropped</c>), forwards by parity, slices taken
/// over from a neighbour (<c>surface-slice-borrowed</c>) or lifted to keep the order of expiries.
/// </param>
/// <param name="Reason">Why there is no surface; null when there is one.</param>
public sealed record SurfaceFitResult(VolatilitySurface? Surface, ImmutableArray<Repair> Notes, string? Reason);
