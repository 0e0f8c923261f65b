using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

public class BarsCsvTests
{
    [Fact]
    public void Read_of_the_recorded_folder_gives_each_coin_once_with_its_shortest_bars()
    {
        string? folder = Repository.Shared("market/history");
        Assert.SkipUnless(folder is not null, Golden.Absent);
        var read = BarsCsv.Read(folder!).Value;
        Assert.Equal(
            ["ADA", "AVAX", "BTC", "ETH", "LINK", "SOL", "XRP"],
            read.Histories.Select(history => history.Underlying)
        );
        Assert.All(read.Histories, history => Assert.Equal(TimeSpan.FromHours(4), history.BarLength));
        var bitcoin = read.Histories[2];
        Assert.Equal(18710, bitcoin.Bars.Length);
        Assert.Equal(4261.48, bitcoin.Bars[0].Open);
        Assert.Equal(["BTC-daily-2010-2025.csv.gz is not used: there are shorter bars of BTC"], read.Notes);
    }

    [Fact]
    public void Read_of_daily_prices_gives_flat_bars()
    {
        string? file = Repository.Shared("market/history/BTC-daily-2010-2025.csv.gz");
        Assert.SkipUnless(file is not null, Golden.Absent);
        var history = Assert.Single(BarsCsv.Read(file!).Value.Histories);
        Assert.Equal(5257, history.Bars.Length);
        Assert.Equal(TimeSpan.FromDays(1), history.BarLength);
        Assert.Equal(0.0769, history.Bars[0].High);
    }

    [Fact]
    public void Write_and_Read_are_inverse_and_keep_gaps()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "ETHUSDT-4h.csv");
        const string text =
            "open_time,open,high,low,close,volume_base\n"
            + "2026-01-01T00:00:00Z,100,110.5,99,101.25,3.5\n"
            + "2026-01-03T00:00:00Z,101,102,100,100.5,0\n";
        File.WriteAllText(file, text);
        var history = Assert.Single(BarsCsv.Read(file).Value.Histories);
        Assert.Equal(2, history.Bars.Length);
        Assert.Equal(text, BarsCsv.Write(history));
    }

    [Fact]
    public void Read_takes_milliseconds_and_a_missing_volume()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "SOL-1h.csv");
        File.WriteAllText(file, "open_time,open,high,low,close\n1767225600000,1,2,0.5,1.5\n");
        var bar = Assert.Single(Assert.Single(BarsCsv.Read(file).Value.Histories).Bars);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), bar.OpenTime);
        Assert.Equal(0, bar.VolumeBase);
    }

    [Fact]
    public void Read_of_two_files_of_one_coin_and_length_is_a_fault()
    {
        using var folder = new TemporaryFolder();
        const string text = "open_time,open,high,low,close\n1767225600000,1,2,0.5,1.5\n";
        File.WriteAllText(Path.Combine(folder.Path, "SOLUSDC-1h.csv"), text);
        File.WriteAllText(Path.Combine(folder.Path, "SOLUSDT-1h.csv"), text);
        File.WriteAllText(Path.Combine(folder.Path, "notes.csv"), text);
        Assert.Equal(
            [
                "SOLUSDT-1h.csv: the same coin and length as SOLUSDC-1h.csv: expected one file of each",
                "notes.csv: its name: expected a name such as BTCUSDT-4h.csv, ETH-1d.csv.gz or BTC-daily.csv",
            ],
            BarsCsv.Read(folder.Path).Faults.Select(fault => fault.ToString())
        );
    }
}
