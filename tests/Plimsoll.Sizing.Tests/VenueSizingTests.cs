using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Accounts at other venues are sized under their own margin, by a safe convex form of it.</summary>
public sealed class VenueSizingTests
{
    /// <summary>A quarter of a million USDC at a venue that lists the embedded market's contracts.</summary>
    internal static SizingInput Input(
        string venue,
        View view,
        double? initial = 0.6,
        MarginMode mode = MarginMode.CrossStandard
    ) =>
        new()
        {
            Market = VenueMarkets.As(venue, EmbeddedMarket.Snapshot()),
            Account = new Account
            {
                HomeCurrency = Currency.Usd,
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = venue,
                        MarginMode = mode,
                        Balances = [new Balance(Currency.Usdc, 250_000)],
                    },
                ],
            },
            Mandate = SizingCases.Mandate(view) with
            {
                Survival = new SurvivalLimits { Liquidation = new LiquidationLimit(0.001, 0.3) },
                Limits = new MandateLimits { InitialMargin = initial },
            },
            Scenarios = 2_000,
        };

    static (MarginStatement Exact, AccountDistance Distance) After(SizingInput input, SizingResult result)
    {
        var prepared = result.Prepared;
        var market = new RiskMarket(input.Market, prepared.Surfaces);
        var book = SizingCases.After(input, result);
        var portfolio = MarginPortfolios.OfBook(input.Account.Subaccounts[0], book, market);
        var venue = VenueMargins.For(input.Market.Venue, MarginMode.CrossStandard)!.Shipped();
        return (venue.Assess(portfolio), AccountDistance.Of(portfolio, venue, null));
    }

    [Theory]
    [InlineData("hyperliquid")]
    [InlineData("dydx")]
    [InlineData("derive")]
    public void The_book_holds_the_venues_exact_initial_margin_and_its_distance(string venue)
    {
        View view = venue == "derive" ? SizingCases.HighVolatility(0.3) : SizingCases.Drift(0.6);
        var input = Input(venue, view);
        var result = Sizer.Size(Sizer.Prepare(input).Value);
        var decision = result.Decision;
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        Assert.Contains(decision.Targets, target => target.Trade != 0);
        var (exact, distance) = After(input, result);
        Assert.True(exact.IsDetermined, string.Join("; ", exact.Missing));
        var pool = Assert.Single(exact.Pools);
        Assert.True(pool.Initial > 0, "nothing is margined: the test proves little");
        Assert.True(pool.Initial <= 0.6 * pool.Equity * (1 + 1e-9), $"{pool.Initial} of {pool.Equity}");
        Assert.True(pool.Initial <= pool.Balance);
        foreach (var axis in distance.Axes.Where(axis => axis.Axis == "price" && axis.Move is not null))
            Assert.True(Math.Abs(axis.Move!.Value) > 0.28, $"{axis}");
        Assert.Contains(decision.Warnings, line => line.Contains("the sizing's bound is", StringComparison.Ordinal));
        var limit = decision.Limits.Single(line => line.Name == "limits.initial-margin[main]");
        Assert.True(
            limit.Value * decision.Equity >= pool.Initial * (1 - 1e-6),
            "the bound is below the venue's figure"
        );
        if (venue != "derive")
            Assert.All(
                decision.Targets.Where(target => target.Target != 0),
                target => Assert.Contains("PERPETUAL", target.Instrument)
            );
    }

    [Fact]
    public void Venues_differ_where_their_margin_binds()
    {
        decimal Size(string venue)
        {
            var input = Input(venue, SizingCases.Drift(3), initial: 0.02);
            input = input with
            {
                Mandate = input.Mandate with { Survival = new SurvivalLimits(), Candidates = ["BTC-PERPETUAL"] },
            };
            var decision = Sizer.Decide(input);
            Assert.Equal(DecisionStatus.Sized, decision.Status);
            return decision.Targets.Where(t => t.Instrument == "BTC-PERPETUAL").Sum(t => t.Target);
        }
        // 2% of equity as initial margin: equity once at 2% (dYdX), 0.8 of it at 1/40 (Hyperliquid).
        double dydx = (double)Size("dydx"),
            hyperliquid = (double)Size("hyperliquid");
        Assert.Equal(0.02 * 250_000 / 0.02 / 10, dydx, 0.01 * dydx);
        Assert.Equal(0.02 * 250_000 * 40 / 10, hyperliquid, 0.01 * hyperliquid);
    }

    [Fact]
    public void What_the_venue_cannot_margin_is_not_sized_and_not_opened()
    {
        var held = Input("hyperliquid", SizingCases.Drift(0.6));
        string option = held.Market.Quotes.First(quote => quote.Instrument is OptionInstrument).Instrument.Name;
        held = held with
        {
            Account = held.Account with
            {
                Subaccounts = [held.Account.Subaccounts[0] with { Positions = [new Position(option, -1, null)] }],
            },
        };
        var refused = Sizer.Decide(held);
        Assert.Equal(DecisionStatus.Undetermined, refused.Status);
        Assert.Contains(refused.Missing, line => line.Contains(option, StringComparison.Ordinal));
    }

    /// <summary>A margin that ignored the setting would be a tenth of it and let in ten times the position.</summary>
    [Theory]
    [InlineData("binance")]
    [InlineData("bybit")]
    [InlineData("hyperliquid")]
    [InlineData("dydx")]
    public void The_exact_initial_margin_of_whole_lots_heeds_a_set_leverage(string venue)
    {
        const decimal leverage = 2;
        var input = Input(venue, SizingCases.Drift(0.6));
        var perpetual = input
            .Market.Quotes.Select(quote => quote.Instrument)
            .OfType<PerpetualInstrument>()
            .First(one => one.Underlying == "BTC");
        var owner = input.Account.Subaccounts[0];
        var money = new Balance(VenueMarkets.InTethers.Contains(venue) ? new Currency("USDT") : Currency.Usdc, 250_000);
        input = input with
        {
            Account = input.Account with
            {
                Subaccounts =
                [
                    owner with
                    {
                        Balances = [money],
                        Positions = [new Position(perpetual.Name, 10, null) { Leverage = leverage }],
                    },
                ],
            },
        };
        var prepared = Sizer.Prepare(input).Value;
        Assert.Empty(prepared.Missing);
        double asked = new PositionwiseInitial(prepared, 0).At(prepared.Current),
            notional =
                10
                * (double)perpetual.ContractSize
                * (perpetual.Shape == PayoffShape.Inverse ? 1 : prepared.Prices.Price(perpetual)!.Value);
        Assert.InRange(asked, notional / (double)leverage * 0.999, notional / (double)leverage * 1.01);
    }
}
