using System.Diagnostics;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Storage;

namespace Plimsoll.Bench;

/// <summary>Milliseconds to fit a surface: processor time of the process, so that a busy machine does not count.</summary>
static class QuickSurface
{
    const int WarmUps = 40;
    const int Repeats = 30;

    /// <summary>The embedded market, or each recorded chain among the paths.</summary>
    public static void Run(TextWriter output, string[] chains)
    {
        MarketSnapshot[] snapshots =
            chains.Length == 0
                ? [EmbeddedMarket.Snapshot()]
                : [.. chains.Select(path => RecordedChainFile.Read(path).Value)];
        foreach (var snapshot in snapshots)
        foreach (var market in snapshot.Underlyings)
            for (int i = 0; i < WarmUps; i++)
                SurfaceFit.Fit(snapshot, market.Underlying);
        output.WriteLine("| snapshot | coin | expiries | quotes | ms |");
        output.WriteLine("|---|---|---|---|---|");
        foreach (var snapshot in snapshots)
        foreach (var market in snapshot.Underlyings)
            if (SurfaceFit.Fit(snapshot, market.Underlying).Surface is { } surface)
                output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {snapshot.Source} | {market.Underlying} | {surface.Slices.Length} | {surface.Fit.QuotesUsed} | {Milliseconds(snapshot, market.Underlying):0.0} |"
                    )
                );
    }

    static double Milliseconds(MarketSnapshot snapshot, string underlying)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var before = process.TotalProcessorTime;
        for (int i = 0; i < Repeats; i++)
            SurfaceFit.Fit(snapshot, underlying);
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / Repeats;
    }
}
