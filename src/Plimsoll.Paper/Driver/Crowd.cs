using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Paper;

/// <summary>Other traders of the venue: leveraged, on both sides, liquidated and deleveraged like the user.</summary>
static class Crowd
{
    const double LeastLeverage = 2;
    const double LeverageSpan = 18;

    /// <summary>Opens the accounts; each takes a position of its own leverage from the house.</summary>
    public static void Enter(Venue venue, IEnumerable<ListedInstrument> books, int accounts, SeededRandom random)
    {
        var perpetuals = books.Where(book => book.Instrument is PerpetualInstrument).ToList();
        for (int i = 0; i < accounts && perpetuals.Count > 0; i++)
        {
            var book = perpetuals[i % perpetuals.Count];
            bool isDollar = book.Currency.IsDollar;
            double leverage = LeastLeverage + LeverageSpan * Math.Pow(random.NextDouble(), 2);
            double usd = Math.Exp(9 + 2 * random.NextDouble());
            decimal index = venue.Index(book.Instrument.Underlying);
            decimal deposit = decimal.Round(isDollar ? (decimal)usd : (decimal)usd / index, isDollar ? 2 : 6);
            var account = venue.OpenAccount($"crowd-{i + 1}", AccountRole.Crowd, new Balance(book.Currency, deposit));
            decimal notional = (decimal)(usd * leverage);
            decimal amount = Payoff.IsReciprocal(book.Instrument) ? notional : notional / book.Mark;
            amount = Math.Floor(amount / book.LotAmount) * book.LotAmount;
            if (amount < book.MinimumAmount)
                continue;
            venue.Place(
                account,
                new OrderRequest
                {
                    Instrument = book.Name,
                    Side = random.NextDouble() < 0.5 ? Side.Buy : Side.Sell,
                    Amount = amount,
                    Kind = OrderKind.Market,
                }
            );
        }
    }
}
