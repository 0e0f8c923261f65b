using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class GreeksTests
{
    public static TheoryData<string> Names => [.. Every().Select(option => option.Name)];

    static IEnumerable<OptionInstrument> Every()
    {
        foreach (var shape in new[] { PayoffShape.Inverse, PayoffShape.Linear })
        foreach (var expiry in new[] { Middle, Far })
        foreach (var right in new[] { OptionRight.Call, OptionRight.Put })
        foreach (double strike in new[] { 45_000.0, 60_000, 80_000 })
            yield return Option("BTC", strike, right, expiry, shape, shape == PayoffShape.Inverse ? 2 : 0.1m);
    }

    /// <summary>Dollar gain of one contract for a price of S·e^r and a volatility of its strike moved by dv; no time passes.</summary>
    static double GainUsd(OptionInstrument option, double r, double dv, double days = 0)
    {
        var slice = Surfaces["BTC"].Find(option.Expiry)!;
        double strike = (double)option.StrikeUsd,
            size = (double)option.ContractSize;
        double vol = slice.VolatilityAnnual(Math.Log(strike / slice.ForwardUsd));
        double forward = slice.ForwardUsd * Math.Exp(r);
        double t = slice.TYears - days / 365;
        double then = Black76.PriceUsd(forward, strike, t, vol + dv, option.Right);
        double now = Black76.PriceUsd(slice.ForwardUsd, strike, slice.TYears, vol, option.Right);
        return option.Shape == PayoffShape.Inverse
            ? size * (then / forward - now / slice.ForwardUsd) * 60_000 * Math.Exp(r)
            : size * (then - now);
    }

    [Theory, MemberData(nameof(Names))]
    public void Greeks_are_the_finite_differences_of_the_dollar_gain(string name)
    {
        var option = Every().Single(option => option.Name == name);
        var greeks = InstrumentGreeks.Of(option, new ModelPrices(Market(option), Surfaces))!.Value;
        double Gain(double r, double dv) => GainUsd(option, r, dv);
        const double h = 2e-4;
        double delta = (Gain(h, 0) - Gain(-h, 0)) / (2 * h);
        Close(delta, greeks.DeltaUsd, 1e-5, "delta");
        // S²·W_SS = W_rr − W_r, r = ln S; the wealth's part linear in S drops out.
        double second = (Gain(h, 0) - 2 * Gain(0, 0) + Gain(-h, 0)) / (h * h);
        Close((second - delta) / 100, greeks.Gamma1PctUsd, 1e-4, "gamma");
        Close((Gain(0, h) - Gain(0, -h)) / (2 * h) / 100, greeks.Vega1PtUsd, 1e-5, "vega");
        Close((Gain(0, h) - 2 * Gain(0, 0) + Gain(0, -h)) / (h * h) / 1e4, greeks.VolgaUsd, 1e-4, "volga");
        double cross = (Gain(h, h) - Gain(h, -h) - Gain(-h, h) + Gain(-h, -h)) / (4 * h * h);
        Close(cross / 100, greeks.VannaUsd, 1e-4, "vanna");
        double theta = (GainUsd(option, 0, 0, 0.01) - GainUsd(option, 0, 0, -0.01)) / 0.02;
        Close(theta, greeks.Theta1DUsd, 1e-4, "theta");

        void Close(double expected, double actual, double relative, string what) =>
            Assert.True(
                Math.Abs(expected - actual)
                    <= relative * (Math.Abs(expected) + 1e-3 * 60_000 * (double)option.ContractSize),
                $"{what}: {expected:R} by differences, {actual:R}"
            );
    }

    [Theory, MemberData(nameof(Names))]
    public void Smile_delta_is_the_slope_of_the_matrix_when_volatility_answers_spot(string name)
    {
        var option = Every().Single(option => option.Name == name);
        var market = Market(option);
        var response = VolatilityResponses.For("BTC");
        double beta = (response.DownBeta + response.UpBeta) / 2;
        const double h = 1e-4;
        var set = StillScenarios.OneCoin(market, "BTC", [-h, h], [-h * beta, h * beta]);
        var matrix = Revaluation.Compute(market, Surfaces, set, [option], Currency.Usd, 1);
        double slope = (matrix.Gain[1, 0] - matrix.Gain[0, 0]) / (2 * h);
        var greeks = InstrumentGreeks.Of(option, new ModelPrices(market, Surfaces))!.Value;
        Assert.Equal(slope, greeks.SmileDeltaUsd, 1e-4 * 60_000 * (double)option.ContractSize);
        Assert.NotEqual(greeks.DeltaUsd, greeks.SmileDeltaUsd, 1e-4 * 60_000 * (double)option.ContractSize);
    }

    [Fact]
    public void Deltas_bear_their_names()
    {
        var call = Option("BTC", 60_000, OptionRight.Call, Far);
        var prices = new ModelPrices(Market(call), Surfaces);
        var greeks = InstrumentGreeks.Of(call, prices)!.Value;
        double coin = prices.Price(call)!.Value;
        Assert.Equal(greeks.BlackScholesDeltaCoin - coin, greeks.NetTransactionDeltaCoin, 1e-12);
        Assert.Equal(greeks.NetTransactionDeltaCoin * 60_000, greeks.DeltaUsd, 1e-8);
        // Bought with coins: its own value in coin moves with the price as well, which gives Black-Scholes' delta back.
        var account = Account([new Balance(Btc, 1 - (decimal)coin)], [new Position(call.Name, 1, null)]);
        var market = Market(call);
        var home = HomePrices.Of(market, Scenarios([0.0]), Currency.Usd);
        var row = Assert.Single(AccountGreeks.Of(Book.Of(account, market, prices), prices, home).ByUnderlying);
        Assert.Equal((greeks.BlackScholesDeltaCoin + 1 - coin) * 60_000, row.WealthDeltaUsd, 1e-6);
        Assert.Equal(row.WealthDeltaUsd, row.DeltaHome, 1e-9);
    }

    [Fact]
    public void Futures_have_their_notional_as_delta_and_nothing_else()
    {
        var inverse = Perpetual("BTC");
        var linear = Perpetual("BTC", PayoffShape.Linear, 0.001m);
        var prices = new ModelPrices(Market(inverse, linear), Surfaces);
        Assert.Equal(10 / 1.001, InstrumentGreeks.Of(inverse, prices)!.Value.DeltaUsd, 1e-9);
        Assert.Equal(60.06, InstrumentGreeks.Of(linear, prices)!.Value.DeltaUsd, 1e-9);
        Assert.Equal(0, InstrumentGreeks.Of(inverse, prices)!.Value.Gamma1PctUsd);
    }

    [Fact]
    public void A_coin_account_hedged_one_for_one_has_no_dollar_delta()
    {
        var inverse = Perpetual("BTC");
        var market = Market(inverse);
        var prices = new ModelPrices(market, Surfaces);
        var account = Account([new Balance(Btc, 1)], [new Position(inverse.Name, -6_006, null)]);
        var home = HomePrices.Of(market, Scenarios([0.0]), Currency.Usd);
        var row = Assert.Single(AccountGreeks.Of(Book.Of(account, market, prices), prices, home).ByUnderlying);
        Assert.Equal(0, row.WealthDeltaUsd, 1e-8);
    }

    [Fact]
    public void A_day_of_decay_never_exceeds_the_time_value_that_is_left()
    {
        var option = Option("BTC", 60_000, OptionRight.Call, Near);
        var prices = new ModelPrices(Market(option), Surfaces);
        double value = prices.ValuePerContract(option)!.Value * 60_000;
        double theta = InstrumentGreeks.Of(option, prices)!.Value.Theta1DUsd;
        Assert.InRange(theta, -value, -0.3 * value);
    }

    static Account Account(ImmutableArray<Balance> balances, ImmutableArray<Position> positions) =>
        new()
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.SegregatedStandard,
                    Balances = balances,
                    Positions = positions,
                },
            ],
        };
}
