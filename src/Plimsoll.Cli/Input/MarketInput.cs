using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>Reads a market from whatever form it has: recognised by what the path is, never by a switch.</summary>
static class MarketInput
{
    /// <summary>A folder of venue answers, a recorded chain (<c>.csv</c>, <c>.csv.gz</c>), or Plimsoll's own JSON.</summary>
    public static Parsed<MarketSnapshot> Read(string path)
    {
        if (!Path.Exists(path))
            return Parsed<MarketSnapshot>.Fail(
                new Fault(Path.GetFileName(path), null, "", "no such file or folder", "a market")
            );
        return path.EndsWith(".csv", StringComparison.Ordinal) || path.EndsWith(".csv.gz", StringComparison.Ordinal)
            ? RecordedChainFile.Read(path)
            : SnapshotFile.Read(path);
    }
}
