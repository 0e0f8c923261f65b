using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Risk.Tests;

public sealed class TailRangeTests
{
    static readonly ImmutableArray<Instrument> Instruments =
    [
        Option("BTC", 45_000, OptionRight.Put, Middle),
        Option("BTC", 60_000, OptionRight.Call, Middle, size: 2),
        Option("BTC", 80_000, OptionRight.Call, Middle, PayoffShape.Linear, 0.1m),
        Option("BTC", 50_000, OptionRight.Put, Far, PayoffShape.Linear),
        Option("BTC", 90_000, OptionRight.Call, Far),
        Future("BTC", Far),
        Perpetual("BTC"),
        Perpetual("BTC", PayoffShape.Linear, 0.001m),
        Spot("BTC"),
        Option("ETH", 2_000, OptionRight.Call, Middle),
    ];

    static readonly MarketSnapshot Snapshot = Market([.. Instruments]);
    static readonly ModelPrices Prices = new(Snapshot, Surfaces);

    static HomePrices Home(Currency currency) => HomePrices.Of(Snapshot, Scenarios([0.0]), currency);

    static TailRange Rows(Currency home, bool unbounded = false) =>
        TailRange.InHome("BTC", Instruments, Prices, Home(home), 0.25, 4, unbounded);

    /// <summary>Gain in USD of one contract when its own expiry (or, without one, the price) stands at S.</summary>
    static double GainUsd(Instrument instrument, double s)
    {
        double size = (double)instrument.ContractSize;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        double now = Prices.Price(instrument)!.Value;
        if (instrument is OptionInstrument option)
        {
            double strike = (double)option.StrikeUsd;
            double payoff = Math.Max(0, option.Right == OptionRight.Call ? s - strike : strike - s);
            return inverse ? size * (payoff / s - now) * s : size * (payoff - now);
        }
        double then = instrument is PerpetualInstrument ? now * s / 60_000 : s;
        return inverse ? size * (1 / now - 1 / then) * s : size * (then - now);
    }

    [Fact]
    public void Each_cell_is_the_contract_settled_at_its_knot()
    {
        foreach (var home in new[] { Currency.Usd, Btc, Eth })
        {
            var rows = Rows(home);
            double perUsd = Home(home).Now(Currency.Usd);
            foreach (var expiry in rows.Expiries)
                for (int k = 0; k < expiry.X.Length; k++)
                for (int j = 0; j < expiry.Columns.Length; j++)
                {
                    double s = rows.PriceUsd(expiry.X[k]);
                    double unit = home == Btc ? 1 / s : perUsd;
                    Assert.Equal(
                        GainUsd(Instruments[expiry.Columns[j]], s) * unit,
                        expiry.Gain[k, j],
                        1e-8 * unit * 60_000
                    );
                }
            for (int i = 6; i <= 8; i++)
            {
                double s = 100_000,
                    unit = home == Btc ? 1 / s : perUsd;
                double x = home == Btc ? 1 / s : s;
                Assert.Equal(
                    GainUsd(Instruments[i], s) * unit,
                    rows.LinearSlope[i] * (x - rows.X0),
                    1e-8 * unit * 60_000
                );
            }
            Assert.DoesNotContain(rows.Expiries, expiry => expiry.Columns.Contains(9));
        }
    }

    [Fact]
    public void One_expiry_with_futures_and_collateral_equals_a_fine_search_over_prices()
    {
        double[] contracts = [-1.5, 2, -8, 0, 0, 0, -3_000, 4, 0.2, 0];
        const double coins = 0.7;
        var rows = Rows(Currency.Usd);
        double slope = rows.CollateralSlope(Equity(coins, 5_000), Home(Currency.Usd));
        double worst = 0;
        for (double s = 15_000; s <= 240_000; s += 10)
        {
            double gain = coins * (s - 60_000);
            for (int i = 0; i < contracts.Length; i++)
                gain += contracts[i] * (contracts[i] == 0 ? 0 : GainUsd(Instruments[i], s));
            worst = Math.Max(worst, -gain);
        }
        Assert.Equal(worst, rows.WorstLoss(contracts, slope).Loss, 1e-6);
    }

