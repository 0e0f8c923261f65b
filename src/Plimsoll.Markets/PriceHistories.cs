using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>Price histories of several coins.</summary>
/// <param name="Histories">One per coin, in order of ticker.</param>
/// <param name="Notes">What was left aside or looks odd, in words.</param>
public sealed record PriceHistories(ImmutableArray<PriceHistory> Histories, ImmutableArray<string> Notes);
