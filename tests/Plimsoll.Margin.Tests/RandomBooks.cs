using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>Portfolios of every kind of contract, drawn by a seed.</summary>
static class RandomBooks
{
    /// <summary>A portfolio of up to twelve contracts over two coins, both ways of settling, and cash.</summary>
    /// <param name="seed">Same seed, same portfolio.</param>
    /// <param name="isCross">One pool, or one for each currency.</param>
    /// <param name="largest">Multiplies sizes: 1 is tens of coins.</param>
    public static MarginPortfolio Draw(int seed, bool isCross, double largest = 1)
    {
        var random = new Random(seed);
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        var positions = new List<MarginPosition>();
        var index = new Dictionary<string, double>
        {
            ["BTC"] = 30_000 + 70_000 * random.NextDouble(),
            ["ETH"] = 1_000 + 3_000 * random.NextDouble(),
        };
        int count = random.Next(1, 13);
        for (int i = 0; i < count; i++)
        {
            string coin = random.Next(2) == 0 ? "BTC" : "ETH";
            var shape = random.Next(3) == 0 ? PayoffShape.Linear : PayoffShape.Inverse;
            var expiry = new[] { Near, Middle, Far }[random.Next(3)];
            double forward = index[coin] * (expiry == Far ? 1.04 : 1.004);
            double coins = (random.NextDouble() - 0.5) * 80 * largest * (coin == "ETH" ? 15 : 1);
            switch (random.Next(5))
            {
                case 0:
                    Add(PerpetualOf(coin, shape), new MarginQuote(index[coin] * 1.001, index[coin] * 1.001));
                    break;
                case 1:
                    Add(Future(coin, expiry, shape, shape == PayoffShape.Inverse ? 10 : 0.001m), new(forward, forward));
                    break;
                default:
                    double strike = Math.Round(forward * (0.5 + 1.3 * random.NextDouble()));
                    var right = random.Next(2) == 0 ? OptionRight.Call : OptionRight.Put;
                    double vol = 0.25 + random.NextDouble();
                    double years = Years.Between(AsOf, expiry).Value;
                    // Far from the strike the plain formula's difference may round below zero.
                    double usd = Math.Max(0, NaiveBlack.Price(forward, strike, vol, years, right == OptionRight.Call));
                    double mark = shape == PayoffShape.Inverse ? usd / forward : usd;
                    Add(
                        Option(coin, strike, right, expiry, shape, shape == PayoffShape.Inverse ? 1 : 0.1m),
                        new MarginQuote(forward, mark, vol)
                    );
                    break;
            }

            void Add(Instrument instrument, MarginQuote quote)
            {
                if (quotes.ContainsKey(instrument.Name))
                    return;
                double each =
                    instrument is not OptionInstrument && instrument.Shape == PayoffShape.Inverse
                        ? (double)instrument.ContractSize / quote.UnderlyingUsd
                        : (double)instrument.ContractSize;
                quotes[instrument.Name] = quote;
                positions.Add(new MarginPosition(instrument, Math.Round(coins / each, 1)));
            }
        }
        return new MarginPortfolio
        {
            Name = "main",
            IsCross = isCross,
            Positions = [.. positions],
            Balances =
            [
                new CollateralBalance(Btc, Math.Round(random.NextDouble() * 20, 3)),
                new CollateralBalance(Eth, Math.Round((random.NextDouble() - 0.3) * 200, 3)),
                new CollateralBalance(Currency.Usdc, Math.Round((random.NextDouble() - 0.2) * 1e6)),
            ],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = index.Append(new("USDC", 1)).ToImmutableDictionary(),
                Quotes = quotes.ToImmutable(),
            },
        };
    }

    static PerpetualInstrument PerpetualOf(string coin, PayoffShape shape) =>
        Perpetual(coin, shape, shape == PayoffShape.Inverse ? 10 : 0.001m);

    /// <summary>The same with every position times a factor, and the same balances.</summary>
    public static MarginPortfolio Times(this MarginPortfolio portfolio, double factor) =>
        portfolio with
        {
            Positions = [.. portfolio.Positions.Select(p => p with { Contracts = p.Contracts * factor })],
        };

    /// <summary>The positions of both, on a market that quotes both.</summary>
    public static MarginPortfolio Plus(this MarginPortfolio one, MarginPortfolio other) =>
        one with
        {
            Positions =
            [
                .. one
                    .Positions.Concat(other.Positions)
                    .GroupBy(position => position.Instrument)
                    .Select(group => group.First() with { Contracts = group.Sum(position => position.Contracts) }),
            ],
            Market = one.Market with { Quotes = one.Market.Quotes.SetItems(other.Market.Quotes) },
        };
}
