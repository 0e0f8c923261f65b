using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Price histories from CSV files, plain or gzip, one coin and bar length a file.</summary>
/// <remarks>
/// Columns <c>open_time,open,high,low,close,volume_base</c> (the volume may be absent), or <c>date,price_usd</c> for
/// daily prices, where the price stands for the whole bar. Times are UTC, <c>2026-03-04T08:00:00Z</c> or milliseconds
/// since 1970. Bars stand in order of time; a gap stays a gap. Where no volume is stated it is 0.
/// </remarks>
public static class BarsCsv
{
    static readonly string[] BarColumns = ["open_time", "open", "high", "low", "close"];
    static readonly string[] PriceColumns = ["date", "price_usd"];
    static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    /// <summary>Reads one file, or every bars file of a folder; or gives every fault of all of them.</summary>
    /// <remarks>
    /// Of a coin that a folder holds in several lengths the shortest is used and a note names the others.
    /// </remarks>
    public static Parsed<PriceHistories> Read(string path)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.GetFiles(path).Where(IsCsv).Order(StringComparer.Ordinal)]
            : [path];
        if (files.Length == 0)
            return Parsed<PriceHistories>.Fail(
                new Fault(
                    Path.GetFileName(Path.GetFullPath(path)),
                    null,
                    "",
                    "an empty folder",
                    "files of bars, *.csv or *.csv.gz"
                )
            );
        var faults = new List<Fault>();
        var notes = ImmutableArray.CreateBuilder<string>();
        var chosen = new SortedDictionary<string, (BarsFileName Name, string File)>(StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (BarsFileName.Parse(Path.GetFileName(file)) is not { } name)
                faults.Add(new(Path.GetFileName(file), null, "", "its name", BarsFileName.Expected));
            else if (!chosen.TryGetValue(name.Underlying, out var other))
                chosen.Add(name.Underlying, (name, file));
            else if (other.Name.BarLength == name.BarLength)
                faults.Add(
                    new(
                        Path.GetFileName(file),
                        null,
                        "",
                        $"the same coin and length as {Path.GetFileName(other.File)}",
                        "one file of each"
                    )
                );
            else
            {
                bool shorter = name.BarLength < other.Name.BarLength;
                notes.Add(
                    Path.GetFileName(shorter ? other.File : file)
                        + $" is not used: there are shorter bars of {name.Underlying}"
                );
                if (shorter)
                    chosen[name.Underlying] = (name, file);
            }
        }
        var histories = ImmutableArray.CreateBuilder<PriceHistory>();
        (BarsFileName Name, string File)[] used = [.. chosen.Values];
        var read = new Parsed<PriceHistory>[used.Length];
        Parallel.For(0, used.Length, i => read[i] = ReadFile(used[i].File, used[i].Name));
        foreach (var history in read)
        {
            faults.AddRange(history.Faults);
            if (history.Succeeded)
                histories.Add(history.Value);
        }
        return faults.Count > 0
            ? Parsed<PriceHistories>.Fail(faults)
            : Parsed<PriceHistories>.Ok(new(histories.ToImmutable(), notes.ToImmutable()));
    }

    /// <summary>Text of a history in the normal columns; <see cref="Read"/> gives the same history again.</summary>
    public static string Write(PriceHistory history)
    {
        var text = new System.Text.StringBuilder("open_time,open,high,low,close,volume_base\n");
        foreach (var bar in history.Bars)
            text.Append(
                CultureInfo.InvariantCulture,
                $"{bar.OpenTime:yyyy-MM-dd'T'HH:mm:ssZ},{bar.Open},{bar.High},{bar.Low},{bar.Close},{bar.VolumeBase}\n"
            );
        return text.ToString();
    }

    static bool IsCsv(string path) =>
        path.EndsWith(".csv", StringComparison.Ordinal) || path.EndsWith(".csv.gz", StringComparison.Ordinal);

    static Parsed<PriceHistory> ReadFile(string path, BarsFileName name)
    {
        bool daily = name.BarLength == TimeSpan.FromDays(1) && CsvFile.HasHeading(path, PriceColumns);
        var read = daily ? CsvFile.Read(path, PriceColumns, []) : CsvFile.Read(path, BarColumns, ["volume_base"]);
        if (!read.Succeeded)
            return Parsed<PriceHistory>.Fail(read.Faults);
        var file = read.Value;
        var faults = new List<Fault>();
        var bars = ImmutableArray.CreateBuilder<Bar>(file.Rows.Length);
        foreach (var row in file.Rows)
        {
            var bar = daily ? DailyPrice(file, row, faults) : FullBar(file, row, faults);
            if (bar is not { } good)
                continue;
            if (bars.Count > 0)
                CheckOrder(file, row, bars[^1].OpenTime, good.OpenTime, name.BarLength, daily, faults);
            bars.Add(good);
        }
        if (bars.Count == 0 && faults.Count == 0)
            faults.Add(new(file.Place, null, "", "no rows", "at least one bar"));
        return faults.Count > 0
            ? Parsed<PriceHistory>.Fail(faults)
            : Parsed<PriceHistory>.Ok(new(name.Underlying, name.BarLength, bars.ToImmutable()));
    }

    static void CheckOrder(
        CsvFile file,
        CsvRow row,
        DateTimeOffset last,
        DateTimeOffset open,
        TimeSpan length,
        bool daily,
        List<Fault> faults
    )
    {
        string column = daily ? "date" : "open_time";
        if (open == last)
            faults.Add(file.Fault(row, column, "each bar once"));
        else if (open < last)
            faults.Add(file.Fault(row, column, "bars in order of time"));
        else if (open - last < length)
            faults.Add(file.Fault(row, column, $"no sooner than one bar length after the bar before"));
    }

    static Bar? DailyPrice(CsvFile file, CsvRow row, List<Fault> faults)
    {
        var time = Time(file, row, "date", faults);
        double? price = Price(file, row, "price_usd", faults);
        return time is { } open && price is { } usd ? new Bar(open, usd, usd, usd, usd, 0) : null;
    }

    static Bar? FullBar(CsvFile file, CsvRow row, List<Fault> faults)
    {
        var time = Time(file, row, "open_time", faults);
        double? open = Price(file, row, "open", faults);
        double? high = Price(file, row, "high", faults);
        double? low = Price(file, row, "low", faults);
        double? close = Price(file, row, "close", faults);
        double? volume = file.Number(row, "volume_base", faults) ?? 0;
        if (volume < 0)
            faults.Add(file.Fault(row, "volume_base", "a volume that is not negative"));
        if (time is not { } at || open is not { } o || high is not { } h || low is not { } l || close is not { } c)
            return null;
        if (l > h)
            faults.Add(file.Fault(row, "low", FormattableString.Invariant($"at most the high, {h}")));
        else if (o < l || o > h)
            faults.Add(file.Fault(row, "open", FormattableString.Invariant($"between the low {l} and the high {h}")));
        else if (c < l || c > h)
            faults.Add(file.Fault(row, "close", FormattableString.Invariant($"between the low {l} and the high {h}")));
        return new Bar(at, o, h, l, c, volume.Value);
    }

    static double? Price(CsvFile file, CsvRow row, string column, List<Fault> faults)
    {
        int before = faults.Count;
        if (file.Number(row, column, faults) is > 0 and var price)
            return price;
        if (faults.Count == before)
            faults.Add(file.Fault(row, column, "a positive price in USD"));
        return null;
    }

    static DateTimeOffset? Time(CsvFile file, CsvRow row, string column, List<Fault> faults)
    {
        var text = file.Span(row, column);
        var utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, utc, out var time))
            return time;
        if (
            text.Length is >= 12 and <= 14
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
        )
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        faults.Add(file.Fault(row, column, "a UTC time such as 2026-03-04T08:00:00Z"));
        return null;
    }
}
