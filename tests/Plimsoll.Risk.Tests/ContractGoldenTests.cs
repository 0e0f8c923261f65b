using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

/// <summary>
/// What contracts pay, row by row of golden/pricing/settlement-and-futures.json (Deribit's own worked examples and the
/// contract formulas), through the wallets and the matrix that every figure is made of.
/// </summary>
public sealed class ContractGoldenTests
{
    static IEnumerable<(string Name, JsonNode In, JsonNode Out)> Rows(string kind, int count)
    {
        var rows = Golden.Cases("pricing/settlement-and-futures.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var found = rows!.Where(row => (string)row["inputs"]!["kind"]! == kind).ToArray();
        Assert.Equal(count, found.Length);
        return found.Select(row => ((string)row["name"]!, row["inputs"]!, row["expected"]!));
    }

    static double Side(JsonNode inputs) => (string)inputs["side"]! == "long" ? 1 : -1;

    static void Close(JsonNode expected, string key, double actual, double relative)
    {
        double value = Golden.Number(expected[key]);
        Assert.True(Math.Abs(actual - value) <= relative * Math.Abs(value), $"{key}: {actual:R}, not {value:R}");
    }

    /// <summary>A market in which a contract's mark and its coin's index stand at one price.</summary>
    static MarketSnapshot At(Instrument instrument, double priceUsd)
    {
        var world = Market(instrument);
        return world with
        {
            Underlyings =
            [
                .. world.Underlyings.Select(coin =>
                    coin.Underlying == instrument.Underlying ? coin with { IndexUsd = priceUsd } : coin
                ),
            ],
            Quotes = [.. world.Quotes.Select(quote => quote with { Mark = (decimal)priceUsd })],
        };
    }

    /// <summary>Gain of a position since its entry in its wallet's currency, at a mark.</summary>
    static double Unrealised(Instrument instrument, double contracts, double entryUsd, double markUsd)
    {
        var market = At(instrument, markUsd);
        var account = new Account
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.SegregatedStandard,
                    Balances = [],
                    Positions = [new Position(instrument.Name, (decimal)contracts, (decimal)entryUsd)],
                },
            ],
        };
        return Assert.Single(Wallets.Of(account, market, new ModelPrices(market, Surfaces)).List).Unrealised;
    }

    /// <summary>Gain of one contract in the matrix when its price goes from entry to exit.</summary>
    static double Gain(Instrument instrument, double entryUsd, double exitUsd, Currency home)
    {
        var market = At(instrument, entryUsd);
        var moves = StillScenarios.OneCoin(market, instrument.Underlying, [Math.Log(exitUsd / entryUsd)]);
        return Revaluation.Compute(market, Surfaces, moves, [instrument], home, 1).Gain[0, 0];
    }

    [Fact]
    public void Inverse_future()
    {
        foreach (var (name, inputs, expected) in Rows("inverse_future", 9))
        {
            double entry = Golden.Number(inputs["entry_usd"]),
                exit = Golden.Number(inputs["exit_usd"]),
                contracts = Side(inputs) * Golden.Number(inputs["contracts"]);
            var perpetual = Perpetual("BTC", size: (decimal)Golden.Number(inputs["contract_usd"]));
            Close(expected, "pnl_coin", Unrealised(perpetual, contracts, entry, exit), 1e-14);
            // Through a logarithm and back: its last digit counts in proportion to how near the prices are.
            double lost = 1e-14 / Math.Abs(exit / entry - 1);
            Close(expected, "pnl_coin", contracts * Gain(perpetual, entry, exit, Btc), lost);
            Close(expected, "pnl_usd_at_exit", contracts * Gain(perpetual, entry, exit, Currency.Usd), lost);
            if (expected["delta_coin_at_exit"] is null)
                continue;
            var greeks = InstrumentGreeks.Of(perpetual, new ModelPrices(At(perpetual, exit), Surfaces))!.Value;
            Close(expected, "delta_coin_at_exit", contracts * greeks.BlackScholesDeltaCoin, 1e-14);
            Assert.Equal(0, greeks.Gamma1PctUsd);
            // Slope and curve of the gain in coin, by the difference quotient of the wallet's own figure.
            double step = exit * 1e-3,
                up = Unrealised(perpetual, contracts, entry, exit + step),
                now = Unrealised(perpetual, contracts, entry, exit),
                down = Unrealised(perpetual, contracts, entry, exit - step);
            Close(expected, "dpnl_coin_per_usd_at_exit", (up - down) / (2 * step), 1e-5);
            Close(expected, "gamma_coin_per_usd_squared_at_exit", (up - 2 * now + down) / (step * step), 1e-5);
            Assert.NotEmpty(name);
        }
    }

    [Fact]
    public void Linear_future()
    {
        foreach (var (_, inputs, expected) in Rows("linear_future", 3))
        {
            double entry = Golden.Number(inputs["entry_usdc"]),
                exit = Golden.Number(inputs["exit_usdc"]),
                contracts = Side(inputs) * Golden.Number(inputs["size_coin"]);
            var perpetual = Perpetual("BTC", PayoffShape.Linear, 1);
            Close(expected, "pnl_usdc", Unrealised(perpetual, contracts, entry, exit), 1e-15);
            Close(expected, "pnl_usdc", contracts * Gain(perpetual, entry, exit, Currency.Usd), 1e-13);
            var greeks = InstrumentGreeks.Of(perpetual, new ModelPrices(At(perpetual, exit), Surfaces))!.Value;
            Close(expected, "delta_coin", contracts * greeks.BlackScholesDeltaCoin, 1e-15);
            Assert.Equal(Golden.Number(expected["gamma"]), greeks.Gamma1PctUsd);
        }
    }

    [Fact]
    public void Dollar_hedged_coin_account_is_flat_in_dollars_and_not_in_coin()
    {
        foreach (var (_, inputs, expected) in Rows("usd_value_of_coin_account", 1))
        {
            double entry = Golden.Number(inputs["entry_usd"]),
                coins = Golden.Number(inputs["collateral_coin"]),
                contracts = -Golden.Number(inputs["short_usd"]) / 10;
            var perpetual = Perpetual("BTC");
            double[] exits = [.. inputs["exit_usd"]!.AsArray().Select(Golden.Number)];
            for (int i = 0; i < exits.Length; i++)
            {
                double inCoin = coins + Unrealised(perpetual, contracts, entry, exits[i]);
                Assert.Equal(Golden.Number(expected["equity_coin"]![i]), inCoin, 1e-13);
                Assert.Equal(Golden.Number(expected["equity_usd"]![i]), inCoin * exits[i], 1e-8);
                double wealth = coins * exits[i] + contracts * Gain(perpetual, entry, exits[i], Currency.Usd);
                Assert.Equal(Golden.Number(expected["equity_usd"]![i]), wealth, 1e-8);
            }
        }
    }

    [Fact]
    public void Inverse_option_pays_its_intrinsic_in_coin_at_the_delivery_price()
    {
        foreach (var (_, inputs, expected) in Rows("inverse_option", 1))
        {
            double size = Golden.Number(inputs["size_coin"]),
                delivery = Golden.Number(inputs["delivery_usd"]);
            var option = Option("BTC", Golden.Number(inputs["strike_usd"]), Right(inputs), Near, size: (decimal)size);
            double coins = Payoff(option, delivery, Btc);
            Close(expected, "payoff_coin", Side(inputs) * coins, 1e-13);
            Close(expected, "payoff_usd", Side(inputs) * coins * delivery, 1e-13);
            Close(expected, "pnl_coin", Side(inputs) * (coins - size * Golden.Number(inputs["premium_coin"])), 1e-13);
        }
    }

    [Fact]
    public void Linear_option_multiplies_premium_and_payoff_by_the_contract()
    {
        foreach (var (_, inputs, expected) in Rows("linear_option", 1))
        {
            double multiplier = Golden.Number(inputs["multiplier"]),
                contracts = Side(inputs) * Golden.Number(inputs["contracts"]),
                premium = Golden.Number(inputs["premium_usdc_per_unit"]);
            var option = Option(
                "ETH",
                Golden.Number(inputs["strike_usdc"]),
                Right(inputs),
                Near,
                PayoffShape.Linear,
                (decimal)multiplier
            );
            double payoff = Payoff(option, Golden.Number(inputs["delivery_usdc"]), Currency.Usd);
            Close(expected, "premium_paid_usdc", contracts * multiplier * premium, 1e-15);
            Close(expected, "payoff_usdc", contracts * payoff, 1e-11);
            Close(expected, "pnl_usdc", contracts * (payoff - multiplier * premium), 1e-11);
        }
    }

    static OptionRight Right(JsonNode inputs) => (bool)inputs["is_call"]! ? OptionRight.Call : OptionRight.Put;

    /// <summary>What one contract is paid at delivery: the matrix's gain and what it is worth now.</summary>
    static double Payoff(OptionInstrument option, double deliveryUsd, Currency home)
    {
        var market = Market(option);
        double index = market.Find(option.Underlying)!.IndexUsd;
        double[] move = [Math.Log(deliveryUsd / index)];
        double[] still = [0];
        var set = Scenarios(still);
        set = set with
        {
            Underlyings =
            [
                .. set.Underlyings.Select(moves => new UnderlyingScenarios
                {
                    Underlying = moves.Underlying,
                    LogReturn = move,
                    LogVolatilityMove = still,
                    SkewMove = still,
                    PathLow = still,
                    PathHigh = still,
                    DeliveryLogReturn = ImmutableSortedDictionary<DateTimeOffset, double[]>.Empty.Add(Near, move),
                }),
            ],
        };
        var matrix = Revaluation.Compute(market, Surfaces, set, [option], home, 1);
        return matrix.Gain[0, 0] + new ModelPrices(market, Surfaces).ValuePerContract(option)!.Value;
    }
}
