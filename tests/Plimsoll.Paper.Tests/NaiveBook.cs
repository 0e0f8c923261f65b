using Plimsoll.Markets;

namespace Plimsoll.Paper.Tests;

/// <summary>A book as a list that is searched from end to end for every fill: slow, and plainly right.</summary>
sealed class NaiveBook
{
    sealed class Resting
    {
        public required int Number;
        public required int Owner;
        public required Side Side;
        public decimal Price;
        public decimal Amount;
        public decimal Filled;
        public int Time;
        public bool IsPost;
    }

    readonly List<Resting> orders = [];
    int time;

    public List<(decimal Price, decimal Amount, int Maker)> Trades { get; } = [];

    /// <summary>Answers "open", "filled", "cancelled" or "refused", as the venue would.</summary>
    public string Place(int number, int owner, Side side, decimal price, decimal amount, string how)
    {
        if (how == "post" && Best(side, price) is not null)
            return "refused";
        if (how == "fok" && !Fillable(owner, side, price, amount))
            return "cancelled";
        var order = new Resting
        {
            Number = number,
            Owner = owner,
            Side = side,
            Price = price,
            Amount = amount,
            IsPost = how == "post",
        };
        return Run(order, how);
    }

    public bool Cancel(int number) => orders.RemoveAll(order => order.Number == number) > 0;

    public string Edit(int number, decimal price, decimal amount)
    {
        var order = orders.FirstOrDefault(o => o.Number == number);
        if (order is null || amount <= order.Filled)
            return "refused";
        if (price == order.Price && amount <= order.Amount)
        {
            order.Amount = amount;
            return "open";
        }
        if (Best(order.Side, price) is { } met && (met.Owner == order.Owner || order.IsPost))
            return "refused";
        orders.Remove(order);
        (order.Price, order.Amount) = (price, amount);
        return Run(order, "limit");
    }

    public IEnumerable<(Side, decimal, decimal)> Levels() =>
        orders
            .GroupBy(order => (order.Side, order.Price))
            .Select(level => (level.Key.Side, level.Key.Price, level.Sum(order => order.Amount - order.Filled)))
            .OrderBy(level => level.Side)
            .ThenBy(level => level.Price);

    string Run(Resting order, string how)
    {
        bool metSelf = false;
        while (order.Filled < order.Amount && Best(order.Side, order.Price) is { } maker)
        {
            if (maker.Owner == order.Owner)
            {
                metSelf = true;
                break;
            }
            decimal amount = Math.Min(order.Amount - order.Filled, maker.Amount - maker.Filled);
            Trades.Add((maker.Price, amount, maker.Number));
            order.Filled += amount;
            maker.Filled += amount;
            if (maker.Filled == maker.Amount)
                orders.Remove(maker);
        }
        if (metSelf && order.Filled == 0)
            return "refused";
        if (order.Filled == order.Amount)
            return "filled";
        if (metSelf || how is "ioc" or "fok")
            return "cancelled";
        order.Time = ++time;
        orders.Add(order);
        return "open";
    }

    Resting? Best(Side taker, decimal limit) =>
        orders
            .Where(o => o.Side != taker && (taker == Side.Buy ? o.Price <= limit : o.Price >= limit))
            .OrderBy(o => taker == Side.Buy ? o.Price : -o.Price)
            .ThenBy(o => o.Time)
            .FirstOrDefault();

    bool Fillable(int owner, Side side, decimal price, decimal amount)
    {
        var queue = orders
            .Where(o => o.Side != side && (side == Side.Buy ? o.Price <= price : o.Price >= price))
            .OrderBy(o => side == Side.Buy ? o.Price : -o.Price)
            .ThenBy(o => o.Time);
        foreach (var order in queue)
        {
            if (amount <= 0 || order.Owner == owner)
                break;
            amount -= order.Amount - order.Filled;
        }
        return amount <= 0;
    }
}
