namespace Plimsoll.Controls;

/// <summary>Book, mark, index, position and equity are known and young enough.</summary>
sealed class FreshData : PreTradeControl
{
    public override string Name => "fresh-data";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits) =>
        Stale("the book", input.Book?.At, limits.BookAge, input.Now)
        ?? Stale("the mark", input.Mark?.At, limits.PriceAge, input.Now)
        ?? Stale("the index", input.IndexUsd?.At, limits.PriceAge, input.Now)
        ?? Stale("the position", input.Position?.At, limits.AccountAge, input.Now)
        ?? Stale("the equity", input.EquityUsd?.At, limits.AccountAge, input.Now);

    static string? Stale(string what, DateTimeOffset? at, TimeSpan limit, DateTimeOffset now)
    {
        if (at is not { } heard)
            return Unknown(what);
        return now - heard > limit
            ? FormattableString.Invariant(
                $"{what} is {(now - heard).TotalSeconds:0.#} s old, at most {limit.TotalSeconds:0.#} s is allowed"
            )
            : null;
    }
}
