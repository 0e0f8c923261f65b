using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Which open orders must go: those against the trades, and those whose fills would break a limit.</summary>
/// <remarks>
/// Orders count at their worst case. Limits are convex in the book, so it lies at full fills: all buys, all sells, each
/// order alone, and all of them. While one of these breaks a limit that holds without, the order that does most goes.
/// </remarks>
static class OrderReview
{
    public static ImmutableArray<OrderAdvice> Of(ContinuousSolve solve, IReadOnlyDictionary<int, decimal> trades)
    {
        var prepared = solve.Parts.Prepared;
        var open = (
            from subaccount in prepared.Input.Account.Subaccounts
            from order in subaccount.OpenOrders
            select (Subaccount: subaccount.Name, Order: order)
        ).ToList();
        var advice = ImmutableArray.CreateBuilder<OrderAdvice>();
        var kept = new List<(OpenOrder Order, int Line)>();
        foreach (var (subaccount, order) in open)
        {
            int line = Find(prepared, subaccount, order.Instrument);
            decimal trade = line >= 0 ? trades.GetValueOrDefault(line) : 0;
            int side = order.Side == Side.Buy ? 1 : -1;
            if (line < 0)
                advice.Add(new OrderAdvice(order.Id, order.Instrument, true, Unknown(prepared, subaccount, order)));
            else if (trade != 0 && Math.Sign(trade) != side)
                advice.Add(new OrderAdvice(order.Id, order.Instrument, true, "it stands against the trade to make"));
            else
                kept.Add((order, line));
        }
        while (kept.Count > 0 && Worst(solve, trades, kept) is { } breach)
        {
            kept.RemoveAt(breach.Index);
            advice.Add(new OrderAdvice(breach.Order.Id, breach.Order.Instrument, true, breach.Why));
        }
        foreach (var (order, _) in kept)
            advice.Add(new OrderAdvice(order.Id, order.Instrument, false, "every limit holds if it is filled"));
        return advice.ToImmutable();
    }

    /// <summary>Why no line stands for the fill of an order: it cannot be weighed, so it must not rest.</summary>
    static string Unknown(PreparedSizing prepared, string subaccount, OpenOrder order)
    {
        if (prepared.Input.Market.Quotes.FirstOrDefault(q => q.Instrument.Name == order.Instrument) is not { } quote)
            return "its instrument is not in the market snapshot";
        return prepared.Prices.Price(quote.Instrument) is null
            ? "its instrument has no model price"
            : $"{subaccount} holds no {quote.Instrument.Settlement}, in which it settles: a fill could not be margined";
    }

    static int Find(PreparedSizing prepared, string subaccount, string name)
    {
        for (int i = 0; i < prepared.Lines.Length; i++)
            if (prepared.Lines[i].Name == name && prepared.Lines[i].Subaccount == subaccount)
                return i;
        return -1;
    }

    static (int Index, OpenOrder Order, string Why)? Worst(
        ContinuousSolve solve,
        IReadOnlyDictionary<int, decimal> trades,
        List<(OpenOrder Order, int Line)> kept
    )
    {
        var without = FilledBook.Values(solve, trades, []);
        var cases = new List<List<(OpenOrder, int)>> { kept };
        cases.Add([.. kept.Where(row => row.Order.Side == Side.Buy)]);
        cases.Add([.. kept.Where(row => row.Order.Side == Side.Sell)]);
        cases.AddRange(kept.Select(row => new List<(OpenOrder, int)> { row }));
        foreach (var filled in cases.Where(filled => filled.Count > 0))
            if (Breach(solve, without, FilledBook.Values(solve, trades, filled)) is { } k)
            {
                int index = Enumerable
                    .Range(0, kept.Count)
                    .Where(i => filled.Contains(kept[i]))
                    .MaxBy(i => FilledBook.Values(solve, trades, [kept[i]])[k]);
                return (index, kept[index].Order, Words(solve, k, FilledBook.Values(solve, trades, filled)[k]));
            }
        return null;
    }

    static int? Breach(ContinuousSolve solve, double[] without, double[] filled)
    {
        for (int k = 0; k < filled.Length; k++)
        {
            double room = BookEvaluator.Tolerance * solve.Program.Constraints[k].Scale;
            if (filled[k] > Math.Max(solve.Stated[k], without[k]) + room)
                return k;
        }
        return null;
    }

    static string Words(ContinuousSolve solve, int k, double value) =>
        $"if filled, {solve.Program.Constraints[k].Name} would be {PlainNumber.Text(value)}, "
        + $"limit {PlainNumber.Text(solve.Stated[k])}";
}

/// <summary>Limits at a book to which open orders have been added, whatever the bounds of its lines.</summary>
static class FilledBook
{
    public static double[] Values(
        ContinuousSolve solve,
        IReadOnlyDictionary<int, decimal> trades,
        IReadOnlyList<(OpenOrder Order, int Line)> filled
    )
    {
        var prepared = solve.Parts.Prepared;
        var total = new Dictionary<int, double>();
        foreach (var (line, trade) in trades)
            total[line] = (double)trade;
        foreach (var (order, line) in filled)
        {
            double signed = (double)order.Contracts * (order.Side == Side.Buy ? 1 : -1);
            if (order.ReduceOnly)
                signed = Math.Clamp(signed, -Math.Max(0, Held(line)), Math.Max(0, -Held(line)));
            total[line] = total.GetValueOrDefault(line) + signed;
        }
        var legs = Leg.OfTrades(prepared.Lines, total);
        var at = ContinuousSolve.Evaluate(prepared, legs, [.. legs.Select(leg => leg.Cap)]);
        return LimitReport.ValuesByName(at, solve);
        double Held(int line) => prepared.Lines[line].CurrentContracts + (double)trades.GetValueOrDefault(line);
    }
}
