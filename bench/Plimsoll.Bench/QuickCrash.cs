using Plimsoll.CrashDays;

namespace Plimsoll.Bench;

/// <summary>The recorded crash days as timelines, for docs/crash-days.md.</summary>
static class QuickCrash
{
    public static void Run(TextWriter output, string market, double speed, bool rests)
    {
        var october = CrashDay.October2025(
            Path.Combine(market, "history", "BTCUSDT-4h.csv.gz"),
            Path.Combine(market, "adl", "hyperliquid-2025-10-10-adl-by-account.csv.gz"),
            rests
        );
        october.Run(TimeSpan.FromMinutes(30), TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2));
        output.WriteLine(october.Timeline());
        var february = CrashDay.February2026(Path.Combine(market, "chains"), speed, rests);
        february.Run(TimeSpan.FromHours(36 / speed), TimeSpan.FromSeconds(1), TimeSpan.FromHours(2 / speed));
        output.WriteLine(february.Timeline());
    }
}
