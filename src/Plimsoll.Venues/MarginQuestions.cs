using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>A venue's own margin simulator; asking changes nothing there, a key that only reads will do.</summary>
interface IMarginSimulator
{
    /// <summary>Margin of a book as the venue states it.</summary>
    /// <exception cref="VenueException">There is no answer, or none that is understood.</exception>
    Task<ImmutableList<StatedMargin>> AskAsync(ImmutableArray<Position> book);
}

/// <summary>Puts the engine's questions to a venue's simulator, one at a time; a later one waits for none.</summary>
/// <param name="of">The venue's; null: it has none.</param>
/// <param name="learned">Takes the answer.</param>
sealed class MarginQuestions(Func<IMarginSimulator?> of, Action<EngineEvent> learned)
{
    bool isAsking;

    /// <summary>Asks and tells, whatever comes of it.</summary>
    public async Task AskAsync(SimulateMargin asked, ulong sequence)
    {
        if (of() is not { } simulator || isAsking)
        {
            string none = of() is null ? "the venue has no margin simulator" : "a question is open";
            learned(new MarginStated(sequence, [], none));
            return;
        }
        isAsking = true;
        try
        {
            var stated = await simulator.AskAsync(asked.Positions);
            learned(
                new MarginStated(
                    sequence,
                    [.. stated.Select(of => new StatedPool(of.Currency, (decimal)of.Initial, (decimal)of.Maintenance))],
                    ""
                )
            );
        }
        catch (Exception e)
            when (e is VenueException or FormatException or InvalidOperationException or KeyNotFoundException
                || e is OverflowException
            )
        {
            learned(new MarginStated(sequence, [], e.Message));
        }
        finally
        {
            isAsking = false;
        }
    }
}
