using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Live;

/// <summary>What a process's solves depend on besides the state; in the journal, to do them again.</summary>
/// <param name="Version">Program version.</param>
/// <param name="Account">Name of the account at its venue.</param>
/// <param name="Venue">The venue's key.</param>
/// <param name="MandateText">The mandate as it was written.</param>
/// <param name="MarginMode">How the account is margined.</param>
/// <param name="HistoryDigest">SHA-256 of the bars; empty for the embedded model.</param>
/// <param name="Scenarios">Scenarios drawn.</param>
/// <param name="Seed">Seed of every draw.</param>
/// <param name="SendsOrders">False in shadow.</param>
/// <param name="MarginModel">Key of the margin model; null: the venue's own, as in journals before it.</param>
public sealed record RunInput(
    string Version,
    string Account,
    string Venue,
    string MandateText,
    MarginMode MarginMode,
    string HistoryDigest,
    int Scenarios,
    ulong Seed,
    bool SendsOrders,
    string? MarginModel = null
)
{
    /// <summary>Figures of the margin model as they were read; null: the shipped ones.</summary>
    public MarginFile? MarginParameters { get; init; }

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    internal static RunInput? Read(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize<RunInput>(payload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
