using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class RevaluationTests
{
    static readonly double[] Moves = Spread(2049);

    static PnlMatrix Matrix(Currency home, int threads, double horizonDays, params Instrument[] instruments) =>
        Revaluation.Compute(
            Market(instruments),
            Surfaces,
            Scenarios(Moves, horizonDays),
            [.. instruments],
            home,
            threads
        );

    static Instrument[] EveryKind(string underlying) =>
        [
            Option(underlying, 0.8 * Index(underlying), OptionRight.Put, Near),
            Option(underlying, 1.1 * Index(underlying), OptionRight.Call, Middle, size: 2),
            Option(underlying, 0.9 * Index(underlying), OptionRight.Put, Far),
            Option(underlying, Index(underlying), OptionRight.Call, Middle, PayoffShape.Linear, 0.1m),
            Option(underlying, Index(underlying), OptionRight.Put, Near, PayoffShape.Linear, 0.1m),
            Perpetual(underlying),
            Perpetual(underlying, PayoffShape.Linear, 0.001m),
            Future(underlying, Near),
            Future(underlying, Far, PayoffShape.Linear, 0.01m),
            Spot(underlying),
        ];

    static double Index(string underlying) => underlying == "BTC" ? 60_000 : 2_000;

    [Fact]
    public void Inverse_future_pays_face_over_prices_in_coin_converted_at_the_scenarios_own_price()
    {
        var matrix = Matrix(Currency.Usd, 1, 1, Perpetual("BTC"), Future("BTC", Far));
        for (int s = 0; s < Moves.Length; s++)
        {
            double index = 60_000 * Math.Exp(Moves[s]);
            double mark = 60_060 * Math.Exp(Moves[s]);
            Near13(10 * (1 / 60_060.0 - 1 / mark) * index, matrix.Gain[s, 0], 10);
            double forward = ForwardUsd(60_000, Far);
            Near13(10 * (1 / forward - 1 / (forward * Math.Exp(Moves[s]))) * index, matrix.Gain[s, 1], 10);
        }
    }

    [Fact]
    public void Linear_future_and_spot_pay_size_times_the_price_change()
    {
        var matrix = Matrix(Currency.Usd, 1, 1, Perpetual("BTC", PayoffShape.Linear, 0.001m), Spot("BTC"));
        for (int s = 0; s < Moves.Length; s++)
        {
            Near13(0.001 * 60_060 * (Math.Exp(Moves[s]) - 1), matrix.Gain[s, 0], 60);
            Near13(60_000 * (Math.Exp(Moves[s]) - 1), matrix.Gain[s, 1], 60_000);
        }
    }

    [Fact]
    public void A_short_of_one_times_the_coin_collateral_is_flat_in_dollars()
    {
        var perpetual = Perpetual("BTC");
        var market = Market(perpetual);
        var matrix = Revaluation.Compute(market, Surfaces, Scenarios(Moves), [perpetual], Currency.Usd, 1);
        const double coins = 3;
        // The short's notional in coin at its own mark equals the collateral.
        double contracts = -coins * 60_060 / 10;
        for (int s = 0; s < Moves.Length; s++)
        {
            double wealth = coins * matrix.Prices!.InScenarios(Btc)[s] + contracts * matrix.Gain[s, 0];
            Assert.Equal(coins * 60_000, wealth, 1e-8);
        }
    }

    [Fact]
    public void Call_less_put_is_the_forward_contract_in_every_scenario_and_shape()
    {
        foreach (var shape in new[] { PayoffShape.Inverse, PayoffShape.Linear })
        foreach (var expiry in new[] { SmallWorld.Near, Middle, Far })
        {
            var call = Option("BTC", 55_000, OptionRight.Call, expiry, shape);
            var put = Option("BTC", 55_000, OptionRight.Put, expiry, shape);
            var matrix = Matrix(Currency.Usd, 1, 1, call, put);
            double now = ForwardUsd(60_000, expiry);
            for (int s = 0; s < Moves.Length; s++)
            {
                bool settles = expiry == SmallWorld.Near;
                double then = settles ? 60_000 * Math.Exp(0.9 * Moves[s]) : now * Math.Exp(Moves[s]);
                double index = 60_000 * Math.Exp(Moves[s]);
                double forward = shape == PayoffShape.Linear ? then - now : 55_000 * (1 / now - 1 / then) * index;
                Assert.Equal(forward, matrix.Gain[s, 0] - matrix.Gain[s, 1], 1e-8 * 60_000);
            }
        }
    }

    [Fact]
    public void Inverse_option_plus_its_premium_in_coin_is_the_linear_option_plus_its_premium_in_dollars()
    {
        // value then: v·H (inverse) and P (linear) are the same money when forward and index coincide in proportion.
        var inverse = Option("BTC", 66_000, OptionRight.Call, Middle);
        var linear = Option("BTC", 66_000, OptionRight.Call, Middle, PayoffShape.Linear);
        var market = Market(inverse, linear);
        var prices = new ModelPrices(market, Surfaces);
        var matrix = Matrix(Currency.Usd, 1, 1, inverse, linear);
        double coinNow = prices.Price(inverse)!.Value,
            usdNow = prices.Price(linear)!.Value;
        double basis = ForwardUsd(60_000, Middle) / 60_000;
        for (int s = 0; s < Moves.Length; s++)
        {
            double index = 60_000 * Math.Exp(Moves[s]);
            double inverseThen = matrix.Gain[s, 0] + coinNow * index;
            double linearThen = matrix.Gain[s, 1] + usdNow;
            Assert.Equal(linearThen, inverseThen * basis, 1e-9 * 60_000);
        }
    }

    [Fact]
    public void Nothing_gains_when_nothing_moves_and_no_time_passes()
    {
        var instruments = EveryKind("BTC");
        var still = Scenarios([0.0], horizonDays: 0);
        var matrix = Revaluation.Compute(Market(instruments), Surfaces, still, [.. instruments], Currency.Usd, 1);
        for (int i = 0; i < instruments.Length; i++)
            Assert.Equal(0, matrix.Gain[0, i], 1e-10 * 60_000);
    }

    [Fact]
    public void Home_in_coin_is_home_in_dollars_divided_by_the_scenarios_price()
    {
        Instrument[] instruments = [.. EveryKind("BTC"), .. EveryKind("ETH")];
        var usd = Matrix(Currency.Usd, 1, 1, instruments);
        var btc = Matrix(Btc, 1, 1, instruments);
        for (int i = 0; i < instruments.Length; i++)
        for (int s = 0; s < Moves.Length; s += 17)
            Near13(usd.Gain[s, i] / (60_000 * Math.Exp(Moves[s])), btc.Gain[s, i], 20);
    }

    [Fact]
    public void Two_threads_give_the_bytes_of_one()
    {
        Instrument[] instruments = [.. EveryKind("BTC"), .. EveryKind("ETH")];
        var one = Matrix(Currency.Usd, 1, 1, instruments);
        var two = Matrix(Currency.Usd, 2, 1, instruments);
        for (int i = 0; i < instruments.Length; i++)
            Assert.True(
                MemoryMarshal
                    .AsBytes(one.Gain.PaddedColumn(i))
                    .SequenceEqual(MemoryMarshal.AsBytes(two.Gain.PaddedColumn(i))),
                instruments[i].Name
            );
        Assert.Equal(one.DeliveryFee, two.DeliveryFee);
    }

    [Fact]
    public void Settled_option_pays_on_the_delivery_price_and_its_coins_are_worth_the_horizons_price()
    {
        var put = Option("BTC", 58_000, OptionRight.Put, SmallWorld.Near, size: 0.5m);
        var matrix = Matrix(Currency.Usd, 1, 1, put);
        double premium = new ModelPrices(Market(put), Surfaces).Price(put)!.Value;
        for (int s = 0; s < Moves.Length; s++)
        {
            double delivery = 60_000 * Math.Exp(0.9 * Moves[s]);
            double coins = 0.5 * (Math.Max(0, 58_000 - delivery) / delivery - premium);
            Near13(coins * 60_000 * Math.Exp(Moves[s]), matrix.Gain[s, 0], 60_000);
        }
    }

    [Fact]
    public void Funding_is_paid_by_longs_and_stays_out_of_the_cells()
    {
        var inverse = Perpetual("BTC");
        var linear = Perpetual("ETH", PayoffShape.Linear, 0.5m);
        var matrix = Matrix(Currency.Usd, 1, 2, inverse, linear, Spot("BTC"));
        Near13(0.0001 * 6 * 10, matrix.FundingPaidByLong[0]!.Value, 10);
        Near13(0.0001 * 6 * 0.5 * 2_000, matrix.FundingPaidByLong[1]!.Value, 1000);
        Assert.Equal(0, matrix.FundingPaidByLong[2]);
        var unknown = Market(inverse) with { Quotes = [Market(inverse).Quotes[0] with { FundingRate8h = null }] };
        var without = Revaluation.Compute(unknown, Surfaces, Scenarios(Moves), [inverse], Currency.Usd, 1);
        Assert.Null(without.FundingPaidByLong[0]);
    }

    [Fact]
    public void Delivery_fee_is_owed_only_inside_the_horizon_and_is_capped_for_options()
    {
        var call = Option("BTC", 60_000, OptionRight.Call, SmallWorld.Near);
        var matrix = Matrix(
            Currency.Usd,
            1,
            1,
            call,
            Future("BTC", SmallWorld.Near),
            Option("BTC", 60_000, OptionRight.Call, Far)
        );
        double expected = 0;
        foreach (double move in Moves)
        {
            double delivery = 60_000 * Math.Exp(0.9 * move);
            double payoff = Math.Max(0, delivery - 60_000) / delivery;
            expected += Math.Min(0.00015, 0.125 * payoff) * 60_000 * Math.Exp(move) / Moves.Length;
        }
        Near13(expected, matrix.DeliveryFee[0], 10);
        Assert.True(matrix.DeliveryFee[1] > 0.0024);
        Assert.Equal(0, matrix.DeliveryFee[2]);
    }

    [Fact]
    public void What_is_missing_is_named_and_nothing_is_computed()
    {
        var perpetual = Perpetual("BTC");
        var unquoted = Market(perpetual) with { Quotes = [] };
        var odd = Option("BTC", 60_000, OptionRight.Call, Far.AddDays(7));
        ImmutableArray<Instrument> instruments = [perpetual, odd, Spot("BTC")];
        var missing = Revaluation.Missing(unquoted, Surfaces, Scenarios(Moves), instruments);
        Assert.Equal(2, missing.Length);
        Assert.Equal("BTC-PERPETUAL: no price", missing[0]);
        Assert.EndsWith("no fitted volatility for its expiry", missing[1]);
        Assert.Throws<ArgumentException>(() =>
            Revaluation.Compute(unquoted, Surfaces, Scenarios(Moves), instruments, Currency.Usd, 1)
        );
    }

    static void Near13(double expected, double actual, double scale) => Assert.Equal(expected, actual, 1e-12 * scale);
}
