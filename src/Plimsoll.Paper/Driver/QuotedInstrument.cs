using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>How the house quotes an instrument: spread and depth of the snapshot times the moment's factors.</summary>
sealed class QuotedInstrument
{
    const int FutureLevels = 12;
    const int OptionLevels = 4;
    const decimal FutureStep = 0.0004m;
    const decimal AssumedTopUsd = 200_000;
    const decimal AssumedHalfSpread = 0.03m;
    readonly decimal halfSpread;

    public QuotedInstrument(ListedInstrument book, InstrumentQuote quote, double indexUsd)
    {
        (Book, Quote, IndexAtListingUsd) = (book, quote, indexUsd);
        decimal perContract = book.Instrument.OrderAmountPerContract;
        decimal? top = (quote.BidContracts ?? 0) + (quote.AskContracts ?? 0) is var sum and > 0 ? sum / 2 : null;
        TopAmount = Lots(Math.Max(book.MinimumAmount, (top ?? Assumed(book, quote)) * perContract));
        halfSpread = quote.IsTwoSided
            ? (quote.Ask!.Value - quote.Bid!.Value) / 2
            : Math.Max(book.LowestTick, AssumedHalfSpread * (quote.Mark ?? 0));
        if (book.Instrument is not OptionInstrument)
            halfSpread = Math.Min(halfSpread, 0.001m * (quote.Mark ?? decimal.MaxValue));
    }

    public ListedInstrument Book { get; }

    /// <summary>What spread and depth are taken from.</summary>
    public InstrumentQuote Quote { get; }

    /// <summary>Index when it was listed, USD.</summary>
    public double IndexAtListingUsd { get; }

    /// <summary>Amount at the best price in a usual moment.</summary>
    public decimal TopAmount { get; }

    /// <summary>Whole lots of an amount, at least one order.</summary>
    public decimal Lots(decimal amount) =>
        Math.Max(Book.MinimumAmount, Math.Floor(amount / Book.LotAmount) * Book.LotAmount);

    /// <summary>The levels of a moment, best first on each side; amounts grow away from the middle.</summary>
    public List<QuoteLevel> Levels(CoinMoment moment)
    {
        bool isOption = Book.Instrument is OptionInstrument;
        int count = isOption ? OptionLevels : FutureLevels;
        var ticks = Book.Instrument.Ticks;
        decimal half = Math.Max(ticks.At(Book.Fair) / 2, halfSpread * (decimal)moment.SpreadFactor);
        decimal step = isOption ? Math.Max(ticks.At(Book.Fair), half / 2) : Book.Fair * FutureStep;
        step *= (decimal)Math.Max(1, moment.SpreadFactor / 3);
        var levels = new List<QuoteLevel>(2 * count);
        decimal lastBid = decimal.MaxValue,
            lastAsk = 0;
        for (int i = 0; i < count; i++)
        {
            decimal amount = Lots(TopAmount * (1 + 0.6m * i) * (decimal)moment.DepthFactor);
            decimal bid = Book.Fair - half - i * step;
            decimal ask = ticks.RoundUp(Book.Fair + half + i * step);
            bid = bid > 0 ? ticks.RoundDown(bid) : 0;
            if (bid > 0 && bid < lastBid)
                levels.Add(new QuoteLevel(Side.Buy, lastBid = bid, amount));
            if (ask > lastAsk && ask > bid)
                levels.Add(new QuoteLevel(Side.Sell, lastAsk = ask, amount));
        }
        return levels;
    }

    /// <summary>Contracts at the top where the snapshot states none: a round dollar size, less for options.</summary>
    static decimal Assumed(ListedInstrument book, InstrumentQuote quote)
    {
        var instrument = book.Instrument;
        if (instrument is OptionInstrument)
            return 10 * Math.Max(1, instrument.MinimumOrderContracts);
        return Payoff.IsReciprocal(instrument)
            ? AssumedTopUsd / instrument.ContractSize
            : AssumedTopUsd / (instrument.ContractSize * Math.Max(1, quote.Mark ?? 1));
    }
}
