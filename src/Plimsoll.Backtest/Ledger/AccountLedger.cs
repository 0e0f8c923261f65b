using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Backtest;

/// <summary>What one instant cost an account, home currency.</summary>
sealed class StepFlows
{
    public double Fees { get; set; }
    public double Spread { get; set; }
    public double Funding { get; set; }
    public double Traded { get; set; }
    public int Fills { get; set; }
    public int Unfilled { get; set; }
    public int Liquidations { get; set; }
    public int StaleMarks { get; set; }
}

/// <summary>An account as its venue would keep it: exact cash, fills, funding, settlement.</summary>
/// <remarks>
/// Futures gain against their last mark and the gain is cash at every instant (the venue does so daily); options are
/// paid for in cash. Every amount is rounded to twelve digits of its currency.
/// </remarks>
sealed class AccountLedger
{
    readonly Account source;

    public AccountLedger(Account account, Func<string, Instrument?> contract)
    {
        source = account;
        Books = [.. account.Subaccounts.Select(subaccount => new SubaccountBooks(subaccount, contract))];
    }

    public SubaccountBooks[] Books { get; }

    public decimal? HighWaterMark { get; set; }

    public bool IsFlat => Books.All(books => books.Positions.Count == 0);

    public Account State(decimal? highWaterMark) =>
        source with
        {
            Subaccounts = [.. Books.Select(books => books.State())],
            HighWaterMark = highWaterMark,
        };

    /// <summary>Funding of perpetuals over the time since the step before, on the contracts held then.</summary>
    public void PayFunding(InstantPrices prices, TimeSpan elapsed, double otherwise8h, StepFlows flows)
    {
        foreach (var books in Books)
        foreach (var held in books.Positions.Values)
        {
            if (held.Instrument is not PerpetualInstrument)
                continue;
            double rate = prices.Quote(held.Instrument.Name)?.FundingRate8h ?? otherwise8h;
            double index = prices.IndexUsd(held.Instrument.Underlying) ?? (double)held.Mark;
            double size = (double)held.Instrument.ContractSize;
            double notional = held.Instrument.Shape == PayoffShape.Inverse ? size / index : size * index;
            double paid = (double)held.Contracts * notional * rate * (elapsed.TotalHours / 8);
            books.Pay(held.Instrument.Settlement, -(decimal)paid);
            flows.Funding += paid * prices.Home(held.Instrument.Settlement);
        }
    }

    /// <summary>Interest on balances below zero over the time since the step before; counted with funding.</summary>
    public void PayInterest(InstantPrices prices, TimeSpan elapsed, double annual, StepFlows flows)
    {
        foreach (var books in Books)
        foreach (var (currency, cash) in books.Cash.Where(entry => entry.Value < 0).ToList())
        {
            double paid = -(double)cash * annual * Years.From(elapsed).Value;
            books.Pay(currency, -(decimal)paid);
            flows.Funding += paid * prices.Home(currency);
        }
    }

    /// <summary>Settles what has ended by now.</summary>
    /// <param name="prices">Of this instant.</param>
    /// <param name="deliveryUsd">Delivery price of a coin at an instant of expiry.</param>
    /// <param name="flows">What it cost.</param>
    public void Settle(InstantPrices prices, Func<string, DateTimeOffset, double> deliveryUsd, StepFlows flows)
    {
        foreach (var books in Books)
        foreach (var held in books.Positions.Values.Where(held => held.Instrument.SettlesAt <= prices.Time).ToList())
        {
            var instrument = held.Instrument;
            double delivery = deliveryUsd(instrument.Underlying, instrument.SettlesAt!.Value);
            if (instrument is OptionInstrument option)
                books.Pay(instrument.Settlement, held.Contracts * Payoff(option, (decimal)delivery));
            else
                books.Pay(
                    instrument.Settlement,
                    held.Contracts * SubaccountBooks.Gain(instrument, held.Mark, (decimal)delivery)
                );
            double fee = Math.Abs((double)held.Contracts) * new DeliveryTerms(instrument).OfOne(delivery);
            books.Pay(instrument.Settlement, -(decimal)fee);
            flows.Fees += fee * prices.Home(instrument.Settlement);
            books.Positions.Remove(instrument.Name);
        }
    }

    /// <summary>Takes the gains of futures since the last mark into cash, and notes options' marks.</summary>
    public void MarkTo(InstantPrices prices, StepFlows flows)
    {
        foreach (var books in Books)
        foreach (var held in books.Positions.Values.ToList())
        {
            if (prices.Mark(held.Instrument) is not { } mark)
            {
                flows.StaleMarks++;
                continue;
            }
            if (held.Instrument is not OptionInstrument && held.Mark > 0)
                books.Pay(
                    held.Instrument.Settlement,
                    held.Contracts * SubaccountBooks.Gain(held.Instrument, held.Mark, mark)
                );
            books.Positions[held.Instrument.Name] = held with { Mark = mark };
        }
    }

