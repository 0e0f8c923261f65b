using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Risk.Tests;
using Plimsoll.TestSupport;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>What every venue's margin owes its caller, whatever its rule.</summary>
public sealed class VenueMarginTests
{
    static readonly OptionInstrument Call = Option("BTC", 66_000, OptionRight.Call, Middle);
    static readonly OptionInstrument EtherPut = Option("ETH", 1_800, OptionRight.Put, Far, PayoffShape.Linear, 0.1m);
    static readonly PerpetualInstrument Perpetual = SmallWorld.Perpetual("BTC");
    static readonly MarketSnapshot Snapshot = Market(Call, EtherPut, Perpetual);
    static readonly RiskMarket World = new(Snapshot, Surfaces);

    static readonly ImmutableArray<Balance> Cash = [new Balance(Btc, 2), new Balance(Currency.Usdc, 50_000)];

    static readonly ImmutableArray<Position> Positions =
    [
        new Position(Call.Name, -3, null),
        new Position(EtherPut.Name, -100, null),
        new Position(Perpetual.Name, -1_500, 58_000),
    ];

    static MarginPortfolio Portfolio(MarginMode mode)
    {
        var portfolio = Assert.Single(MarginPortfolios.Of(Accounts.Of(mode, Cash, Positions), World, out var missing));
        Assert.Empty(missing);
        return portfolio;
    }

    [Theory]
    [InlineData(MarginMode.SegregatedStandard)]
    [InlineData(MarginMode.CrossStandard)]
    public void Standard_margin_of_a_portfolio_is_that_of_the_account_in_each_pools_own_currency(MarginMode mode)
    {
        var account = Accounts.Of(mode, Cash, Positions);
        var home = HomePrices.Of(Snapshot, Scenarios([0.0]), Currency.Usd);
        var book = Book.Of(account, Snapshot, World.Prices);
        var expected = AccountMargin.Now(account, book, DeribitStandardMargin.Shipped, World.Prices, home);
        var statement = VenueMargins.For("deribit", mode)!.Shipped().Assess(Portfolio(mode));
        Assert.True(statement.IsDetermined);
        Assert.Equal(expected.Select(pool => pool.Name), statement.Pools.Select(pool => pool.Name));
        foreach (var (pool, by) in statement.Pools.Zip(expected))
        {
            Assert.Equal(by.Initial, pool.Initial * pool.UnitUsd, 1e-6);
            Assert.Equal(by.Maintenance, pool.Maintenance * pool.UnitUsd, 1e-6);
            Assert.Equal(by.Equity, pool.Equity * pool.UnitUsd, 1e-6);
            Assert.Equal(by.Balance, pool.Balance * pool.UnitUsd, 1e-6);
        }
    }

    public static TheoryData<string> Keys() => [.. VenueMargins.All.Select(entry => entry.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void A_registered_model_has_dated_data_with_a_source_and_its_own_key(string key)
    {
        var entry = VenueMargins.Find(key)!;
        var model = entry.Shipped();
        Assert.Equal((key, entry.Venue), (model.Key, model.Venue));
        Assert.True(model.Note.Dated > new DateOnly(2024, 1, 1), key);
        Assert.True(Uri.TryCreate(model.Note.Source, UriKind.Absolute, out var address), key);
        Assert.Equal("https", address!.Scheme);
        Assert.StartsWith($"venues/{entry.Venue}/", entry.Resource);
        Assert.False(entry.Load("{}", "other.json").Succeeded);
    }

    [Theory, MemberData(nameof(Keys))]
    public void Charges_add_up_and_nothing_is_negative(string key)
    {
        var statement = VenueMargins.Find(key)!.Shipped().Assess(Portfolio(MarginMode.CrossPortfolio));
        if (!statement.IsDetermined)
        {
            Assert.Empty(statement.Pools);
            return;
        }
        foreach (var pool in statement.Pools)
        {
            Assert.Equal(pool.Initial, pool.Charges.Sum(charge => charge.Initial), 1e-8 * (1 + pool.Initial));
            Assert.Equal(pool.Maintenance, pool.Charges.Sum(charge => charge.Maintenance), 1e-8 * (1 + pool.Initial));
            Assert.True(pool.Maintenance >= 0 && pool.Initial >= pool.Maintenance, key);
            foreach (var grid in pool.Grids)
                Assert.All(grid.Cells, cell => Assert.True(grid.Cells[grid.Worst!.Value].Gain <= cell.Gain));
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_missing_mark_is_an_undetermined_margin_and_never_zero(string key)
    {
        var portfolio = Portfolio(MarginMode.CrossPortfolio);
        var statement = VenueMargins
            .Find(key)!
            .Shipped()
            .Assess(
                portfolio with
                {
                    Market = portfolio.Market with { Quotes = portfolio.Market.Quotes.Remove(Call.Name) },
                }
            );
        Assert.False(statement.IsDetermined);
        Assert.Empty(statement.Pools);
        Assert.Contains(statement.Missing, line => line.Contains(Call.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_position_outside_the_market_is_named()
    {
        var account = Accounts.Of(MarginMode.SegregatedStandard, Cash, [new Position("BTC-NOWHERE", 1, null)]);
        MarginPortfolios.Of(account, World, out var missing);
        Assert.Contains("BTC-NOWHERE", Assert.Single(missing));
    }

    [Fact]
    public void Every_fault_of_a_parameter_file_is_told_at_once_with_its_path()
    {
        const string text = """
            {"model": "x", "dated": "2026-13-01", "source": "https://a", "note": "n",
             "rows": [{"fraction": 2}, {"fraction": "a"}, {}]}
            """;
        var read = VenueParameters.Read(
            text,
            "x.json",
            "x",
            (root, note) =>
                string.Join(' ', root.List("rows").Select(row => row.Number("fraction", 0, 1)).Append(note.Dated.Day))
        );
        Assert.Equal(
            ["dated", "rows[0].fraction", "rows[1].fraction", "rows[2].fraction"],
            read.Faults.Select(fault => fault.Path)
        );
        Assert.Contains("x.json: rows[0].fraction = 2: expected a number from 0 to 1", read.Faults[1].ToString());
    }

    [Fact]
    public void Every_venue_with_a_model_has_its_page_of_doubts()
    {
        foreach (var entry in VenueMargins.All.Where(entry => entry.IsPortfolio))
        {
            string path = Path.Combine(Repository.Root, "docs", "margin", $"{entry.Venue}.md");
            Assert.True(File.Exists(path), path);
            string day = entry.Shipped().Note.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Assert.Contains(day, File.ReadAllText(path), StringComparison.Ordinal);
        }
    }
}