    /// <summary>Winning futures and perpetuals closed at a move of their mark keep their gain in their own currency.</summary>
    [Theory]
    [InlineData("USD")]
    [InlineData("BTC")]
    [InlineData("ETH")]
    public void Closed_futures_count_no_gain_beyond_the_move_as_a_fine_search_finds(string currency)
    {
        var home = new Currency(currency);
        var closing = new TailClosing(0.1, 0.8);
        var (plain, closed) = (Rows(home), Closed(home, closing));
        double perUsd = Home(home).Now(Currency.Usd);
        double[][] books =
        [
            [0, 0, 0, 0, 0, 5_000, -3_000, 0, 0, 0],
            [0, 0, 0, 0, 0, -3_000, 0, 2_000, 0, 0],
            [0, 0, 0, -2, -1, 4_000, 2_000, 0, 0.2, 0],
            [0, 0, 0, 1, -3, -6_000, 0, 3_000, -0.3, 0],
        ];
        foreach (double[] contracts in books)
        {
            double worst = 0;
            for (int step = 0; step <= 22_500; step++)
            {
                double s = 15_000 + 10 * step,
                    gain = 0;
                for (int i = 0; i < contracts.Length; i++)
                    gain +=
                        contracts[i] == 0 ? 0 : contracts[i] * GainUsd(Instruments[i], s) - Forgone(i, s, contracts[i]);
                worst = Math.Max(worst, -gain * (home == Btc ? 1 / s : perUsd));
            }
            double found = closed.WorstLoss(contracts, 0).Loss;
            Assert.InRange(found, worst * (1 - 1e-12), worst * (1 + 2e-3));
            Assert.True(found >= plain.WorstLoss(contracts, 0).Loss);
        }
        Assert.True(closed.WorstLoss(books[0], 0).Loss > plain.WorstLoss(books[0], 0).Loss + 0.05 * perUsd);
        // The same contract long in one account and short in another: each leg may be closed by itself.
        var both = new TailContracts(new double[10], new double[10]);
        both.Add(6, 1_000);
        both.Add(6, -1_000);
        Assert.Equal(0, plain.WorstLoss(both, 0).Loss, 1e-12);
        Assert.True(closed.WorstLoss(both, 0).Loss > 0.05 * perUsd);
        // Without end a closed long no longer covers a naked call; what is not closed covers its share.
        var endless = Closed(Currency.Usd, new TailClosing(0.1, 1), unbounded: true);
        double[] covered = [0, 0, 0, 0, -1, 0, 0, 2_000, 0, 0];
        Assert.True(double.IsFinite(Rows(Currency.Usd, unbounded: true).WorstLoss(covered, 0).Loss));
        Assert.Equal(double.PositiveInfinity, endless.WorstLoss(covered, 0).Loss);
        covered[7] = 10_000;
        Assert.True(
            double.IsFinite(Closed(Currency.Usd, new TailClosing(0.1, 0.8), unbounded: true).WorstLoss(covered, 0).Loss)
        );

        double Forgone(int i, double s, double held)
        {
            var instrument = Instruments[i];
            if (instrument is not (FutureInstrument or PerpetualInstrument))
                return 0;
            double mark = instrument is PerpetualInstrument ? 60_000 : Prices.Price(instrument)!.Value,
                at = mark * (held > 0 ? 1 + closing.Move : 1 - closing.Move);
            double kept = GainUsd(instrument, at) * (instrument.Shape == PayoffShape.Inverse ? s / at : 1);
            bool beyond = held > 0 ? s > at : s < at;
            return beyond ? closing.Share * held * (GainUsd(instrument, s) - kept) : 0;
        }
    }

    static TailRange Closed(Currency home, TailClosing closing, bool unbounded = false) =>
        TailRange.InHome("BTC", Instruments, Prices, Home(home), 0.25, 4, unbounded, closing);

