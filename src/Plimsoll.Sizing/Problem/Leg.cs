using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>
/// A one-way trade of one line: opening, cutting or crossing zero. Everything but impact is linear in it.
/// </summary>
/// <remarks>
/// A position's margin and a trade's cost have kinks at zero; on a leg they have none. A held long has three legs: buy
/// more, cut to zero, sell short; a flat line two. Amounts are contracts, at least 0.
/// </remarks>
/// <param name="Line">Index of the line.</param>
/// <param name="Direction">+1 buys, −1 sells.</param>
/// <param name="Part">+1: changes the long part of the position, −1: the short part.</param>
/// <param name="Cap">Most contracts.</param>
public readonly record struct Leg(int Line, int Direction, int Part, double Cap)
{
    /// <summary>Whether the leg grows the position (and must be closed again one day).</summary>
    public bool Opens => Direction == Part;

    /// <summary>The legs of the given lines, in their order; legs that cannot be traded are left out.</summary>
    public static ImmutableArray<Leg> Of(ImmutableArray<SizingLine> lines, IEnumerable<int> chosen)
    {
        var legs = ImmutableArray.CreateBuilder<Leg>();
        foreach (int index in chosen)
        {
            var line = lines[index];
            double now = line.CurrentContracts;
            void Add(int direction, int part, double cap)
            {
                bool quoted = (direction > 0 ? line.Cost.Buy : line.Cost.Sell) is not null;
                if (quoted && cap > 0)
                    legs.Add(new Leg(index, direction, part, cap));
            }
            Add(+1, +1, line.High - Math.Max(0, now));
            Add(-1, +1, Math.Max(0, now) - Math.Max(0, line.Low));
            Add(-1, -1, Math.Min(0, now) - line.Low);
            Add(+1, -1, Math.Min(0, line.High) - Math.Min(0, now));
        }
        return legs.ToImmutable();
    }

    /// <summary>Legs that do exactly the given trades when each is at its cap.</summary>
    public static ImmutableArray<Leg> OfTrades(
        ImmutableArray<SizingLine> lines,
        IReadOnlyDictionary<int, double> trades
    )
    {
        var legs = ImmutableArray.CreateBuilder<Leg>();
        foreach (var (index, trade) in trades.OrderBy(pair => pair.Key))
        {
            double now = lines[index].CurrentContracts;
            int direction = Math.Sign(trade);
            double cut = now * direction < 0 ? Math.Min(Math.Abs(now), Math.Abs(trade)) : 0;
            if (cut > 0)
                legs.Add(new Leg(index, direction, -direction, cut));
            if (Math.Abs(trade) - cut > 0)
                legs.Add(new Leg(index, direction, direction, Math.Abs(trade) - cut));
        }
        return legs.ToImmutable();
    }

    /// <summary>Amounts of the legs that trade <paramref name="trade"/> contracts of a line.</summary>
    public static void Spread(ReadOnlySpan<Leg> legs, double now, double trade, Span<double> amounts)
    {
        amounts.Clear();
        double target = now + trade;
        for (int j = 0; j < legs.Length; j++)
        {
            double before = legs[j].Part > 0 ? Math.Max(0, now) : Math.Max(0, -now);
            double after = legs[j].Part > 0 ? Math.Max(0, target) : Math.Max(0, -target);
            double change = legs[j].Opens ? after - before : before - after;
            amounts[j] = Math.Max(0, change);
        }
    }
}
