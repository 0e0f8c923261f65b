using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

public class DeribitAnswersTests
{
    const string Envelope = """{"jsonrpc":"2.0","id":1,"usIn":1772616794000000,"usOut":1772616795000000,"result":""";

    const string Instruments = """
        [{"kind":"future","instrument_name":"BTC-PERPETUAL","base_currency":"BTC","quote_currency":"USD",
          "settlement_currency":"BTC","settlement_period":"perpetual","instrument_type":"reversed","is_active":true,
          "expiration_timestamp":32503708800000,"tick_size":0.5,"tick_size_steps":[],"min_trade_amount":10,
          "contract_size":10,"maker_commission":0,"taker_commission":0.0004,"state":"open"},
         {"kind":"option","instrument_name":"BTC-24APR26-80000-C","base_currency":"BTC","quote_currency":"BTC",
          "settlement_currency":"BTC","settlement_period":"month","instrument_type":"reversed","is_active":true,
          "expiration_timestamp":1777017600000,"strike":80000,"option_type":"call","tick_size":0.0001,
          "tick_size_steps":[{"above_price":0.005,"tick_size":0.0005}],"min_trade_amount":0.1,"contract_size":1,
          "maker_commission":0.0003,"taker_commission":0.0003,"state":"open"},
         {"kind":"option","instrument_name":"SOL_USDC-24APR26-90-P","base_currency":"SOL","quote_currency":"USDC",
          "settlement_currency":"USDC","settlement_period":"month","instrument_type":"linear","is_active":true,
          "expiration_timestamp":1777017600000,"strike":90,"option_type":"put","tick_size":0.1,"tick_size_steps":[],
          "min_trade_amount":10,"contract_size":10,"maker_commission":0.0003,"taker_commission":0.0005,"state":"open"},
         {"kind":"option_combo","instrument_name":"BTC-CS-24APR26-80000_90000","base_currency":"BTC",
          "min_trade_amount":0.1,"contract_size":1,"tick_size":0.0001,"maker_commission":0,"taker_commission":0}]
        """;

    const string Summaries = """
        [{"instrument_name":"BTC-24APR26-80000-C","bid_price":null,"ask_price":0.0215,"mark_price":0.0212,"mark_iv":52.5,
          "open_interest":120.5,"volume":12.0,"volume_usd":18000,"underlying_price":71595.06,
          "underlying_index":"BTC-24APR26","creation_timestamp":1772616790000},
         {"instrument_name":"SOL_USDC-24APR26-90-P","bid_price":8.1,"ask_price":8.6,"mark_price":8.3,"mark_iv":71,
          "open_interest":250,"volume":100,"underlying_price":88.2,"underlying_index":"SYN.SOL_USDC-24APR26",
          "creation_timestamp":1772616790000},
         {"instrument_name":"BTC-PERPETUAL","bid_price":71349.5,"ask_price":71350,"mark_price":71349.8,
          "open_interest":700000000,"volume":7000,"volume_usd":500000000,"current_funding":0.00002,"funding_8h":0.0001,
          "estimated_delivery_price":71320.07,"creation_timestamp":1772616790000}]
        """;

    const string Ticker = """
        {"instrument_name":"BTC-24APR26-80000-C","timestamp":1772616794000,"state":"open","best_bid_price":0,
         "best_bid_amount":0,"best_ask_price":0.0215,"best_ask_amount":3.5,"mark_price":0.0213,"mark_iv":52.6,
         "index_price":71321.5,"underlying_price":71595.06,"open_interest":121,"stats":{"volume":12.5,"volume_usd":1}}
        """;