    /// <summary>One fill at a price in the instrument's own unit; <see cref="MarkTo"/> has run.</summary>
    public void Fill(
        SubaccountBooks books,
        Instrument instrument,
        decimal contracts,
        decimal price,
        InstantPrices prices,
        StepFlows flows
    )
    {
        decimal mark = prices.Mark(instrument) ?? price;
        var settlement = instrument.Settlement;
        double home = prices.Home(settlement);
        double index = prices.IndexUsd(instrument.Underlying) ?? (double)price;
        decimal fee = (decimal)TakerFee.PerContract(instrument, (double)price, index) * Math.Abs(contracts);
        decimal slip;
        if (instrument is SpotInstrument)
        {
            decimal coins = contracts * instrument.ContractSize;
            books.Pay(new Currency(instrument.Underlying), coins);
            books.Pay(settlement, -coins * price);
            slip = coins * (price - mark);
        }
        else if (instrument is OptionInstrument)
        {
            books.Pay(settlement, -contracts * instrument.ContractSize * price);
            slip = contracts * instrument.ContractSize * (price - mark);
        }
        else
        {
            slip = -contracts * SubaccountBooks.Gain(instrument, price, mark);
            books.Pay(settlement, -slip);
        }
        books.Pay(settlement, -fee);
        flows.Fees += (double)fee * home;
        flows.Spread += (double)slip * home;
        flows.Traded += (double)Math.Abs(contracts) * prices.NotionalHome(instrument);
        flows.Fills++;
        if (instrument is SpotInstrument)
            return;
        decimal before = books.Positions.GetValueOrDefault(instrument.Name)?.Contracts ?? 0;
        if (before + contracts == 0)
            books.Positions.Remove(instrument.Name);
        else
            books.Positions[instrument.Name] = new Held(instrument, before + contracts, mark);
    }

    /// <summary>
    /// Turns what each subaccount gained or lost in other currencies into home currency, at the index.
    /// </summary>
    /// <remarks>
    /// Equity of a currency is cash and option value, so that a premium received is not taken for a gain. A balance
    /// that the account was given stays.
    /// </remarks>
    /// <param name="given">The account of the first day.</param>
    /// <param name="home">Into which currency; for dollars the one that the subaccount holds.</param>
    /// <param name="prices">Of this instant.</param>
    /// <param name="spread">Full spread, a fraction; half of it is paid.</param>
    /// <param name="flows">What it cost.</param>
    public void Sweep(Account given, Currency home, InstantPrices prices, double spread, StepFlows flows)
    {
        foreach (var (books, first) in Books.Zip(given.Subaccounts))
        {
            var into = home.IsDollar ? books.Cash.Keys.FirstOrDefault(held => held.IsDollar, Currency.Usdc) : home;
            foreach (var (currency, cash) in books.Cash.ToList())
            {
                if (currency == into || (currency.IsDollar && into.IsDollar))
                    continue;
                decimal options = books
                    .Positions.Values.Where(held => held.Instrument.Settlement == currency)
                    .Sum(held => (decimal)OptionValue(held));
                decimal kept = first.Balances.Where(balance => balance.Currency == currency).Sum(b => b.Amount);
                decimal excess = cash + options - kept;
                decimal rate = (decimal)(prices.Home(currency) / prices.Home(into));
                decimal cost = Math.Abs(excess) * rate * (decimal)spread / 2;
                books.Pay(currency, -excess);
                books.Pay(into, excess * rate - cost);
                flows.Spread += (double)cost * prices.Home(into);
            }
        }
    }

    /// <summary>Wealth in home currency at the last marks.</summary>
    public double Equity(InstantPrices prices)
    {
        double sum = 0;
        foreach (var books in Books)
        {
            foreach (var (currency, amount) in books.Cash)
                sum += (double)amount * prices.Home(currency);
            foreach (var held in books.Positions.Values)
                sum += OptionValue(held) * prices.Home(held.Instrument.Settlement);
        }
        return sum;
    }

    /// <summary>Sum of absolute notionals, and notional of what is no option, long less short.</summary>
    public (double Gross, double NetDeltaOne) Exposure(InstantPrices prices)
    {
        double gross = 0,
            net = 0;
        foreach (var held in Books.SelectMany(books => books.Positions.Values))
        {
            double notional = (double)held.Contracts * prices.NotionalHome(held.Instrument);
            gross += Math.Abs(notional);
            net += held.Instrument is OptionInstrument ? 0 : notional;
        }
        return (gross, net);
    }

    /// <summary>Value of an option position in its settlement currency; a future is worth 0.</summary>
    public static double OptionValue(Held held) =>
        held.Instrument is OptionInstrument ? (double)(held.Contracts * held.Instrument.ContractSize * held.Mark) : 0;

    static decimal Payoff(OptionInstrument option, decimal deliveryUsd)
    {
        decimal sign = option.Right == OptionRight.Call ? 1 : -1;
        decimal payoff = Math.Max(0, sign * (deliveryUsd - option.StrikeUsd));
        return option.ContractSize * (option.Shape == PayoffShape.Inverse ? payoff / deliveryUsd : payoff);
    }
}
