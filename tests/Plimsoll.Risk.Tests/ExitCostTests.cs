using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class ExitCostTests
{
    static readonly HomePrices Home = HomePrices.Of(Market(Perpetual("BTC")), Scenarios([0.0]), Currency.Usd);

    static ExitEstimate Exit(
        Instrument instrument,
        double contracts,
        ExitAssumptions? assumptions = null,
        Func<InstrumentQuote, InstrumentQuote>? edit = null
    )
    {
        var market = Market(instrument);
        market = market with { Quotes = [(edit ?? (quote => quote))(market.Quotes[0])] };
        var holding = new Holding("main", instrument, contracts);
        return ExitCost.Of(holding, new ModelPrices(market, Surfaces), Home, 100, assumptions ?? new());
    }

    // Square-root law, Tóth et al. (2011): 20 million in a volume of 500 million at 4% a day displaces by 80 bp; two thirds
    // of that on 20 million is 106,666.67 dollars.
    [Fact]
    public void Impact_is_the_square_root_law() =>
        Assert.Equal(106_666.66666667, ExitCost.Impact(20e6, 500e6, 0.04, 1), 1e-6);

    [Fact]
    public void Long_and_short_pay_half_the_spread_a_capped_fee_and_the_square_root_of_their_share()
    {
        var option = Option("BTC", 90_000, OptionRight.Call, Middle, size: 2);
        double price = new ModelPrices(Market(option), Surfaces).Price(option)!.Value;
        foreach (double contracts in new[] { 40.0, -40 })
        {
            var exit = Exit(option, contracts);
            double units = 40 * 2 * 60_000;
            Assert.Equal(0.01 * price * units, exit.HalfSpread!.Value, 1e-6 * units);
            Assert.Equal(Math.Min(0.0003, 0.125 * price) * units, exit.Fee!.Value, 1e-12 * units);
            Assert.Equal(2.0 / 3 * 100 * 40 * Math.Sqrt(40 / 1000.0), exit.Impact!.Value, 1e-9);
            Assert.Equal(40 / 100.0, exit.Days!.Value, 1e-12);
        }
    }

    [Theory]
    [InlineData(PayoffShape.Inverse, 10)]
    [InlineData(PayoffShape.Linear, 0.001)]
    public void Futures_pay_on_their_notional(PayoffShape shape, double size)
    {
        var exit = Exit(Perpetual("BTC", shape, (decimal)size), -500);
        double notional = shape == PayoffShape.Inverse ? 500 * size / 60_060 * 60_000 : 500 * size * 60_060;
        Assert.Equal(0.01 * notional, exit.HalfSpread!.Value, 1e-9 * notional);
        Assert.Equal(0.0005 * notional, exit.Fee!.Value, 1e-9 * notional);
    }

    [Fact]
    public void Without_quotes_and_volume_nothing_is_guessed_but_what_is_assumed_is_used_and_named()
    {
        var perpetual = Perpetual("BTC");
        InstrumentQuote Bare(InstrumentQuote quote) =>
            quote with
            {
                Bid = null,
                Ask = null,
                DailyVolumeContracts = null,
            };
        var unknown = Exit(perpetual, 10, null, Bare);
        Assert.Null(unknown.HalfSpread);
        Assert.Null(unknown.Impact);
        Assert.Null(unknown.Days);
        Assert.Null(unknown.Total);
        var assumed = Exit(perpetual, 10, new ExitAssumptions(0.5, 0.0004, NotionalByKind.Same(20_000)), Bare);
        Assert.Equal(10 * 10 / 60_060.0 * 60_000 * 0.0002, assumed.HalfSpread!.Value, 1e-12);
        Assert.Equal(0.01, assumed.Days!.Value, 1e-15);
        Assert.Equal(
            ["perpetual-spread 0.04% for BTC-PERPETUAL", "daily-volume 20000 USD for BTC-PERPETUAL"],
            assumed.Assumed
        );
    }

    [Fact]
    public void A_one_sided_option_quote_serves_only_the_side_that_closes()
    {
        var option = Option("BTC", 90_000, OptionRight.Call, Middle);
        InstrumentQuote OnlyAsk(InstrumentQuote quote) => quote with { Bid = null };
        Assert.Null(Exit(option, 5, null, OnlyAsk).HalfSpread);
        Assert.NotNull(Exit(option, -5, null, OnlyAsk).HalfSpread);
    }
}
