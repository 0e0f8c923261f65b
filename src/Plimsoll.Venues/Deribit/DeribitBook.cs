using System.Text.Json;

namespace Plimsoll.Venues;

/// <summary>One order book, level by level; every change must follow the one before it by its ids.</summary>
/// <remarks>Ids of changes are not consecutive: a change names the id that it follows.</remarks>
sealed class DeribitBook
{
    readonly SortedDictionary<decimal, decimal> bids = new(Comparer<decimal>.Create((x, y) => y.CompareTo(x)));
    readonly SortedDictionary<decimal, decimal> asks = [];
    long changeId;

    /// <summary>Whether the levels are what the venue has; without it there is no price.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Best bid and its amount; null without one.</summary>
    public (decimal Price, decimal Amount)? Bid => Best(bids);

    /// <summary>Best ask and its amount; null without one.</summary>
    public (decimal Price, decimal Amount)? Ask => Best(asks);

    /// <summary>Takes a message of the channel.</summary>
    /// <returns>False when it does not follow what is known: the book is dropped and a snapshot is needed.</returns>
    public bool Take(JsonElement data)
    {
        if (data.Text("type") == "snapshot")
        {
            Drop();
            IsWhole = true;
        }
        else if (!IsWhole || data.GetProperty("prev_change_id").GetInt64() != changeId)
        {
            // What came before the snapshot that was asked for is no gap of its own.
            bool isGap = IsWhole;
            Drop();
            return !isGap;
        }
        changeId = data.GetProperty("change_id").GetInt64();
        if (Apply(data.GetProperty("bids"), bids) && Apply(data.GetProperty("asks"), asks))
            return true;
        Drop();
        return false;
    }

    /// <summary>Forgets everything.</summary>
    public void Drop()
    {
        IsWhole = false;
        bids.Clear();
        asks.Clear();
    }

    // Changing or deleting a level that is not there means that something was missed.
    static bool Apply(JsonElement levels, SortedDictionary<decimal, decimal> side)
    {
        foreach (var level in levels.EnumerateArray())
        {
            decimal price = level[1].GetDecimal(),
                amount = level[2].GetDecimal();
            switch (level[0].GetString())
            {
                case "new":
                    side[price] = amount;
                    break;
                case "change" when side.ContainsKey(price):
                    side[price] = amount;
                    break;
                case "delete" when side.Remove(price):
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    static (decimal, decimal)? Best(SortedDictionary<decimal, decimal> side)
    {
        foreach (var (price, amount) in side)
            return (price, amount);
        return null;
    }
}
