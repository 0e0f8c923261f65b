using System.Diagnostics;

namespace Plimsoll.Bench;

/// <summary>
/// Least wall clock and least processor time of some repeats, in seconds: on a busy machine the second is the nearer to
/// the truth.
/// </summary>
readonly record struct LeastTimes(double Wall, double Processor)
{
    /// <summary>Runs the work over and over; it is not warmed first. Times are of one call.</summary>
    public static LeastTimes Of(int repeats, Action work, int callsARepeat = 1)
    {
        var (wall, processor) = (double.PositiveInfinity, double.PositiveInfinity);
        using var process = Process.GetCurrentProcess();
        for (int i = 0; i < repeats; i++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < callsARepeat; call++)
                work();
            wall = Math.Min(wall, Stopwatch.GetElapsedTime(start).TotalSeconds / callsARepeat);
            process.Refresh();
            processor = Math.Min(processor, (process.TotalProcessorTime - before).TotalSeconds / callsARepeat);
        }
        return new LeastTimes(wall, processor);
    }
}
