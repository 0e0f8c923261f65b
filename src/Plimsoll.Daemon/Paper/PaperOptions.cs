using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Paper;

namespace Plimsoll.Daemon;

/// <summary>Options of <c>plimsoll paper</c>, as the command passes them on; every fault at once.</summary>
sealed record PaperOptions
{
    const ulong DefaultSeed = 1;
    const int DefaultPort = 8085;
    static readonly string[] Known =
    [
        "--market",
        "--seed",
        "--port",
        "--faults",
        "--script",
        "--speed",
        "--clock",
        "--tier",
        "--crowd",
        "--margin",
    ];

    /// <summary>Snapshot, recorded chain, folder of chains; null: the built-in market.</summary>
    public string? Market { get; private init; }

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; private init; } = DefaultSeed;

    /// <summary>Port on loopback; 0: any free one.</summary>
    public int Port { get; private init; } = DefaultPort;

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; private init; } = FaultPlan.None;

    /// <summary>What happens to the market; null: nothing.</summary>
    public MarketScript? Script { get; private init; }

    /// <summary>Recorded seconds for each second of a recorded series.</summary>
    public double Speed { get; private init; } = 1;

    /// <summary>Whether the venue's dates are the recorded ones.</summary>
    public bool RecordedClock { get; private init; }

    /// <summary>Matching tier, 1 to 4; 0: no rate limit.</summary>
    public int Tier { get; private init; } = 4;

    /// <summary>Simulated traders.</summary>
    public int Crowd { get; private init; } = 24;

    /// <summary>The venue's standard margin.</summary>
    public DeribitStandardMargin Margin { get; private init; } = DeribitStandardMargin.Shipped;

    /// <summary>Reads pairs of option and value.</summary>
    public static Parsed<PaperOptions> Parse(string[] args)
    {
        var faults = new List<Fault>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i += 2)
            if (!Known.Contains(args[i]) || i + 1 == args.Length)
                faults.Add(new Fault(args[i], null, "", "", $"one of {string.Join(", ", Known)}, each with a value"));
            else
                values[args[i]] = args[i + 1];
        decimal Number(string option, decimal otherwise, decimal least, decimal most, string expected)
        {
            if (!values.TryGetValue(option, out string? text))
                return otherwise;
            if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal read))
                if (read >= least && read <= most && (expected.StartsWith("a number") || read % 1 == 0))
                    return read;
            faults.Add(new Fault(option, null, "", text, expected));
            return otherwise;
        }
        var seed = (ulong)Number("--seed", DefaultSeed, 0, ulong.MaxValue, "a whole number, at least 0");
        var options = new PaperOptions
        {
            Market = values.GetValueOrDefault("--market"),
            Seed = seed,
            Port = (int)Number("--port", DefaultPort, 0, 65_535, "a port from 0 (any free one) to 65535"),
            Faults = FaultsOf(values, seed, faults),
            Script = ScriptOf(values, faults),
            Speed = (double)Number("--speed", 1, 0.01m, 100_000, "a number from 0.01 to 100000"),
            RecordedClock = Clock(values, faults),
            Tier = (int)Number("--tier", 4, 0, 4, "a tier from 1 to 4, or 0 for no limit"),
            Crowd = (int)Number("--crowd", 24, 0, 1_000, "a count from 0 to 1000"),
            Margin = MarginOf(values, faults),
        };
        return faults.Count == 0 ? Parsed<PaperOptions>.Ok(options) : Parsed<PaperOptions>.Fail(faults);
    }

    static FaultPlan FaultsOf(Dictionary<string, string> values, ulong seed, List<Fault> faults)
    {
        if (!values.TryGetValue("--faults", out string? text))
            return FaultPlan.None;
        var plan = FaultPlan.Parse(text, "--faults", seed);
        faults.AddRange(plan.Faults);
        return plan.Succeeded ? plan.Value : FaultPlan.None;
    }

    static DeribitStandardMargin MarginOf(Dictionary<string, string> values, List<Fault> faults)
    {
        if (!values.TryGetValue("--margin", out string? file))
            return DeribitStandardMargin.Shipped;
        if (!File.Exists(file))
        {
            faults.Add(new Fault("--margin", null, "", file, "a file that exists"));
            return DeribitStandardMargin.Shipped;
        }
        var read = StandardMarginParameters.Parse(File.ReadAllText(file), Path.GetFileName(file));
        faults.AddRange(read.Faults);
        return read.Succeeded ? new DeribitStandardMargin(read.Value) : DeribitStandardMargin.Shipped;
    }

    static MarketScript? ScriptOf(Dictionary<string, string> values, List<Fault> faults)
    {
        if (!values.TryGetValue("--script", out string? text))
            return null;
        if (MarketScript.Find(text) is { } shipped)
            return shipped;
        if (!File.Exists(text))
        {
            string names = string.Join(", ", MarketScript.Shipped);
            faults.Add(new Fault("--script", null, "", text, $"one of {names}, or a file"));
            return null;
        }
        var script = MarketScript.Parse(File.ReadAllText(text), Path.GetFileName(text));
        faults.AddRange(script.Faults);
        return script.Succeeded ? script.Value : null;
    }

    static bool Clock(Dictionary<string, string> values, List<Fault> faults)
    {
        string text = values.GetValueOrDefault("--clock", "now");
        if (text is not ("now" or "recorded"))
            faults.Add(new Fault("--clock", null, "", text, "now or recorded"));
        return text == "recorded";
    }
}
