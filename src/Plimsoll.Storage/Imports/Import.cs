using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>What an import wrote.</summary>
/// <param name="Files">Full paths in order of writing.</param>
/// <param name="Repairs">What cleaning changed.</param>
/// <param name="Notes">What else is worth knowing, in words.</param>
public sealed record ImportResult(
    ImmutableArray<string> Files,
    ImmutableArray<Repair> Repairs,
    ImmutableArray<string> Notes
);

/// <summary>
/// Turns what others wrote into Plimsoll's own files; nothing is written where the input has a fault.
/// </summary>
public static class Import
{
    /// <summary>
    /// Saved Deribit answers into <c>market.json</c> and <c>account.toml</c>, whichever they speak of.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static Parsed<ImportResult> Deribit(string path, string outputFolder)
    {
        var read = DeribitAnswers.Read(path);
        if (!read.Succeeded)
            return Parsed<ImportResult>.Fail(read.Faults);
        return Write(outputFolder, read.Value.Market, read.Value.Account);
    }

    /// <summary>Saved Hyperliquid answers into <c>market.json</c> and, with an account, <c>account.toml</c>.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static Parsed<ImportResult> Hyperliquid(string path, string outputFolder)
    {
        var read = HyperliquidAnswers.Read(path);
        return read.Succeeded
            ? Write(outputFolder, read.Value.Market, read.Value.Account)
            : Parsed<ImportResult>.Fail(read.Faults);
    }

    /// <summary>A recorded chain into a snapshot file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Parsed<ImportResult> Chain(string path, string outputFile)
    {
        var read = RecordedChainFile.Read(path);
        if (!read.Succeeded)
            return Parsed<ImportResult>.Fail(read.Faults);
        string full = Path.GetFullPath(outputFile);
        return Write(
            Path.GetDirectoryName(full)!,
            [(Path.GetFileName(full), SnapshotFile.Text(read.Value))],
            read.Value.Repairs,
            []
        );
    }

    /// <summary>Positions from CSV in place of those of an account's first subaccount.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static Parsed<ImportResult> Positions(string path, string accountFile, string outputFile)
    {
        var positions = PositionsCsv.Read(path);
        var account = AccountFile.Read(accountFile);
        if (!positions.Succeeded || !account.Succeeded)
            return Parsed<ImportResult>.Fail([.. positions.Faults, .. account.Faults]);
        var first = account.Value.Subaccounts[0];
        var changed = account.Value with
        {
            Subaccounts = account.Value.Subaccounts.SetItem(0, first with { Positions = positions.Value.Positions }),
        };
        string full = Path.GetFullPath(outputFile);
        string note = FormattableString.Invariant(
            $"{positions.Value.Positions.Length} positions in place of {first.Positions.Length} in {first.Name}"
        );
        return Write(Path.GetDirectoryName(full)!, [(Path.GetFileName(full), AccountText.Write(changed))], [], [note]);
    }

    /// <summary>Bars into files of the normal columns and names, one per coin.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static Parsed<ImportResult> Bars(string path, string outputFolder)
    {
        var read = BarsCsv.Read(path);
        if (!read.Succeeded)
            return Parsed<ImportResult>.Fail(read.Faults);
        var files = read.Value.Histories.Select(history =>
            (new BarsFileName(history.Underlying, history.BarLength).Write(), BarsCsv.Write(history))
        );
        return Write(outputFolder, [.. files], [], read.Value.Notes);
    }

    static Parsed<ImportResult> Write(string folder, MarketSnapshot? market, Account? account)
    {
        var files = new List<(string Name, string Text)>();
        if (market is not null)
            files.Add(("market.json", SnapshotFile.Text(market)));
        if (account is not null)
            files.Add(("account.toml", AccountText.Write(account)));
        return Write(folder, files, market?.Repairs ?? [], []);
    }

    static Parsed<ImportResult> Write(
        string folder,
        IReadOnlyList<(string Name, string Text)> files,
        ImmutableArray<Repair> repairs,
        ImmutableArray<string> notes
    )
    {
        var written = ImmutableArray.CreateBuilder<string>(files.Count);
        foreach (var (name, text) in files)
        {
            string path = Path.GetFullPath(Path.Combine(folder, name));
            TextFile.Write(path, text);
            written.Add(path);
        }
        return Parsed<ImportResult>.Ok(new(written.ToImmutable(), repairs, notes));
    }
}
