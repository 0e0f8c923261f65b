using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>One bar of a price history; all prices in USD per coin.</summary>
public readonly record struct Bar(
    DateTimeOffset OpenTime,
    double Open,
    double High,
    double Low,
    double Close,
    double VolumeBase
);

/// <summary>Bars of one coin in order of time; gaps stay gaps.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="BarLength">Length of a bar.</param>
/// <param name="Bars">In order of time, no duplicates.</param>
public sealed record PriceHistory(string Underlying, TimeSpan BarLength, ImmutableArray<Bar> Bars)
{
    /// <summary>The same history without any bar that closes after <paramref name="asOf"/>.</summary>
    public PriceHistory CutAt(DateTimeOffset asOf) =>
        this with
        {
            Bars = [.. Bars.Where(bar => bar.OpenTime + BarLength <= asOf)],
        };
}
