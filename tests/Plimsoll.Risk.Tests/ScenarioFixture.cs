using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>Bars and snapshots for the scenario tests: real ones where they stand, invented ones everywhere.</summary>
static class ScenarioFixture
{
    static readonly Dictionary<string, PriceHistory> Read = [];

    /// <summary>Real four-hour bars, or null where the shared data is absent.</summary>
    public static ImmutableArray<PriceHistory>? Real(params string[] coins)
    {
        var found = ImmutableArray.CreateBuilder<PriceHistory>();
        foreach (string coin in coins)
        {
            if (Repository.Shared($"market/history/{coin}USDT-4h.csv.gz") is not { } path)
                return null;
            lock (Read)
            {
                if (!Read.TryGetValue(coin, out var history))
                    Read.Add(coin, history = Bars(coin, path));
                found.Add(history);
            }
        }
        return found.ToImmutable();
    }

    /// <summary>Invented bars: a seeded walk with clustering and a common factor.</summary>
    public static PriceHistory Invented(string coin, int bars, int seed, DateTimeOffset? start = null)
    {
        var common = new Random(17);
        var own = new Random(seed);
        double price = 100;
        double deviation = 0.01;
        var open = start ?? new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var list = ImmutableArray.CreateBuilder<Bar>(bars);
        int skipped = (int)((open - new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalHours / 4);
        for (int i = 0; i < skipped; i++)
            Normal(common);
        for (int i = 0; i < bars; i++)
        {
            double z = 0.8 * Normal(common) + 0.6 * Normal(own);
            double r = deviation * z;
            double close = price * Math.Exp(r);
            double wick = deviation * own.NextDouble();
            list.Add(
                new Bar(
                    open + TimeSpan.FromHours(4 * i),
                    price,
                    Math.Max(price, close) * Math.Exp(wick),
                    Math.Min(price, close) * Math.Exp(-wick),
                    close,
                    1
                )
            );
            price = close;
            deviation = Math.Sqrt(0.01 * 1e-4 + 0.93 * deviation * deviation + 0.06 * r * r);
        }
        return new PriceHistory(coin, TimeSpan.FromHours(4), list.ToImmutable());
    }

    /// <summary>A snapshot without quotes.</summary>
    public static MarketSnapshot Snapshot(DateTimeOffset asOf, params string[] coins) =>
        new()
        {
            AsOf = asOf,
            Venue = "deribit",
            Source = "test",
            Underlyings =
            [
                .. coins
                    .Order(StringComparer.Ordinal)
                    .Select(coin => new UnderlyingMarket
                    {
                        Underlying = coin,
                        IndexUsd = 1000,
                        Forwards = [],
                    }),
            ],
            Quotes = [],
        };

    public static IReadOnlyDictionary<string, VolatilitySurface> NoSurfaces { get; } =
        new Dictionary<string, VolatilitySurface>();

    static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static PriceHistory Bars(string coin, string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        reader.ReadLine();
        var bars = ImmutableArray.CreateBuilder<Bar>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            double Cell(int i) => double.Parse(cells[i], CultureInfo.InvariantCulture);
            bars.Add(
                new Bar(
                    DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture),
                    Cell(1),
                    Cell(2),
                    Cell(3),
                    Cell(4),
                    Cell(5)
                )
            );
        }
        return new PriceHistory(coin, TimeSpan.FromHours(4), bars.ToImmutable());
    }
}
