using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing.Tests;

/// <summary>A portfolio as its venue would see it at the market of one scenario, by the plain formulas.</summary>
sealed class ScenarioMarkets
{
    readonly PreparedSizing prepared;
    readonly MarginPortfolio portfolio;
    readonly Dictionary<string, Dictionary<DateTimeOffset, SurfaceMove>> moves = [];

    /// <param name="prepared">Home in dollars.</param>
    /// <param name="portfolio">The book now.</param>
    public ScenarioMarkets(PreparedSizing prepared, MarginPortfolio portfolio)
    {
        (this.prepared, this.portfolio) = (prepared, portfolio);
        foreach (var (coin, surface) in prepared.Surfaces)
            moves[coin] = SurfaceMoves
                .Build(surface, prepared.Input.Market, prepared.Scenarios, VolatilityResponses.For(coin))
                .ToDictionary(move => move.Slice.Expiry);
    }

    public MarginPortfolio At(int s)
    {
        var market = portfolio.Market;
        var asOf = market.AsOf + TimeSpan.FromDays(prepared.Scenarios.Horizon.Days);
        var index = market.IndexUsd.ToBuilder();
        foreach (var coin in prepared.Scenarios.Underlyings)
            index[coin.Underlying] = market.IndexUsd[coin.Underlying] * Math.Exp(coin.LogReturn[s]);
        var quotes = market.Quotes.ToBuilder();
        var positions = new List<MarginPosition>();
        double settled = 0;
        foreach (var position in portfolio.Positions)
        {
            var instrument = position.Instrument;
            var scenarios = prepared.Scenarios.Of(instrument.Underlying);
            if (instrument.SettlesAt is { } at && scenarios.DeliveryLogReturn.ContainsKey(at))
            {
                int column = prepared.Matrix.Instruments.IndexOf(instrument);
                settled += position.Contracts * (prepared.Matrix.ValueNow[column] + prepared.Matrix.Gain[s, column]);
                continue;
            }
            quotes[instrument.Name] = Quote(instrument, market.Quote(instrument)!, scenarios, s, asOf);
            positions.Add(
                position with
                {
                    EntryPrice = instrument is OptionInstrument ? null : prepared.Prices.Price(instrument),
                }
            );
        }
        return portfolio with
        {
            Positions = [.. positions],
            Balances = [.. portfolio.Balances, new CollateralBalance(Currency.Usdc, settled)],
            Market = market with { AsOf = asOf, IndexUsd = index.ToImmutable(), Quotes = quotes.ToImmutable() },
        };
    }

    MarginQuote Quote(Instrument instrument, MarginQuote now, UnderlyingScenarios scenarios, int s, DateTimeOffset asOf)
    {
        if (instrument is not OptionInstrument option)
        {
            double years = instrument.SettlesAt is { } at ? Years.Between(asOf, at).Value : 0;
            double price = prepared.Prices.Price(instrument)!.Value * Math.Exp(scenarios.LogMove(instrument, years)[s]);
            return now with { UnderlyingUsd = price, Mark = price };
        }
        var move = moves[option.Underlying][option.Expiry];
        double forward = Math.Exp(move.LogForward[s]),
            strike = (double)option.StrikeUsd,
            kappa = Math.Log(strike / forward) / Math.Sqrt(move.VarianceScale[s]),
            variance = Math.Max(1e-24, move.Slice.TotalVariance(kappa) + move.Tilt[s] * kappa) * move.VarianceScale[s],
            left = Years.Between(asOf, option.Expiry).Value,
            vol = Math.Sqrt(variance / left),
            usd = Black76.PriceUsd(forward, strike, left, vol, option.Right);
        return new MarginQuote(forward, option.Shape == PayoffShape.Inverse ? usd / forward : usd, vol);
    }
}
