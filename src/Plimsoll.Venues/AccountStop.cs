using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>What is left of an account after it was stopped.</summary>
/// <param name="Cancelled">Orders that the venue says it cancelled.</param>
/// <param name="OrdersLeft">Orders that still rest.</param>
/// <param name="Closed">Positions that are gone, as they were, in contracts.</param>
/// <param name="PositionsLeft">Positions that are still held, in contracts.</param>
public sealed record StopReport(
    int Cancelled,
    int OrdersLeft,
    ImmutableArray<Position> Closed,
    ImmutableArray<Position> PositionsLeft
);

/// <summary>Stops an account at the venue itself: no engine, journal, configuration or model takes part.</summary>
/// <remarks>
/// Everything here is cancelling, or closing in a way that can only reduce; so none of it passes the gate of openings,
/// and all of it can be done again. Each round of closing goes farther from the mark, within the venue's own band.
/// </remarks>
/// <param name="time">Clock.</param>
public abstract class AccountStop(TimeProvider time)
{
    const int CancelRounds = 10;
    const int CloseRounds = 40;
    static readonly decimal[] Rooms = [0.005m, 0.01m, 0.02m, 0.04m, 0.08m];
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private protected TimeProvider Clock => time;

    /// <summary>Cancels everything and, if asked, closes every position.</summary>
    /// <param name="flatten">Whether positions are closed too.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueKeyRefused">The key is not taken, or may not trade.</exception>
    /// <exception cref="VenueException">The venue did not answer.</exception>
    public async Task<StopReport> RunAsync(bool flatten, CancellationToken cancel)
    {
        await EnterAsync(cancel);
        var (cancelled, left) = await CancelAllAsync(cancel);
        if (!flatten)
            return new StopReport(cancelled, left, [], await PositionsAsync(cancel));
        var before = await PositionsAsync(cancel);
        var held = before;
        for (int round = 0; round < CloseRounds && !held.IsEmpty; round++)
        {
            foreach (var one in held)
                await TryCloseAsync(one, round, cancel);
            await Task.Delay(Pause, time, cancel);
            // What did not trade at once must not rest at a price of a market that moves.
            (_, left) = await CancelAllAsync(cancel);
            held = await PositionsAsync(cancel);
        }
        var names = held.Select(one => one.Instrument).ToHashSet(StringComparer.Ordinal);
        return new StopReport(cancelled, left, [.. before.Where(one => !names.Contains(one.Instrument))], held);
    }

    /// <summary>Logs in, and checks that the key may cancel.</summary>
    private protected abstract Task EnterAsync(CancellationToken cancel);

    /// <summary>One try to cancel everything: how many were, and how many rest after it.</summary>
    private protected abstract Task<(int Cancelled, int Left)> CancelOnceAsync(CancellationToken cancel);

    /// <summary>What is held.</summary>
    private protected abstract Task<ImmutableArray<Position>> PositionsAsync(CancellationToken cancel);

    /// <summary>One try to close a position by an order that can only reduce it.</summary>
    private protected abstract Task CloseAsync(Position held, int round, CancellationToken cancel);

    /// <summary>A price as far from the mark as the round goes.</summary>
    private protected static decimal Far(decimal mark, bool buys, int round) =>
        mark * (1 + (buys ? 1 : -1) * Rooms[Math.Min(round, Rooms.Length - 1)]);

    /// <summary>Whether the round is past the last of the distances.</summary>
    private protected static bool IsPast(int round) => round >= Rooms.Length;

    async Task<(int Cancelled, int Left)> CancelAllAsync(CancellationToken cancel)
    {
        int cancelled = 0,
            left = 0;
        for (int round = 0; round < CancelRounds; round++)
        {
            if (round > 0)
                await Task.Delay(Pause, time, cancel);
            // An order that was under way may arrive after the cancellation; what rests is what counts.
            (int gone, left) = await CancelOnceAsync(cancel);
            cancelled += gone;
            if (left == 0)
                break;
        }
        return (cancelled, left);
    }

    async Task TryCloseAsync(Position held, int round, CancellationToken cancel)
    {
        try
        {
            await CloseAsync(held, round, cancel);
        }
        catch (VenueException fault) when (fault is not VenueKeyRefused)
        {
            // Closed or delivered meanwhile, a band that moved, an answer lost: the next round reads everything again.
        }
    }
}
