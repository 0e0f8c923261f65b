namespace Plimsoll.Margin;

/// <summary>A position with its score and its place among those that would be deleveraged with it.</summary>
/// <param name="Position">The position.</param>
/// <param name="Score">Descending: first to go has the highest.</param>
/// <param name="Place">1 is first.</param>
public readonly record struct RankedPosition(DeleveragingPosition Position, double Score, int Place);

/// <summary>Rules that sort the other side by a score and close whole positions from the top.</summary>
/// <remarks>
/// Ties are broken by the larger notional, then by the account's name: venues do not say how they break them.
/// </remarks>
public abstract class DeleveragingQueue : IDeleveragingRule
{
    /// <inheritdoc />
    public abstract string Key { get; }

    /// <inheritdoc />
    public abstract string Note { get; }

    /// <summary>The ranking figure; null when the rule never reaches the position.</summary>
    public abstract double? Score(DeleveragingPosition position);

    /// <summary>At what price positions are closed, USD per coin.</summary>
    public abstract double PriceUsd(FailedPosition failed);

    /// <summary>The queue over positions of one side, first to go first.</summary>
    /// <exception cref="ArgumentException">A size or price that cannot be.</exception>
    public IReadOnlyList<RankedPosition> Rank(IEnumerable<DeleveragingPosition> side)
    {
        var queue = new List<(DeleveragingPosition Position, double Score)>();
        foreach (var position in side)
        {
            DeleveragingBook.Check(position);
            if (Score(position) is { } score)
                queue.Add((position, score));
        }
        queue.Sort(
            static (a, b) =>
            {
                int order = b.Score.CompareTo(a.Score);
                if (order == 0)
                    order = b.Position.NotionalUsd.CompareTo(a.Position.NotionalUsd);
                return order != 0 ? order : string.CompareOrdinal(a.Position.Account, b.Position.Account);
            }
        );
        return [.. queue.Select((entry, index) => new RankedPosition(entry.Position, entry.Score, index + 1))];
    }

    /// <inheritdoc />
    public DeleveragingOutcome Apply(FailedPosition failed, IReadOnlyList<DeleveragingPosition> book)
    {
        double price = PriceUsd(failed),
            left = Math.Abs(failed.SizeCoin);
        var fills = new List<DeleveragingFill>();
        foreach (var ranked in Rank(book.Where(failed.IsOpposite)))
        {
            if (left <= 0)
                break;
            double closed = Math.Min(left, Math.Abs(ranked.Position.SizeCoin));
            fills.Add(DeleveragingBook.Fill(ranked.Position, fills.Count + 1, ranked.Score, closed, price));
            left -= closed;
        }
        return new DeleveragingOutcome(fills, left);
    }

    /// <summary>
    /// Indicator lights of a place: 5 for the first fifth of the queue, 1 for the last; fifths are inferred, venues
    /// only say that more lights go first.
    /// </summary>
    /// <param name="place">1 is first.</param>
    /// <param name="count">Positions in the queue.</param>
    public static int Lights(int place, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(place, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, count);
        return 5 - (int)((place - 1) * 5L / count);
    }
}

/// <summary>Checks and fills that all rules share.</summary>
static class DeleveragingBook
{
    public static void Check(DeleveragingPosition position)
    {
        if (!(position.EntryPriceUsd > 0) || !(position.MarkPriceUsd > 0))
            throw new ArgumentException($"{position.Account}: entry and mark must be positive", nameof(position));
        if (!double.IsFinite(position.SizeCoin) || position.SizeCoin == 0 || !double.IsFinite(position.AccountValueUsd))
            throw new ArgumentException($"{position.Account}: size and account value must be known", nameof(position));
    }

    public static DeleveragingFill Fill(
        DeleveragingPosition position,
        int place,
        double? score,
        double closedCoin,
        double priceUsd
    ) =>
        new(
            position.Account,
            place,
            score,
            closedCoin,
            priceUsd,
            Math.Sign(position.SizeCoin) * closedCoin * (position.MarkPriceUsd - priceUsd)
        );
}
