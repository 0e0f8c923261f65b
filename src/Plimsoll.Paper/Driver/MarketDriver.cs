using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Paper;

/// <summary>How lively the market around the user is.</summary>
/// <param name="CrowdAccounts">Leveraged traders who hold positions and are liquidated like anyone.</param>
/// <param name="TakersPerMinute">Market orders of the order flow on each perpetual.</param>
/// <param name="FundCoins">Insurance fund of each coin wallet, coins.</param>
/// <param name="FundDollars">Insurance fund of the dollar wallet.</param>
public sealed record MarketLife(
    int CrowdAccounts = 24,
    double TakersPerMinute = 30,
    decimal FundCoins = 50,
    decimal FundDollars = 1_000_000
);

/// <summary>Moves a venue along a path: index and fair values, the house's quotes, order flow, a crowd.</summary>
/// <remarks>
/// Works on a grid of venue time (<see cref="StepMs"/>), so that a run depends on its path and seed and not on how
/// often it is called. Futures move each step, options each second.
/// </remarks>
public sealed class MarketDriver
{
    /// <summary>Grid of the market.</summary>
    public const long StepMs = 250;

    const long OptionStepMs = 1_000;
    readonly Venue venue;
    readonly MarketStart start;
    readonly IMarketPath path;
    readonly long startMs;
    readonly MarketLife life;
    readonly PaperAccount house;
    readonly PaperAccount flow;
    readonly SeededRandom random;
    readonly List<QuotedInstrument> quoted = [];
    long steps = -1;

    /// <summary>Lists the start's contracts at a venue and shows the first quotes.</summary>
    /// <param name="venue">Empty of instruments.</param>
    /// <param name="start">Contracts, surfaces, spreads and depths.</param>
    /// <param name="path">Where the market goes.</param>
    /// <param name="life">Who else is there.</param>
    /// <param name="seed">Of flow and crowd.</param>
    public MarketDriver(Venue venue, MarketStart start, IMarketPath path, MarketLife life, ulong seed)
    {
        (this.venue, this.start, this.path, this.life) = (venue, start, path, life);
        startMs = venue.NowMs;
        random = new SeededRandom(seed, 0);
        foreach (var (instrument, quote) in start.Contracts())
            if (instrument.SettlesAt is null || instrument.SettlesAt.Value.ToUnixTimeMilliseconds() > startMs)
                if (venue.List(instrument) is { } book)
                    quoted.Add(new QuotedInstrument(book, quote, start.IndexUsd(instrument.Underlying)));
        house = venue.OpenAccount("house", AccountRole.House);
        flow = venue.OpenAccount("flow", AccountRole.House);
        foreach (var currency in quoted.Select(row => row.Book.Currency).Distinct())
            venue.Endow(currency, currency.IsDollar ? life.FundDollars : life.FundCoins);
        RunTo(startMs);
        Crowd.Enter(venue, quoted.Select(row => row.Book), life.CrowdAccounts, random);
    }

    /// <summary>Moves the market up to a venue time by every step of the grid on the way.</summary>
    public void RunTo(long venueMs) => RunTo(venueMs, int.MaxValue);

    /// <summary>The same for a host that may be late: at most so many steps, the first ones left out.</summary>
    /// <remarks>The path takes all its own steps; only quotes that would be gone by now are not shown.</remarks>
    public void RunTo(long venueMs, int most)
    {
        long due = (venueMs - startMs) / StepMs;
        if (due - steps > most)
            steps = due - most;
        while (startMs + (steps + 1) * StepMs <= venueMs)
        {
            steps++;
            Step(steps * StepMs);
        }
    }

    void Step(long elapsedMs)
    {
        path.MoveTo(elapsedMs);
        long nowMs = startMs + elapsedMs;
        var indexes = start.Coins.ToDictionary(coin => coin, coin => Cents(path.At(coin).IndexUsd));
        var prices = new List<FairPrice>(quoted.Count);
        var due = quoted.Where((row, i) => IsDue(row, i, elapsedMs)).ToList();
        foreach (var row in due)
            if (row.Book.State != BookState.Closed && Price(row.Book, nowMs) is { } price)
                prices.Add(price);
        venue.Observe(nowMs, indexes, prices);
        foreach (var row in due)
            if (row.Book.State == BookState.Open)
                venue.Quote(house, row.Book, row.Levels(path.At(row.Book.Instrument.Underlying)));
        foreach (var row in quoted)
            if (row.Book.Instrument is PerpetualInstrument && row.Book.State == BookState.Open)
                Take(row);
        ListNext();
    }

