using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

public class ImportTests
{
    [Fact]
    public void Positions_take_contracts_or_the_venue_s_order_amount()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "positions.csv");
        File.WriteAllText(
            file,
            "instrument,contracts,amount,entry_price\n"
                + "BTC-PERPETUAL,,-40000,70125.5\nBTC-24APR26-85000-C,-2.5,,\nXRP_USDC-25DEC26-0d625-C,,3000,0.04\n"
                + "ETH_USDC-PERPETUAL,,0.5,2000\n"
        );
        Assert.Equal(
            [
                new("BTC-PERPETUAL", -4000m, 70125.5m),
                new("BTC-24APR26-85000-C", -2.5m, null),
                new("XRP_USDC-25DEC26-0d625-C", 3m, 0.04m),
                new("ETH_USDC-PERPETUAL", 500m, 2000m),
            ],
            PositionsCsv.Read(file).Value.Positions
        );
    }

    [Fact]
    public void Positions_replace_those_of_the_account()
    {
        using var folder = new TemporaryFolder();
        string positions = Path.Combine(folder.Path, "positions.csv");
        string account = Path.Combine(folder.Path, "account.toml");
        string output = Path.Combine(folder.Path, "new.toml");
        File.WriteAllText(positions, "instrument,contracts\nBTC-PERPETUAL,7\n");
        File.WriteAllText(account, EmbeddedMarket.AccountText);
        Assert.True(Import.Positions(positions, account, output).Succeeded);
        var read = AccountFile.Read(output).Value;
        Assert.Equal([new("BTC-PERPETUAL", 7m, null)], read.Subaccounts[0].Positions);
        Assert.Equal<Balance>(EmbeddedMarket.Account().Subaccounts[0].Balances, read.Subaccounts[0].Balances);
    }

    [Fact]
    public void Account_text_and_file_are_inverse()
    {
        var account = new Account
        {
            HomeCurrency = new("BTC"),
            HighWaterMark = 12.5m,
            Subaccounts =
            [
                new()
                {
                    Name = "one \"quoted\"",
                    Venue = "deribit",
                    MarginMode = MarginMode.CrossPortfolio,
                    Balances = [new(new("BTC"), -0.00000001m), new(Currency.Usdc, 1000m)],
                    Positions = [new("BTC-PERPETUAL", -3m, null), new("BTC-24APR26-85000-C", 0.1m, 0.0005m)],
                    OpenOrders = [new("7", "BTC-PERPETUAL", Side.Sell, 3m, 71000.5m, true)],
                },
            ],
        };
        string text = AccountText.Write(account with { Subaccounts = [account.Subaccounts[0] with { Name = "one" }] });
        var read = AccountFile.Parse(text, "account.toml").Value;
        Assert.Equal(text, AccountText.Write(read));
        Assert.Equal((account.HomeCurrency, account.HighWaterMark), (read.HomeCurrency, read.HighWaterMark));
        var (before, after) = (account.Subaccounts[0], read.Subaccounts[0]);
        Assert.Equal<Balance>(before.Balances, after.Balances);
        Assert.Equal<Position>(before.Positions, after.Positions);
        Assert.Equal<OpenOrder>(before.OpenOrders, after.OpenOrders);
        Assert.Equal(before.MarginMode, after.MarginMode);
    }

    [Fact]
    public void Chain_and_bars_are_written_in_the_normal_form()
    {
        string? chain = Repository.Shared("market/chains/deribit-20260205T093647Z.csv.gz");
        string? history = Repository.Shared("market/history/SOLUSDT-4h.csv.gz");
        Assert.SkipUnless(chain is not null && history is not null, Golden.Absent);
        using var folder = new TemporaryFolder();
        string market = Path.Combine(folder.Path, "market.json");
        Assert.Equal([market], Import.Chain(chain!, market).Value.Files);
        Assert.Equal(SnapshotFile.Text(RecordedChainFile.Read(chain!).Value), File.ReadAllText(market));
        var bars = Import.Bars(history!, folder.Path).Value;
        Assert.Equal("SOL-4h.csv", Path.GetFileName(Assert.Single(bars.Files)));
        Assert.Equal<Bar>(
            BarsCsv.Read(history!).Value.Histories[0].Bars,
            BarsCsv.Read(bars.Files[0]).Value.Histories[0].Bars
        );
    }
}
