using Plimsoll.Numerics;

namespace Plimsoll.Venues;

/// <summary>Pauses between tries to connect: doubled each time up to a longest, drawn between half and whole.</summary>
/// <param name="first">First pause.</param>
/// <param name="longest">No pause is longer.</param>
/// <param name="seed">Of the draws, so that engines that lost the venue together do not come back together.</param>
sealed class Backoff(TimeSpan first, TimeSpan longest, ulong seed)
{
    readonly SeededRandom random = new(seed, 70);
    int tries;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        double whole = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(tries++, 30)));
        return TimeSpan.FromSeconds(whole * (0.5 + 0.5 * random.NextDouble()));
    }

    /// <summary>A connection held: the next pause is a first one.</summary>
    public void Reset() => tries = 0;
}
