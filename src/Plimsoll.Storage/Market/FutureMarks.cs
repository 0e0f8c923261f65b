using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Recorded marks of perpetuals and dated futures that stand beside recorded chains.</summary>
static class FutureMarks
{
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    static readonly string[] Files = ["deribit-perpetuals-at-snapshots.csv", "deribit-term-futures-at-snapshots.csv"];
    static readonly string[] Required = ["timestamp", "instrument_name", "mark_price_usd"];
    static readonly string[] Optional =
    [
        "minute_open",
        "minute_high",
        "minute_low",
        "minute_close",
        "minute_volume_usd",
    ];

    /// <summary>Days (yyyy-MM-dd) for which perpetuals have marks; empty without a sound file.</summary>
    public static IReadOnlySet<string> Days(string folder)
    {
        string? path = Find(folder, Files[0]);
        var read = path is null ? null : CsvFile.Read(path, Required, Optional);
        return read is not { Succeeded: true }
            ? new HashSet<string>()
            : read.Value.Rows.Select(row => read.Value.Text(row, "timestamp")[..10]).ToHashSet();
    }

    /// <summary>Marks by name within five minutes of a time, from files in the folder or the one above it.</summary>
    public static Parsed<Dictionary<string, decimal>> Near(string folder, DateTimeOffset asOf)
    {
        var marks = new Dictionary<string, decimal>();
        foreach (string file in Files)
        {
            if (Find(folder, file) is not { } path)
                continue;
            string day = asOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var read = CsvFile.Read(path, Required, Optional, start: day);
            if (!read.Succeeded)
                return Parsed<Dictionary<string, decimal>>.Fail(read.Faults);
            var faults = new List<Fault>();
            Collect(read.Value, asOf, marks, faults);
            if (faults.Count > 0)
                return Parsed<Dictionary<string, decimal>>.Fail(faults);
        }
        return Parsed<Dictionary<string, decimal>>.Ok(marks);
    }

    static string? Find(string folder, string file) =>
        new[] { folder, Path.GetDirectoryName(folder) ?? folder }
            .Select(place => Path.Combine(place, file))
            .FirstOrDefault(File.Exists);

    static void Collect(CsvFile file, DateTimeOffset asOf, Dictionary<string, decimal> marks, List<Fault> faults)
    {
        var nearest = new Dictionary<string, TimeSpan>();
        foreach (var row in file.Rows)
        {
            string stamp = file.Text(row, "timestamp");
            if (
                !DateTimeOffset.TryParse(
                    stamp,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out DateTimeOffset time
                )
            )
            {
                faults.Add(file.Fault(row, "timestamp", "a time such as 2026-01-30T09:20:00Z"));
                continue;
            }
            string name = file.Text(row, "instrument_name");
            TimeSpan distance = (time - asOf).Duration();
            if (distance > Tolerance || (nearest.TryGetValue(name, out var best) && best <= distance))
                continue;
            if (file.Exact(row, "mark_price_usd", faults) is > 0 and var mark)
            {
                nearest[name] = distance;
                marks[name] = mark;
            }
        }
    }
}