    [Fact]
    public void Several_expiries_take_the_least_bound_over_all_splits_of_the_hedge()
    {
        // Two expiries, one hedge h in the first: the bound as a function of the split is convex; search it by brute force.
        double[] contracts = [-2, -1, 3, -1, -4, 100, -500, 3, 0, 0];
        foreach (var home in new[] { Currency.Usd, Btc })
        {
            var rows = Rows(home);
            double slope = rows.CollateralSlope(Equity(0.5, 20_000), Home(home));
            double found = rows.WorstLoss(contracts, slope).Loss;
            double linear = slope;
            for (int i = 0; i < contracts.Length; i++)
                linear += rows.LinearSlope[i] * contracts[i];
            double scale = home == Btc ? 60_000 : 1;
            double least = double.PositiveInfinity;
            for (double a = -8; a <= 8; a += 0.01)
            for (double b = -8; b <= 8; b += 0.01)
            {
                double bound =
                    Worst(rows, rows.Expiries[0], contracts, a * scale)
                    + Worst(rows, rows.Expiries[1], contracts, b * scale)
                    + Math.Max(
                        -(linear - (a + b) * scale) * (rows.LowX - rows.X0),
                        -(linear - (a + b) * scale) * (rows.HighX - rows.X0)
                    );
                least = Math.Min(least, bound);
            }
            Assert.True(found <= least + 1e-9 * Math.Abs(least), $"{found:R} above the best split found {least:R}");
            Assert.Equal(1, found / least, 0.01);
        }
    }

    [Fact]
    public void Bound_covers_every_price_and_a_naked_short_call_grows_with_the_range()
    {
        double[] contracts = [0, 0, 0, 0, -1, 0, 0, 0, 0, 0];
        double premium = Prices.Price(Instruments[4])!.Value;
        Assert.Equal(240_000 - 90_000 - premium * 240_000, Rows(Currency.Usd).WorstLoss(contracts, 0).Loss, 1e-6);
        var wider = TailRange.InHome("BTC", Instruments, Prices, Home(Currency.Usd), 0.1, 8);
        Assert.Equal(480_000 - 90_000 - premium * 480_000, wider.WorstLoss(contracts, 0).Loss, 1e-6);
        Assert.Equal(double.PositiveInfinity, Rows(Currency.Usd, unbounded: true).WorstLoss(contracts, 0).Loss);
    }

    [Fact]
    public void Unbounded_range_accepts_a_covered_call_and_gives_its_loss_at_zero()
    {
        double[] contracts = [0, 0, 0, 0, -1, 0, 0, 0, 0, 0];
        var rows = Rows(Currency.Usd, unbounded: true);
        double premium = Prices.Price(Instruments[4])!.Value;
        // One coin of collateral and the premium in coin cover the call; at S = 0 the coin is worth nothing.
        Assert.Equal(60_000, rows.WorstLoss(contracts, 1 + premium).Loss - premium * 60_000, 1e-6);
        Assert.True(rows.SlopeAtInfinity(TailContracts.Of(contracts), 0.5) < 0);
        Assert.Equal(0, rows.SlopeAtInfinity(TailContracts.Of(contracts), 1 - premium), 1e-12);
    }

    [Fact]
    public void A_wallets_view_holds_only_what_settles_in_it()
    {
        var coin = TailRange.InSettlement("BTC", Btc, Instruments, Prices, 0.25, 4);
        Assert.True(coin.IsInverse);
        Assert.Equal([0, 1], coin.Expiries[0].Columns);
        Assert.Equal([4, 5], coin.Expiries[1].Columns);
        Assert.Equal(0, coin.LinearSlope[7]);
        // Short put in coin: K/S − 1 coins at the low end, less the premium.
        double premium = Prices.Price(Instruments[0])!.Value;
        double[] contracts = [-1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(45_000 / 15_000.0 - 1 - premium, coin.WorstLoss(contracts, 0).Loss, 1e-9);
    }

    static double Worst(TailRange rows, TailExpiry expiry, double[] contracts, double hedge)
    {
        double worst = double.NegativeInfinity;
        for (int k = 0; k < expiry.X.Length; k++)
        {
            double loss = -hedge * (expiry.X[k] - rows.X0);
            for (int j = 0; j < expiry.Columns.Length; j++)
                loss -= contracts[expiry.Columns[j]] * expiry.Gain[k, j];
            worst = Math.Max(worst, loss);
        }
        return worst;
    }

    static Dictionary<Currency, double> Equity(double btc, double usdc) =>
        new() { [Btc] = btc, [Currency.Usdc] = usdc };
}
