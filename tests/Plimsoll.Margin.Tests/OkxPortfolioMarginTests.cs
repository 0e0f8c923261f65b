using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Risk.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

/// <summary>The documented response of the position builder, and a reference from the formula text.</summary>
public sealed class OkxPortfolioMarginTests
{
    static readonly Currency Tether = new("USDT");

    static readonly OkxParameters Shipped = OkxParameters
        .Parse(VenueParameters.Shipped(OkxParameters.Resource), "shipped")
        .Value;

    static IReadOnlyDictionary<string, JsonObject> Rows()
    {
        var rows = Golden.Cases("margin/okx.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!.ToDictionary(row => row["name"]!.GetValue<string>());
    }

    static double In(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static double Out(JsonObject row, string key) => Golden.Number(row["expected"]![key]);

    static PerpetualInstrument Swap(string coin) =>
        SmallWorld.Perpetual(coin, PayoffShape.Linear, 1) with
        {
            Name = $"{coin}-USDT-SWAP",
            Venue = "okx",
            Settlement = Tether,
        };

    /// <summary>A swap of one coin as the documented response has it.</summary>
    static PoolStatement Unit(JsonObject row, string coin)
    {
        double deltaUsd = In(row, "delta_usd");
        var swap = Swap(coin);
        const double price = 100;
        var statement = new OkxPortfolioMargin(Shipped).Assess(
            new MarginPortfolio
            {
                Name = "main",
                IsCross = true,
                Positions = [new MarginPosition(swap, deltaUsd / price)],
                Balances = [new CollateralBalance(Tether, 1e6)],
                Market = new MarginMarket
                {
                    AsOf = SmallWorld.AsOf,
                    // The response reckons delta in USD and the stressed loss in USDT.
                    IndexUsd = ImmutableDictionary<string, double>.Empty.Add(
                        "USDT",
                        In(row, "stress_notional_usd") / Math.Abs(deltaUsd)
                    ),
                    Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(swap.Name, new(price, price)),
                },
            }
        );
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        return Assert.Single(statement.Pools);
    }

    [Theory]
    [InlineData("okx_position_builder_btc_short_swap", "BTC", "+12%")]
    [InlineData("okx_position_builder_ltc_long_swap", "LTC", "-18%")]
    public void The_venues_response_is_met_unit_by_unit(string name, string coin, string worst)
    {
        var row = Rows()[name];
        double deltaUsd = In(row, "delta_usd");
        var pool = Unit(row, coin);
        double Charge(string key) => pool.Charges.Where(charge => charge.Name == key).Sum(charge => charge.Maintenance);
        Assert.Equal(Out(row, "mr1_usd"), Charge("spot-shock"), 1e-6);
        Assert.Equal(Out(row, "mr4_usd"), Charge("basis"), 1e-6);
        Assert.Equal(Out(row, "maintenance_margin_usd"), pool.Maintenance, 1e-6);
        Assert.Equal(Out(row, "initial_margin_usd"), pool.Initial, 1e-6);
        var grid = Assert.Single(pool.Grids);
        Assert.StartsWith(worst, grid.Cells[grid.Worst!.Value].Name, StringComparison.Ordinal);
        Assert.Equal(Out(row, "mr1_worst_shock"), grid.Cells[grid.Worst!.Value].PriceMove, 1e-12);
        Assert.Equal(Out(row, "mr6_usd"), -grid.Cells.Where(cell => cell.IsExtended).Min(cell => cell.Gain), 1e-6);
        double charge = Shipped.ChargeTiers.Marginal(Shipped.Units[coin].MinimumCharge!.Value * Math.Abs(deltaUsd));
        Assert.Equal(Out(row, "mr7_usd"), charge, 1e-6);
    }

    [Fact]
    public void Parts_combine_and_borrowing_adds_as_in_the_golden_file()
    {
        var model = new OkxPortfolioMargin(Shipped);
        var rows = Rows();
        foreach (var row in rows.Values.Where(row => row["name"]!.GetValue<string>().StartsWith("okx_pm_combine")))
        {
            double maintenance = model.Combine(
                In(row, "mr1_usd"),
                In(row, "mr2_usd"),
                In(row, "mr3_usd"),
                In(row, "mr4_usd"),
                In(row, "mr5_usd"),
                In(row, "mr6_half_usd") / Shipped.ExtremeShare,
                In(row, "mr7_usd"),
                In(row, "mr9_usd")
            );
            Assert.Equal(Out(row, "maintenance_margin_usd"), maintenance, 1e-9);
            Assert.Equal(Out(row, "initial_margin_usd"), Shipped.InitialFactor * maintenance, 1e-9);
        }
        var totals = rows["okx_position_builder_account_totals"];
        double borrowed = In(totals, "borrowed_usd");
        Assert.Equal(Out(totals, "borrow_maintenance_margin_usd"), Shipped.BorrowMaintenance * borrowed, 1e-6);
        double initial = totals["inputs"]!["derivative_initial_margins_usd"]!.AsArray().Sum(Golden.Number);
        double units =
            Unit(rows["okx_position_builder_btc_short_swap"], "BTC").Maintenance
            + Unit(rows["okx_position_builder_ltc_long_swap"], "LTC").Maintenance;
        Assert.Equal(Out(totals, "derivative_maintenance_margin_usd"), units, 1e-6);
        double all = units + Shipped.BorrowMaintenance * borrowed;
        Assert.Equal(Out(totals, "total_maintenance_margin_usd"), all, 1e-6);
        Assert.Equal(Out(totals, "total_initial_margin_usd"), initial + Shipped.BorrowInitial * borrowed, 1e-6);
    }

    [Fact]
    public void Tiers_are_marginal_and_the_other_reading_is_known()
    {
        var rows = Rows();
        foreach (var row in rows.Values.Where(row => row["name"]!.GetValue<string>().StartsWith("okx_mr7_tiers")))
        {
            double raw = In(row, "raw_minimum_charge_usd");
            Assert.Equal(Out(row, "marginal_reading_usd"), Shipped.ChargeTiers.Marginal(raw), 1e-6);
            Assert.Equal(Out(row, "whole_amount_reading_usd"), Shipped.ChargeTiers.Whole(raw), 1e-6);
        }
        var hedge = rows["okx_mr9_tiered_example"];
        Assert.Equal(Out(hedge, "mr9_usd"), Shipped.StablecoinTiers.Marginal(In(hedge, "hedge_size_usd")), 1e-6);
    }

    [Fact]
    public void Options_are_undetermined_until_their_shocks_are_given_and_then_agree_with_the_formula_text()
    {
        var unit = Shipped.Units["BTC"];
        var known = Shipped with
        {
            Units = Shipped.Units.SetItem("ETH", unit with { LeastBasisMove = 0.003 }),
            Options = new OkxOptionShocks(0.4, 0.25, 0.3, 0.05, 0.02, 0.001),
            Haircuts = Shipped.Haircuts.SetItem("BTC", 0.05).SetItem("ETH", 0.08),
        };
        var silent = new OkxPortfolioMargin(known with { Options = null });
        int undetermined = 0;
        for (int seed = 0; seed < 10_000; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross: true, seed % 4 == 0 ? 40 : 1);
            var statement = new OkxPortfolioMargin(known).Assess(book);
            Assert.True(statement.IsDetermined, $"seed {seed}: {string.Join("; ", statement.Missing)}");
            var pool = Assert.Single(statement.Pools);
            double expected = Reference(book, known);
            Assert.Equal(expected, pool.Maintenance, 1e-7 * (1 + expected));
            Assert.Equal(pool.Initial, pool.Charges.Sum(charge => charge.Initial), 1e-9 * (1 + pool.Initial));
            Assert.True(pool.Initial >= pool.Maintenance && pool.Maintenance >= 0);
            if (seed < 100 && book.Positions.Any(position => position.Instrument is OptionInstrument))
                undetermined += silent.Assess(book).IsDetermined ? 0 : 1;
        }
        Assert.True(undetermined > 50);
    }

    static double Reference(MarginPortfolio book, OkxParameters parameters)
    {
        double total = 0;
        foreach (var coin in book.Positions.GroupBy(p => p.Instrument.Underlying))
        {
            var unit = parameters.Units[coin.Key];
            var shocks = parameters.Options!;
            double Gain(double u, double factor, double power) =>
                coin.Sum(p => Usd(p, book.Market, u, factor, power, 0));
            double mr1 = 0;
            foreach (double u in unit.SpotShocks.SelectMany(shock => new[] { shock, -shock }).Append(0))
            foreach (double factor in (double[])[shocks.VolatilityUp, 0, -shocks.VolatilityDown])
                mr1 = Math.Max(mr1, -Gain(u, factor, shocks.Power));
            double mr6 = Math.Max(0, Math.Max(-Gain(unit.ExtremeShock, 0, 0), -Gain(-unit.ExtremeShock, 0, 0)));
            double mr2 = Math.Max(0, -coin.Sum(p => Usd(p, book.Market, 0, 0, 0, 1)));
            double mr3 = 0,
                mr4 = 0,
                mr5 = 0,
                raw = 0;
            foreach (var expiry in coin.GroupBy(p => p.Instrument.SettlesAt))
            {
                double years = expiry.Key is { } at ? (at - book.Market.AsOf).TotalDays / 365 : 0;
                double move = Math.Max(unit.LeastBasisMove!.Value, unit.AnnualisedMoveRisk * years);
                mr4 += Math.Abs(expiry.Sum(p => Delta(p, book.Market))) * move;
                mr3 += Math.Abs(expiry.Sum(p => Vega(p, book.Market))) * shocks.TermStructure;
                mr5 += expiry.Sum(p => Value(p, book.Market)) * years * shocks.Rate;
            }
            foreach (var p in coin)
                raw +=
                    p.Instrument is not OptionInstrument ? unit.MinimumCharge!.Value * Math.Abs(Delta(p, book.Market))
                    : p.Contracts < 0
                        ? -p.Contracts
                            * (double)p.Instrument.ContractSize
                            * book.Market.Quotes[p.Instrument.Name].UnderlyingUsd
                            * shocks.ShortCharge
                    : 0;
            double coinSide = coin.Where(p => p.Instrument.Shape == PayoffShape.Inverse)
                .Sum(p => Delta(p, book.Market));
            double dollarSide = coin.Where(p => p.Instrument.Shape == PayoffShape.Linear)
                .Sum(p => Delta(p, book.Market));
            double hedge = coinSide * dollarSide < 0 ? Math.Min(Math.Abs(coinSide), Math.Abs(dollarSide)) : 0;
            double mr9 = parameters.StablecoinTiers.Marginal(hedge);
            double sum = Math.Max(Math.Max(mr1, mr2), mr6 / 2) + mr3 + mr4 + Math.Abs(mr5) + mr9;
            total += Math.Max(sum, parameters.ChargeTiers.Marginal(raw));
        }
        foreach (string code in (string[])["BTC", "ETH", "USDC"])
        {
            double equity = book.Balances.Where(b => b.Currency.Code == code).Sum(b => b.Amount);
            foreach (var p in book.Positions.Where(p => p.Instrument.Settlement.Code == code))
                if (p.Instrument is OptionInstrument)
                    equity +=
                        p.Contracts * (double)p.Instrument.ContractSize * book.Market.Quotes[p.Instrument.Name].Mark;
            total += parameters.BorrowMaintenance * Math.Max(0, -equity) * book.Market.IndexUsd[code];
        }
        return total;
    }

    static double Usd(MarginPosition p, MarginMarket market, double u, double factor, double power, double daysLater)
    {
        var quote = market.Quotes[p.Instrument.Name];
        double f = quote.UnderlyingUsd;
        double size = p.Contracts * (double)p.Instrument.ContractSize;
        bool paysCoin = p.Instrument.Shape == PayoffShape.Inverse;
        if (p.Instrument is not OptionInstrument option)
            return paysCoin ? size * u : size * f * u;
        double days = (option.Expiry - market.AsOf).TotalDays;
        double vol = quote.ImpliedVolatility!.Value;
        double shocked = vol * Math.Max(0, 1 + factor * Math.Pow(30 / Math.Max(1, days), power));
        double strike = (double)option.StrikeUsd;
        bool isCall = option.Right == OptionRight.Call;
        double left = Math.Max(0, days - daysLater) / 365;
        double then = NaiveBlack.Price(f * (1 + u), strike, shocked, left, isCall);
        double now = NaiveBlack.Price(f, strike, vol, days / 365, isCall);
        // A coin-settled option gains coins, worth the jumped price.
        return paysCoin ? size * (then - now * (1 + u)) : size * (then - now);
    }

    static double Delta(MarginPosition p, MarginMarket market)
    {
        var quote = market.Quotes[p.Instrument.Name];
        double f = quote.UnderlyingUsd;
        double size = p.Contracts * (double)p.Instrument.ContractSize;
        bool paysCoin = p.Instrument.Shape == PayoffShape.Inverse;
        if (p.Instrument is not OptionInstrument option)
            return paysCoin ? size : size * f;
        double years = (option.Expiry - market.AsOf).TotalDays / 365;
        bool isCall = option.Right == OptionRight.Call;
        double vol = quote.ImpliedVolatility!.Value;
        double delta = NaiveBlack.Delta(f, (double)option.StrikeUsd, vol, years, isCall);
        return size * f * delta - (paysCoin ? Value(p, market) : 0);
    }

    static double Value(MarginPosition p, MarginMarket market)
    {
        if (p.Instrument is not OptionInstrument option)
            return 0;
        var quote = market.Quotes[p.Instrument.Name];
        double years = (option.Expiry - market.AsOf).TotalDays / 365;
        bool isCall = option.Right == OptionRight.Call;
        return p.Contracts
            * (double)option.ContractSize
            * NaiveBlack.Price(
                quote.UnderlyingUsd,
                (double)option.StrikeUsd,
                quote.ImpliedVolatility!.Value,
                years,
                isCall
            );
    }

    static double Vega(MarginPosition p, MarginMarket market)
    {
        if (p.Instrument is not OptionInstrument option)
            return 0;
        var quote = market.Quotes[p.Instrument.Name];
        double f = quote.UnderlyingUsd;
        double root = Math.Sqrt((option.Expiry - market.AsOf).TotalDays / 365);
        double deviation = quote.ImpliedVolatility!.Value * root;
        double d1 = Math.Log(f / (double)option.StrikeUsd) / deviation + deviation / 2;
        double density = Math.Exp(-d1 * d1 / 2) / Math.Sqrt(2 * Math.PI);
        return p.Contracts * (double)option.ContractSize * f * density * root;
    }
}
