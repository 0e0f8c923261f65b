using System.Globalization;
using System.IO.Compression;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>The measured bases of the stress set are those of the recorded chains, by put-call parity.</summary>
public sealed class RecordedBasisTests
{
    const string Before = "20260204T213308Z";
    const string After = "20260205T212937Z";

    [Theory]
    [InlineData("BTC")]
    [InlineData("ETH")]
    public void Forward_rates_of_2026_02_05_are_those_of_parity_over_the_perpetual(string coin)
    {
        string? market = Repository.Shared("market");
        Assert.SkipUnless(market is not null, Golden.Absent);
        var day = StressDefinition.Default.Days.Single(day => day.Label == "2026-02-05");
        double move = Rate(market!, After, coin) - Rate(market!, Before, coin);
        Assert.Equal(day.Basis[coin].ForwardRate, move, 5e-5);
    }

    /// <summary>Median over expiries from 30 days to a year of ln(parity forward / perpetual) a year.</summary>
    static double Rate(string market, string stamp, string coin)
    {
        var asOf = DateTimeOffset.ParseExact(
            stamp,
            "yyyyMMdd'T'HHmmss'Z'",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
        double perpetual = Perpetual(market, asOf, coin);
        var quotes = new Dictionary<(string Expiry, double Strike), Dictionary<string, (double Bid, double Ask)>>();
        foreach (string[] row in Rows(Path.Combine(market, "chains", $"deribit-{stamp}.csv.gz")))
        {
            string[] name = row[0].Split('-');
            if (name[0] != coin || row[1].Length == 0 || row[2].Length == 0)
                continue;
            var key = (name[1], Number(name[2]));
            if (!quotes.TryGetValue(key, out var sides))
                quotes[key] = sides = [];
            sides[name[3]] = (Number(row[1]), Number(row[2]));
        }
        var rates = new List<double>();
        foreach (var expiry in quotes.GroupBy(quote => quote.Key.Expiry))
        {
            double years = (At(expiry.Key) - asOf).TotalDays / 365;
            // Coin prices: call less put = 1 − strike/forward; the seven strikes with the least spread.
            double[] forwards =
            [
                .. expiry
                    .Where(quote => quote.Value.Count == 2)
                    .Select(quote =>
                    {
                        var (call, put) = (quote.Value["C"], quote.Value["P"]);
                        double parity = (call.Bid + call.Ask - put.Bid - put.Ask) / 2;
                        return (Spread: call.Ask - call.Bid + put.Ask - put.Bid, Usd: quote.Key.Strike / (1 - parity));
                    })
                    .Where(forward => forward.Usd > 0)
                    .OrderBy(forward => forward.Spread)
                    .ThenBy(forward => forward.Usd)
                    .Take(7)
                    .Select(forward => forward.Usd),
            ];
            if (forwards.Length >= 3 && years is >= 30.0 / 365 and <= 1)
                rates.Add(Math.Log(Median(forwards) / perpetual) / years);
        }
        return Median([.. rates]);
    }

    static double Perpetual(string market, DateTimeOffset asOf, string coin) =>
        File.ReadLines(Path.Combine(market, "deribit-perpetuals-at-snapshots.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Where(row => row[1] == $"{coin}-PERPETUAL")
            .MinBy(row => Math.Abs((DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture) - asOf).TotalSeconds))
            is { } nearest
            ? Number(nearest[2])
            : throw new InvalidDataException("no perpetual");

    /// <summary>Name, bid and ask of each option.</summary>
    static IEnumerable<string[]> Rows(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        string[] header = reader.ReadLine()!.Split(',');
        int[] places =
        [
            .. new[] { "instrument_name", "bid_price", "ask_price" }.Select(key => Array.IndexOf(header, key)),
        ];
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            yield return [.. places.Select(place => cells[place])];
        }
    }

    static DateTimeOffset At(string expiry) =>
        DateTimeOffset.ParseExact(
            $"{(expiry.Length == 6 ? "0" : "")}{expiry} 08",
            "ddMMMyy HH",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );

    static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
