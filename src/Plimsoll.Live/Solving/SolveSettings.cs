using System.Collections.Immutable;
using System.Security.Cryptography;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Live;

/// <summary>A sizing method with its parameters.</summary>
public sealed record SolveMethod(ISizingMethod Method, MethodSettings Settings)
{
    /// <summary>What a mandate names; null: growth or protect, which are the mandate's own.</summary>
    public static SolveMethod? Of(MethodChoice choice) =>
        choice.Objective is { } key && key != "growth" && SizingMethods.Find(key) is { } method
            ? new SolveMethod(method, choice.Of(key))
            : null;
}

/// <summary>All that a solve depends on besides the engine's state.</summary>
public sealed record SolveSettings
{
    /// <summary>Policy.</summary>
    public required Mandate Mandate { get; init; }

    /// <summary>Method in place of the mandate's objective; null: growth or protect.</summary>
    public SolveMethod? Method { get; init; }

    /// <summary>Name of the account.</summary>
    public required string Account { get; init; }

    /// <summary>The venue's key.</summary>
    public required string Venue { get; init; }

    /// <summary>How the account is margined.</summary>
    public required MarginMode MarginMode { get; init; }

    /// <summary>Key of the margin model; null: the venue's own for the mode.</summary>
    public string? MarginModel { get; init; }

    /// <summary>Figures of its margin model; null: the shipped ones.</summary>
    public MarginFile? MarginParameters { get; init; }

    /// <summary>Bars; empty: the dated embedded model.</summary>
    public ImmutableArray<PriceHistory> Histories { get; init; } = [];

    /// <summary>Scenarios.</summary>
    public int Scenarios { get; init; } = 10_000;

    /// <summary>Seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>What a run of the past solved with, from its journal.</summary>
    /// <param name="input">The run.</param>
    /// <param name="bars">Folder or file of the bars that it was given; null: none.</param>
    public static Parsed<SolveSettings> Of(RunInput input, string? bars)
    {
        string digest = BarsDigest(bars);
        if (digest != input.HistoryDigest)
        {
            string expected = input.HistoryDigest.Length > 0 ? $"bars of digest {input.HistoryDigest}" : "no bars";
            return Parsed<SolveSettings>.Fail(new Fault("--history", null, "", bars ?? "nothing", expected));
        }
        var mandate = MandateFile.Parse(input.MandateText, "mandate in the journal");
        var method = MandateFile.ParseMethods(input.MandateText, "mandate in the journal");
        var histories = bars is null ? null : BarsCsv.Read(bars);
        ImmutableArray<Fault> faults = [.. mandate.Faults, .. method.Faults, .. histories?.Faults ?? []];
        if (!faults.IsEmpty)
            return Parsed<SolveSettings>.Fail(faults);
        return Parsed<SolveSettings>.Ok(
            new SolveSettings
            {
                Mandate = mandate.Value,
                Method = SolveMethod.Of(method.Value.Value),
                Account = input.Account,
                Venue = input.Venue,
                MarginMode = input.MarginMode,
                MarginModel = input.MarginModel,
                MarginParameters = input.MarginParameters,
                Histories = histories?.Value.Histories ?? [],
                Scenarios = input.Scenarios,
                Seed = input.Seed,
            }
        );
    }

    /// <summary>SHA-256 over the files of bars in order of name; empty without any.</summary>
    public static string BarsDigest(string? path)
    {
        if (path is null)
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> files = Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal)
            : [path];
        foreach (string file in files)
            hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
