using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Contracts as rows of <c>get_instruments</c> state them; for imports and for the live client alike.
/// </summary>
public static class DeribitInstruments
{
    /// <summary>
    /// The single contracts among rows, in order of name; combinations and closed books are left out, a row that is not
    /// understood is a fault.
    /// </summary>
    /// <param name="rows">A list of rows, or one row.</param>
    /// <param name="place">What to call it in faults.</param>
    public static (ImmutableArray<Instrument> Instruments, ImmutableArray<Fault> Faults) Read(
        JsonElement rows,
        string place
    )
    {
        var binding = new JsonBinding(place, strict: false);
        var items = rows.ValueKind == JsonValueKind.Array ? rows.EnumerateArray().ToArray() : [rows];
        var found = new SortedDictionary<string, Instrument>(StringComparer.Ordinal);
        for (int i = 0; i < items.Length; i++)
            if (
                binding.Bind<DeribitInstrumentRow>(items[i], FormattableString.Invariant($"[{i}]")) is { } row
                && DeribitTerms.Instrument(row) is { } instrument
            )
                found[instrument.Name] = instrument;
        return ([.. found.Values], [.. binding.Faults]);
    }
}
