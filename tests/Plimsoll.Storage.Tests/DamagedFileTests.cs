using System.Text;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>Whatever bytes stand in a file, reading it gives a value or faults, never an exception.</summary>
public class DamagedFileTests
{
    const string Chain =
        "instrument_name,underlying_name,underlying_price,bid_price,ask_price,mark_price,mark_iv,delta,vega,"
        + "open_interest,volume,volume_usd,index_price\n"
        + "BTC-27FEB26-98000-P,BTC-27FEB26,89170.64,0.126,0.1285,0.12805204,0.4015,-0.69,125.4,41.4,0.0,0.0,88530.23\n";

    const string Bars = "open_time,open,high,low,close,volume_base\n2026-01-01T00:00:00Z,100,110.5,99,101.25,3.5\n";

    const string Positions = "instrument,contracts,amount,entry_price\nBTC-PERPETUAL,,-5000,70125.5\n";

    static readonly string Market = SnapshotFile.Text(
        EmbeddedMarket.Snapshot() with
        {
            Quotes = EmbeddedMarket.Snapshot().Quotes[..3],
        }
    );

    const string Answer = """
        {"jsonrpc":"2.0","usOut":1772616795000000,"result":[{"instrument_name":"BTC-24APR26-80000-C","bid_price":null,
        "ask_price":0.0215,"mark_price":0.0212,"mark_iv":52.5,"open_interest":120.5,"volume":12.0,
        "underlying_price":71595.06,"creation_timestamp":1772616790000}]}
        """;

    [Theory]
    [InlineData("deribit-20260205T093647Z.csv", Chain)]
    [InlineData("BTC-4h.csv", Bars)]
    [InlineData("positions.csv", Positions)]
    [InlineData("market.json", null)]
    [InlineData("get_book_summary.json", Answer)]
    public void Damaged_files_give_faults_or_a_value(string name, string? text)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, name);
        byte[] whole = Encoding.UTF8.GetBytes(text ?? Market);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length], Gen.Int[0, 2])
            .Array[1, 4]
            .Sample(
                edits =>
                {
                    byte[] bytes = [.. whole];
                    foreach (var (at, value, length, kind) in edits)
                        if (kind == 0 && length < bytes.Length)
                            bytes = bytes[..length];
                        else if (at < bytes.Length)
                            bytes[at] = kind == 1 ? value : (byte)"0-\"{}[],.eN\n"[value % 12];
                    File.WriteAllBytes(path, bytes);
                    return Read(name, path);
                },
                iter: 150,
                threads: 1
            );
    }

    static bool Read(string name, string path) =>
        name switch
        {
            "market.json" => Good(SnapshotFile.Read(path)),
            "BTC-4h.csv" => Good(BarsCsv.Read(path)),
            "positions.csv" => Good(PositionsCsv.Read(path)),
            "get_book_summary.json" => Good(DeribitAnswers.Read(path)),
            _ => Good(RecordedChainFile.Read(path)),
        };

    static bool Good<T>(Markets.Parsed<T> parsed)
        where T : class => parsed.Succeeded != parsed.Faults.Length > 0;
}
