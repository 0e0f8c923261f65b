using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Contracts by name with the venue's terms that ship with the program.</summary>
static class RecordedContracts
{
    /// <summary>The contract, or null for a name that is no contract of the venue's data.</summary>
    public static Instrument? Find(string name) =>
        DeribitNames.Parse(name, out _) is { } parsed ? ContractsFile.Deribit.Instrument(parsed) : null;
}
