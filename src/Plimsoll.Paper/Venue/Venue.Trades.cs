using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    /// <summary>One trade between an incoming and a resting order.</summary>
    /// <returns>The incoming order's side of it.</returns>
    Fill Trade(Order taker, Order maker, decimal price, decimal amount)
    {
        var book = taker.Listed;
        book.Book.Shrink(maker, amount);
        string prefix = book.Currency.Code == "BTC" ? "" : $"{book.Currency.Code}-";
        string? liquidation = (maker.IsLiquidation, taker.IsLiquidation) switch
        {
            (true, true) => "MT",
            (true, false) => "M",
            (false, true) => "T",
            _ => null,
        };
        var trade = new Trade(
            book,
            $"{prefix}{++tradeNumber}",
            ++book.TradeSequence,
            NowMs,
            price,
            amount,
            taker.Side,
            TickDirection(book, price),
            book.Mark,
            book.IndexUsd,
            TradeVolatility(book, price),
            liquidation
        );
        book.Record(trade);
        Emit(new Traded(trade));
        var fill = Settle(taker, trade, Liquidity.Taker);
        Settle(maker, trade, Liquidity.Maker);
        if (maker.Remaining == 0)
        {
            book.Book.Remove(maker);
            Close(maker, OrderState.Filled, CancelReason.None);
        }
        else
            EmitOrder(maker);
        if (maker.Account != taker.Account)
            EmitPortfolio(maker.Account, book.Currency);
        ShrinkReduceOnly(maker.Account, book);
        return fill;
    }

    /// <summary>Books one side of a trade: position, premium, fee.</summary>
    Fill Settle(Order order, Trade trade, Liquidity liquidity)
    {
        var (book, account) = (order.Listed, order.Account);
        order.Filled += trade.Amount;
        order.FilledNotional += trade.Amount * trade.Price;
        order.UpdatedMs = NowMs;
        decimal amount = order.Signed(trade.Amount);
        decimal tradeFee = Payoff.Fee(book.Instrument, trade.Amount, trade.Price, book.IndexUsd, liquidity);
        decimal penalty = order.IsLiquidation ? LiquidationFee(book, trade) : 0;
        Add(feesTaken, book.Currency, tradeFee);
        Add(insuranceFund, book.Currency, penalty);
        decimal fee = tradeFee + penalty;
        order.Commission += fee;
        var fill = Move(account, book, amount, trade.Price, fee, order, trade, liquidity);
        account.Record(fill);
        if (account.Role == AccountRole.Client)
            Emit(new Filled(account, fill));
        return fill;
    }

    Fill Move(
        PaperAccount account,
        ListedInstrument book,
        decimal amount,
        decimal price,
        decimal fee,
        Order order,
        Trade trade,
        Liquidity liquidity
    )
    {
        var held = account.Position(book);
        var (premium, gain, side) = Shift(held, amount, price);
        var fill = new Fill(trade, order.Copy(), liquidity, fee, gain);
        Book(
            account,
            book.Currency,
            premium - fee,
            trade.Liquidation is not null && order.IsLiquidation ? "liquidation" : "trade",
            book.Name,
            fee,
            held.Size,
            price,
            side,
            Math.Abs(amount),
            fill
        );
        return fill;
    }

    /// <summary>Moves a position by an amount at a price.</summary>
    /// <returns>Cash of it, gain that it realised, and the ledger's words for it.</returns>
    static (decimal Premium, decimal Gain, string Side) Shift(HeldPosition held, decimal amount, decimal price)
    {
        var book = held.Listed;
        decimal before = held.Size;
        decimal value = Payoff.Value(book.Instrument, amount, price);
        decimal gain = held.Trade(amount, value);
        book.OpenInterest += Math.Max(0, held.Size) - Math.Max(0, before);
        string side = $"{(before != 0 && before > 0 != amount > 0 ? "close" : "open")} {(amount > 0 ? "buy" : "sell")}";
        return (book.Instrument is OptionInstrument ? -value : 0, gain, side);
    }

    decimal LiquidationFee(ListedInstrument book, Trade trade) =>
        book.Instrument is OptionInstrument
            ? Payoff.Fee(book.Instrument, trade.Amount, trade.Price, book.IndexUsd, Figures.LiquidationFee)
            : Payoff.Rounded(
                book.Currency,
                Figures.LiquidationFee * Payoff.Value(book.Instrument, trade.Amount, trade.Price)
            );

    static int TickDirection(ListedInstrument book, decimal price)
    {
        if (book.Trades.Count == 0)
            return 0;
        var last = book.Trades[^1];
        return price > last.Price ? 0
            : price < last.Price ? 2
            : last.TickDirection is 0 or 1 ? 1
            : 3;
    }

    double? TradeVolatility(ListedInstrument book, decimal price)
    {
        if (book.Instrument is not OptionInstrument option || book.UnderlyingUsd <= 0)
            return null;
        double forwardUsd = (double)book.UnderlyingUsd;
        double tYears = Math.Max(0, (double)(book.ExpiryMs!.Value - NowMs)) / (1000 * Years.SecondsPerYear);
        double priceUsd = option.Shape == PayoffShape.Inverse ? (double)price * forwardUsd : (double)price;
        var answer = ImpliedVolatility.Solve(priceUsd, forwardUsd, (double)option.StrikeUsd, tYears, option.Right);
        return answer.Status == ImpliedVolatilityStatus.Solved ? answer.VolAnnual : null;
    }
}