    [Fact]
    public void Answers_become_a_snapshot_in_contracts_fractions_and_nulls()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "get_instruments.json", Instruments);
        Save(folder, "get_book_summary_by_currency.json", Summaries);
        Save(folder, "ticker.json", Ticker);
        var market = DeribitAnswers.Read(folder.Path).Value.Market!;
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 9, 33, 15, TimeSpan.Zero), market.AsOf);
        Assert.Equal(71321.5, market.Find("BTC")!.IndexUsd);
        var option = market.Quotes.Single(quote => quote.Instrument.Name == "BTC-24APR26-80000-C");
        Assert.Null(option.Bid);
        Assert.Null(option.BidContracts);
        Assert.Equal(3.5m, option.AskContracts);
        Assert.Equal(0.526, option.MarkImpliedVolatility!.Value, 12);
        Assert.Equal(121m, option.OpenInterestContracts);
        var perpetual = market.Quotes.Single(quote => quote.Instrument.Name == "BTC-PERPETUAL");
        Assert.Equal(70_000_000m, perpetual.OpenInterestContracts);
        Assert.Equal(50_000_000m, perpetual.DailyVolumeContracts);
        Assert.Equal(0.00002, perpetual.FundingRate8h);
        Assert.Equal(0.0004m, perpetual.Instrument.Fees.TakerRate);
        var linear = market.Quotes.Single(quote => quote.Instrument.Underlying == "SOL");
        Assert.Equal((25m, 10m), (linear.OpenInterestContracts, linear.DailyVolumeContracts));
        Assert.Equal(
            (PayoffShape.Linear, 10m, 1m),
            (linear.Instrument.Shape, linear.Instrument.ContractSize, linear.Instrument.LotContracts)
        );
        Assert.Contains(market.Repairs, repair => repair is { Instrument: "SOL", Kind: "assumed-index" });
        Assert.DoesNotContain(market.Repairs, repair => repair.Kind == "assumed-terms");
    }

    [Fact]
    public void Answers_become_an_account_whose_cash_holds_every_booked_gain()
    {
        using var folder = new TemporaryFolder();
        SaveAccount(folder);
        var account = DeribitAnswers.Read(folder.Path).Value.Account!;
        var main = Assert.Single(account.Subaccounts);
        Assert.Equal(("trader", MarginMode.CrossStandard), (main.Name, main.MarginMode));
        Assert.Equal([new(new("BTC"), 2.5m), new(Currency.Usdc, 1000m)], main.Balances);
        Assert.Equal(
            [
                new("BTC-PERPETUAL", -400m, null),
                new("BTC-24APR26-80000-C", 1.5m, 0.02m),
                new("SOL_USDC-24APR26-90-P", -3m, 8.5m),
            ],
            main.Positions
        );
        Assert.Equal(
            [
                new("1", "BTC-PERPETUAL", Side.Sell, 60m, 72000m, true),
                new("SLMB-2", "BTC-PERPETUAL", Side.Buy, 100m, 80000m, false),
            ],
            main.OpenOrders
        );
    }

    [Fact]
    public void Names_of_files_do_not_matter_where_the_shape_speaks()
    {
        using var folder = new TemporaryFolder();
        Save(folder, "a.json", Instruments);
        File.WriteAllText(Path.Combine(folder.Path, "b.json"), Summaries);
        File.WriteAllText(
            Path.Combine(folder.Path, "c.json"),
            """{"method":"public/ticker","response":""" + Envelope + Ticker + "}}"
        );
        Assert.Equal(3, DeribitAnswers.Read(folder.Path).Value.Market!.Quotes.Length);
    }

    [Fact]
    public void Import_writes_files_that_read_back_and_nothing_where_there_is_a_fault()
    {
        using var folder = new TemporaryFolder();
        string answers = Directory.CreateDirectory(Path.Combine(folder.Path, "answers")).FullName;
        string output = Path.Combine(folder.Path, "out");
        using (var source = new TemporaryFolder())
        {
            Save(source, "get_book_summary_by_currency.json", Summaries);
            SaveAccount(source);
            foreach (string file in Directory.GetFiles(source.Path))
                File.Copy(file, Path.Combine(answers, Path.GetFileName(file)));
        }
        var written = Import.Deribit(answers, output).Value;
        Assert.Equal(["market.json", "account.toml"], written.Files.Select(Path.GetFileName));
        Assert.Equal(3, SnapshotFile.Read(written.Files[0]).Value.Quotes.Length);
        Assert.Equal(3, AccountFile.Read(written.Files[1]).Value.Subaccounts[0].Positions.Length);
        Assert.Contains(written.Repairs, repair => repair.Kind == "assumed-terms");
        File.WriteAllText(Path.Combine(answers, "ticker.json"), """{"error":{"code":10028}}""");
        string other = Path.Combine(folder.Path, "other");
        Assert.False(Import.Deribit(answers, other).Succeeded);
        Assert.False(Directory.Exists(other));
    }

    [Fact]
    public void Venue_s_own_examples_of_account_answers_are_read()
    {
        string? payloads = Repository.Shared("research/venues/payloads/deribit");
        Assert.SkipUnless(payloads is not null, Golden.Absent);
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "private.get_positions", "private.get_account_summaries" })
            File.Copy(Path.Combine(payloads!, $"rpc.{name}.json"), Path.Combine(folder.Path, $"{name}.json"));
        var main = DeribitAnswers.Read(folder.Path).Value.Account!.Subaccounts[0];
        Assert.Equal(new Position("BTC-PERPETUAL", 5m, null), Assert.Single(main.Positions));
        Assert.Equal(new Balance(new("BTC"), 302.61869214m + 0.0086m), main.Balances[0]);
    }

    static void Save(TemporaryFolder folder, string name, string result) =>
        File.WriteAllText(Path.Combine(folder.Path, name), Envelope + result + "}");

    static void SaveAccount(TemporaryFolder folder)
    {
        Save(
            folder,
            "get_account_summaries.json",
            """
            {"id":10,"system_name":"trader","summaries":[
             {"currency":"BTC","balance":2.4,"equity":2.53,"options_value":0.03,"margin_model":"cross_sm"},
             {"currency":"USDC","balance":975,"equity":975,"options_value":-25,"margin_model":"cross_sm"},
             {"currency":"ETH","balance":0,"equity":0,"options_value":0,"margin_model":"cross_sm"}]}
            """
        );
        Save(
            folder,
            "get_positions.json",
            """
            [{"instrument_name":"BTC-PERPETUAL","kind":"future","size":-4000,"size_currency":-0.056,"direction":"sell","average_price":70125.5},
             {"instrument_name":"BTC-24APR26-80000-C","kind":"option","size":1.5,"direction":"buy","average_price":0.02},
             {"instrument_name":"SOL_USDC-24APR26-90-P","kind":"option","size":-30,"direction":"sell","average_price":8.5},
             {"instrument_name":"ETH-PERPETUAL","kind":"future","size":0,"direction":"zero","average_price":0}]
            """
        );
        Save(
            folder,
            "get_open_orders.json",
            """
            [{"order_id":"1","instrument_name":"BTC-PERPETUAL","direction":"sell","order_state":"open","amount":1000,"filled_amount":400,"price":72000,"reduce_only":true},
             {"order_id":"SLMB-2","instrument_name":"BTC-PERPETUAL","direction":"buy","order_state":"untriggered","amount":1000,"price":"market_price","trigger_price":80000},
             {"order_id":"3","instrument_name":"BTC-PERPETUAL","direction":"buy","order_state":"cancelled","amount":1000,"price":1}]
            """
        );
    }
}
