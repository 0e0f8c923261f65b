using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>
/// Asks for readings one at a time; a later question replaces an earlier one that is not answered yet.
/// </summary>
/// <param name="line">The way to the venue.</param>
/// <param name="read">One try; null: the parts did not belong together.</param>
/// <param name="learned">Takes the reading.</param>
sealed class Reconciling(VenueLine line, Func<ulong, Task<ReconcileSeen?>> read, Action<EngineEvent> learned)
{
    const int MostTries = 5;
    ulong wanted;
    bool isReading;

    /// <summary>Reads and tells.</summary>
    public async Task ReadAsync(ulong sequence)
    {
        wanted = sequence;
        if (isReading)
            return;
        isReading = true;
        try
        {
            ulong asked;
            do
            {
                asked = wanted;
                ReconcileSeen? seen = null;
                for (int i = 0; i < MostTries && seen is null && line.IsUp; i++)
                    seen = await read(asked);
                if (seen is not null)
                    learned(seen);
            } while (asked != wanted && line.IsUp);
        }
        catch (Exception e)
            when (e is VenueException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            // The venue refused, broke off or was not understood: nothing is told and the engine asks again.
        }
        finally
        {
            isReading = false;
        }
    }
}
