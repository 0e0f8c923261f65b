using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>One price of one side: orders in the order of their arrival.</summary>
public sealed class PriceLevel(decimal price)
{
    /// <summary>Price of all its orders.</summary>
    public decimal Price { get; } = price;

    /// <summary>Oldest first.</summary>
    public List<Order> Orders { get; } = [];

    /// <summary>What rests here.</summary>
    public decimal Amount { get; set; }
}

/// <summary>A level whose amount became another since the last look.</summary>
/// <param name="Side">Bids are buys.</param>
/// <param name="Price">Of the level.</param>
/// <param name="Before">Amount at the last look; 0: there was no level.</param>
/// <param name="After">Amount now; 0: it is gone.</param>
public sealed record LevelChange(Side Side, decimal Price, decimal Before, decimal After);

/// <summary>Resting orders of one instrument by price, then by time.</summary>
public sealed class OrderBook
{
    // Best level last, so that the frequent end is the cheap one.
    readonly List<PriceLevel> bids = [];
    readonly List<PriceLevel> asks = [];
    readonly List<(Side Side, decimal Price, decimal Before)> touched = [];

    /// <summary>Best bid level, or null.</summary>
    public PriceLevel? BestBid => bids.Count == 0 ? null : bids[^1];

    /// <summary>Best ask level, or null.</summary>
    public PriceLevel? BestAsk => asks.Count == 0 ? null : asks[^1];

    /// <summary>Best level against which an order of this side would trade.</summary>
    public PriceLevel? BestAgainst(Side taker) => taker == Side.Buy ? BestAsk : BestBid;

    /// <summary>Levels of a side, best first.</summary>
    public IEnumerable<PriceLevel> Levels(Side side)
    {
        var levels = Of(side);
        for (int i = levels.Count - 1; i >= 0; i--)
            yield return levels[i];
    }

    /// <summary>Puts an order behind the others of its price.</summary>
    public void Add(Order order)
    {
        var level = Level(order.Side, order.Price);
        Touch(order.Side, level.Price, level.Amount);
        level.Orders.Add(order);
        level.Amount += order.Remaining;
    }

    /// <summary>Takes an order out.</summary>
    public void Remove(Order order)
    {
        var levels = Of(order.Side);
        int at = Find(levels, order.Side, order.Price);
        var level = levels[at];
        Touch(order.Side, level.Price, level.Amount);
        level.Orders.Remove(order);
        level.Amount -= order.Remaining;
        if (level.Orders.Count == 0)
            levels.RemoveAt(at);
    }

    /// <summary>Says that a resting order is about to lose this much; it keeps its place.</summary>
    public void Shrink(Order order, decimal by)
    {
        var levels = Of(order.Side);
        var level = levels[Find(levels, order.Side, order.Price)];
        Touch(order.Side, level.Price, level.Amount);
        level.Amount -= by;
    }

    /// <summary>Levels that changed since the last call, in the order in which they were first touched.</summary>
    public IReadOnlyList<LevelChange> TakeChanges()
    {
        if (touched.Count == 0)
            return [];
        var changes = new List<LevelChange>(touched.Count);
        foreach (var (side, price, before) in touched)
        {
            decimal after = AmountAt(side, price);
            if (after != before)
                changes.Add(new LevelChange(side, price, before, after));
        }
        touched.Clear();
        return changes;
    }

    /// <summary>What rests at a price.</summary>
    public decimal AmountAt(Side side, decimal price)
    {
        var levels = Of(side);
        int at = Find(levels, side, price);
        return at < levels.Count && levels[at].Price == price ? levels[at].Amount : 0;
    }

    void Touch(Side side, decimal price, decimal before)
    {
        foreach (var (known, level, _) in touched)
            if (known == side && level == price)
                return;
        touched.Add((side, price, before));
    }

    PriceLevel Level(Side side, decimal price)
    {
        var levels = Of(side);
        int at = Find(levels, side, price);
        if (at < levels.Count && levels[at].Price == price)
            return levels[at];
        var level = new PriceLevel(price);
        levels.Insert(at, level);
        return level;
    }

    List<PriceLevel> Of(Side side) => side == Side.Buy ? bids : asks;

    /// <summary>First place whose price is not worse than this one.</summary>
    static int Find(List<PriceLevel> levels, Side side, decimal price)
    {
        int low = 0,
            high = levels.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            bool worse = side == Side.Buy ? levels[middle].Price < price : levels[middle].Price > price;
            if (worse)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