    /// <summary>In place of what was delivered the venue lists the next expiry of the same distance.</summary>
    void ListNext()
    {
        if (!quoted.Any(row => row.Book.State == BookState.Closed))
            return;
        foreach (var row in quoted.Where(row => row.Book.State == BookState.Closed).ToList())
        {
            quoted.Remove(row);
            string coin = row.Book.Instrument.Underlying;
            double moved = path.At(coin).IndexUsd / row.IndexAtListingUsd;
            var next = NextExpiry.Of(row.Book, moved, StrikeStep(row.Book));
            if (!venue.Listed.ContainsKey(next.Name) && venue.List(next) is { } book)
                quoted.Add(new QuotedInstrument(book, row.Quote with { Instrument = next }, path.At(coin).IndexUsd));
        }
    }

    /// <summary>Least distance between two strikes of a delivered chain; 0 for futures.</summary>
    decimal StrikeStep(ListedInstrument book)
    {
        if (book.Instrument is not OptionInstrument option)
            return 0;
        decimal step = option.StrikeUsd;
        foreach (var other in venue.Listed.Values)
            if (other.Instrument is OptionInstrument near && near.Expiry == option.Expiry)
                if (near.Underlying == option.Underlying && near.StrikeUsd != option.StrikeUsd)
                    step = Math.Min(step, Math.Abs(near.StrikeUsd - option.StrikeUsd));
        return step;
    }

    /// <summary>Futures each step; options each second, a share of them at each step.</summary>
    static bool IsDue(QuotedInstrument row, int number, long elapsedMs) =>
        row.Book.Instrument is not OptionInstrument
        || elapsedMs == 0
        || (elapsedMs / StepMs + number) % (OptionStepMs / StepMs) == 0;

    FairPrice? Price(ListedInstrument book, long nowMs)
    {
        string coin = book.Instrument.Underlying;
        var moment = path.At(coin);
        if (book.Instrument is PerpetualInstrument)
        {
            double fair = moment.IndexUsd * (1 + moment.Premium);
            return new FairPrice(book, Cents(fair), Cents(fair), 0);
        }
        double tYears = (book.ExpiryMs!.Value - nowMs) / (1000 * Years.SecondsPerYear);
        if (tYears <= 0)
            return null;
        double forwardUsd = moment.IndexUsd * Math.Exp(start.Carry(coin, tYears) * tYears);
        if (book.Instrument is not OptionInstrument option)
            return new FairPrice(book, Cents(forwardUsd), Cents(forwardUsd), 0);
        double strikeUsd = (double)option.StrikeUsd;
        double volatility = path.VolatilityAnnual(coin, strikeUsd, tYears, forwardUsd) * moment.VolatilityFactor;
        double usd = Black76.PriceUsd(forwardUsd, strikeUsd, tYears, volatility, option.Right);
        decimal price =
            option.Shape == PayoffShape.Inverse
                ? decimal.Round((decimal)(usd / forwardUsd), 6)
                : decimal.Round((decimal)usd, 4);
        // A worth that rounds to nothing is the smallest digit: marks are positive.
        return new FairPrice(book, Math.Max(price, 0.000001m), Cents(forwardUsd), volatility);
    }

    /// <summary>The order flow: now and then someone takes from the book, on either side.</summary>
    void Take(QuotedInstrument row)
    {
        double draw = random.NextDouble();
        var side = random.NextDouble() < 0.5 ? Side.Buy : Side.Sell;
        double size = random.NextDouble();
        if (draw >= life.TakersPerMinute * StepMs / 60_000)
            return;
        decimal amount = row.Lots(Math.Max(row.Book.MinimumAmount, row.TopAmount * (decimal)(0.4 * size * size)));
        venue.Place(
            flow,
            new OrderRequest
            {
                Instrument = row.Book.Name,
                Side = side,
                Amount = amount,
                Kind = OrderKind.Market,
            }
        );
    }

    static decimal Cents(double usd) => Math.Max(0.01m, decimal.Round((decimal)usd, 2));
}
