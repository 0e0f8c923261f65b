using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    /// <summary>One round over all margined wallets, in the order of accounts and currencies.</summary>
    /// <remarks>
    /// A wallet whose maintenance margin reaches its margin balance is taken over: orders are cancelled, then each
    /// round sells part of the position with the largest maintenance margin, down to the price at which the wallet
    /// and the insurance fund are used up. What nobody takes there is closed against ranked counterparties at the
    /// bankruptcy price (auto-deleveraging). A wallet without positions and below zero is made whole by the fund.
    /// </remarks>
    void LiquidationRound()
    {
        foreach (var account in accounts.ToList())
            if (account.IsMargined)
                foreach (var currency in Currencies(account).ToList())
                    Watch(account, currency);
    }

    void Watch(PaperAccount account, Currency currency)
    {
        var wallet = Wallet(account, currency);
        if (!wallet.IsShort)
        {
            Unlock(account, currency);
            return;
        }
        if (account.Locked.Add(currency))
        {
            Emit(new LockChanged(account, wallet, true));
            foreach (var order in account.OpenOrders.Where(order => order.Listed.Currency == currency).ToList())
            {
                End(order, OrderState.Cancelled, CancelReason.Autoliquidation);
                Publish(order.Listed);
            }
            wallet = Wallet(account, currency);
        }
        if (Largest(account, currency) is { } held)
            Liquidate(account, held, wallet);
        if (Largest(account, currency) is null)
        {
            MakeWhole(account, currency);
            Unlock(account, currency);
        }
        EmitPortfolio(account, currency);
    }

    void Unlock(PaperAccount account, Currency currency)
    {
        if (account.Locked.Remove(currency))
            Emit(new LockChanged(account, Wallet(account, currency), false));
    }

    /// <summary>The position with the largest maintenance margin, options held last by value; null when flat.</summary>
    HeldPosition? Largest(PaperAccount account, Currency currency) =>
        account
            .Positions.Values.Where(held =>
                held.Size != 0 && held.Listed.Currency == currency && held.Listed.State == BookState.Open
            )
            .OrderByDescending(held => PositionMargin(held).Maintenance)
            .ThenByDescending(held => Math.Abs(held.Size) * held.Listed.Mark)
            .ThenBy(held => held.Listed.Name, StringComparer.Ordinal)
            .FirstOrDefault();

    void Liquidate(PaperAccount account, HeldPosition held, WalletFigures wallet)
    {
        var book = held.Listed;
        var side = held.Size > 0 ? Side.Sell : Side.Buy;
        decimal whole = Math.Abs(held.Size);
        decimal chunk = Math.Ceiling(whole * Figures.LiquidationShare / book.LotAmount) * book.LotAmount;
        chunk = Math.Min(whole, Math.Max(chunk, book.MinimumAmount));
        decimal fund = Math.Max(0, insuranceFund.GetValueOrDefault(book.Currency));
        decimal marked = Payoff.Value(book.Instrument, held.Size, book.Mark);
        decimal? limit = Payoff.PriceForGain(book.Instrument, held.Size, marked, -(wallet.Equity + fund));
        var request = new OrderRequest
        {
            Instrument = book.Name,
            Side = side,
            Amount = chunk,
            Price = limit ?? (side == Side.Sell ? book.LowestTick : decimal.MaxValue),
            TimeInForce = TimeInForce.ImmediateOrCancel,
        };
        var order = Liquidation(account, book, request);
        Execute(order);
        if (order.Remaining > 0 && Wallet(account, book.Currency).Equity <= 0)
            Deleverage(account, held);
    }

    Order Liquidation(PaperAccount account, ListedInstrument book, OrderRequest request) =>
        new()
        {
            Id = $"{book.Currency.Code}-LIQ-{++orderNumber}",
            Account = account,
            Listed = book,
            Side = request.Side,
            Kind = OrderKind.Limit,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            CreatedMs = NowMs,
            UpdatedMs = NowMs,
            Price = request.Price!.Value,
            Amount = request.Amount,
            IsLiquidation = true,
        };

    /// <summary>Moves a position onto those who gained most with most leverage, at the bankruptcy price.</summary>
    /// <remarks>
    /// As the venue has it since its Liquidity Support Program, this is a transfer between two accounts: no trade of
    /// the market, no order, but an entry of both ledgers and a notification on <c>user.liquidation</c>.
    /// </remarks>
    void Deleverage(PaperAccount account, HeldPosition held)
    {
        var book = held.Listed;
        decimal equity = Math.Min(0, Wallet(account, book.Currency).Equity);
        decimal marked = Payoff.Value(book.Instrument, held.Size, book.Mark);
        decimal price = Payoff.PriceForGain(book.Instrument, held.Size, marked, -equity) ?? book.Mark;
        foreach (var counterparty in DeleveragingQueue(book, held.Size > 0 ? Side.Sell : Side.Buy))
        {
            if (held.Size == 0)
                return;
            decimal amount = Math.Min(Math.Abs(held.Size), Math.Abs(counterparty.SizeOf(book)));
            decimal signed = held.Size > 0 ? -amount : amount;
            Transfer(account, book, signed, price, "source");
            Transfer(counterparty, book, -signed, price, "destination");
            Emit(new Deleveraged(account, counterparty, book, signed, price));
            EmitPortfolio(counterparty, book.Currency);
        }
    }

    void Transfer(PaperAccount account, ListedInstrument book, decimal amount, decimal price, string role)
    {
        var held = account.Position(book);
        var (premium, _, side) = Shift(held, amount, price);
        Book(
            account,
            book.Currency,
            premium,
            "ADL transfer",
            book.Name,
            0,
            held.Size,
            price,
            side,
            Math.Abs(amount),
            null,
            role
        );
        ShrinkReduceOnly(account, book);
        Publish(book);
    }

    /// <summary>Who is deleveraged next when this side is liquidated, first in line first; the house last.</summary>
    /// <remarks>Rank: gain since entry as a share of the position's value, times value over equity.</remarks>
    public IReadOnlyList<PaperAccount> DeleveragingQueue(ListedInstrument book, Side liquidatedSide) =>
        [
            .. accounts
                .Where(account => liquidatedSide == Side.Sell ? account.SizeOf(book) < 0 : account.SizeOf(book) > 0)
                .OrderBy(account => account.Role == AccountRole.House)
                .ThenByDescending(account => DeleveragingRank(account, book))
                .ThenBy(account => account.Id),
        ];

    decimal DeleveragingRank(PaperAccount account, ListedInstrument book)
    {
        if (account.Role == AccountRole.House || book.Mark <= 0)
            return 0;
        var held = account.Position(book);
        decimal value = Math.Abs(Payoff.Value(book.Instrument, held.Size, book.Mark));
        decimal equity = Math.Max(0.000001m, Wallet(account, book.Currency).Equity);
        decimal share = value == 0 ? 0 : held.OpenGain(book.Mark) / value;
        return share > 0 ? share * (value / equity) : share;
    }

    void MakeWhole(PaperAccount account, Currency currency)
    {
        decimal missing = -Wallet(account, currency).Equity;
        decimal fund = insuranceFund.GetValueOrDefault(currency);
        decimal paid = Math.Min(missing, Math.Max(0, fund));
        if (missing <= 0)
            return;
        Add(insuranceFund, currency, -paid);
        Book(account, currency, paid, "bankruptcy", null, 0, null, null, "-", null);
        account.Record(new SettlementRow("bankruptcy", NowMs, "", 0, 0, 0, paid, 0));
        Emit(new FundPaid(account, currency, paid, insuranceFund[currency]));
    }
}
