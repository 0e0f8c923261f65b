using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Gain of a book over one coin's price at one moment ahead, volatility and other coins at rest.</summary>
/// <param name="Name"><c>today</c>, <c>horizon</c> or <c>expiry</c>.</param>
/// <param name="Ahead">Time from now.</param>
/// <param name="PriceUsd">The coin's price.</param>
/// <param name="GainHome">Gain in the home currency, collateral included.</param>
public sealed record PayoffCurve(string Name, Years Ahead, double[] PriceUsd, double[] GainHome)
{
    const int Points = 161;
    const double LowestMove = -0.5;
    const double HighestMove = 0.75;
    static readonly TimeSpan JustAfter = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Today, at the horizon, and after the last expiry held (absent where no option of the coin is held).
    /// </summary>
    /// <param name="market">Market and surfaces.</param>
    /// <param name="book">What is held.</param>
    /// <param name="home">Currency of the gains.</param>
    /// <param name="underlying">The coin that moves.</param>
    /// <param name="horizon">Time to the next decision.</param>
    public static ImmutableArray<PayoffCurve> Of(
        RiskMarket market,
        Book book,
        Currency home,
        string underlying,
        Years horizon
    )
    {
        var last = book
            .Holdings.Select(holding => holding.Instrument)
            .Where(instrument => instrument.Underlying == underlying)
            .Max(instrument => instrument is OptionInstrument ? instrument.SettlesAt : null);
        // A payoff has its corners at the strikes; they are drawn where they are.
        double[] strikes =
        [
            .. book
                .Holdings.Select(holding => holding.Instrument)
                .OfType<OptionInstrument>()
                .Where(option => option.Underlying == underlying)
                .Select(option => (double)option.StrikeUsd),
        ];
        var curves = ImmutableArray.CreateBuilder<PayoffCurve>();
        curves.Add(Curve("today", Years.FromDays(0)));
        curves.Add(Curve("horizon", horizon));
        if (last is { } expiry)
            curves.Add(Curve("expiry", Years.From(expiry - market.Snapshot.AsOf + JustAfter)));
        return curves.ToImmutable();

        PayoffCurve Curve(string name, Years ahead)
        {
            var set = Moves(market.Snapshot, underlying, ahead, strikes);
            var matrix = Revaluation.Compute(market.Snapshot, market.Surfaces, set, book.Instruments(), home, 1);
            double index = market.Snapshot.Find(underlying)!.IndexUsd;
            double[] prices = [.. set.Of(underlying).LogReturn.Select(move => index * Math.Exp(move))];
            return new PayoffCurve(name, ahead, prices, book.GainInScenarios(matrix));
        }
    }

    // Everything that settles on the way settles at the price where the coin ends.
    static ScenarioSet Moves(MarketSnapshot snapshot, string underlying, Years ahead, double[] strikesUsd)
    {
        double index = snapshot.Find(underlying)!.IndexUsd;
        double[] moves =
        [
            .. Enumerable
                .Range(0, Points)
                .Select(p => Math.Log(1 + LowestMove + (HighestMove - LowestMove) * p / (Points - 1)))
                .Concat(
                    strikesUsd
                        .Where(strike => strike / index > 1 + LowestMove && strike / index < 1 + HighestMove)
                        .Select(strike => Math.Log(strike / index))
                )
                .Distinct()
                .Order(),
        ];
        var end = snapshot.AsOf + TimeSpan.FromSeconds(ahead.Value * Years.SecondsPerYear);
        var deliveries = snapshot
            .Quotes.Select(quote => quote.Instrument.SettlesAt)
            .OfType<DateTimeOffset>()
            .Where(at => at <= end)
            .Distinct()
            .ToArray();
        var still = StillScenarios.OneCoin(snapshot, underlying, moves);
        return still with
        {
            Horizon = ahead,
            Underlyings =
            [
                .. still.Underlyings.Select(coin =>
                    coin with
                    {
                        DeliveryLogReturn = deliveries.ToImmutableSortedDictionary(at => at, _ => coin.LogReturn),
                    }
                ),
            ],
        };
    }
}
