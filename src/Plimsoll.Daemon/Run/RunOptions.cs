using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Venues;

namespace Plimsoll.Daemon;

/// <summary>Options of <c>plimsoll run</c>, as the command passes them on; every fault at once.</summary>
sealed record RunOptions
{
    const int DefaultPort = 8086;
    static readonly string[] Known =
    [
        "--mandate",
        "--config",
        "--history",
        "--venue",
        "--url",
        "--address",
        "--key",
        "--mode",
        "--data",
        "--port",
    ];

    /// <summary>Mandate file; null: the built-in one.</summary>
    public string? Mandate { get; private init; }

    /// <summary>Configuration file; null: the defaults.</summary>
    public string? Config { get; private init; }

    /// <summary>Folder of bars; null: the embedded model.</summary>
    public string? History { get; private init; }

    /// <summary>Which venue, and where it listens.</summary>
    public required VenuePlace Place { get; init; }

    /// <summary>File of the key; null: the environment.</summary>
    public string? KeyFile { get; private init; }

    /// <summary>Whether orders are sent.</summary>
    public bool SendsOrders { get; private init; }

    /// <summary>Folder of journal, lease and tokens.</summary>
    public string Data { get; private init; } = "plimsoll-data";

    /// <summary>Port of the service on loopback; 0: any free one.</summary>
    public int Port { get; private init; } = DefaultPort;

    /// <summary>Reads pairs of option and value.</summary>
    public static Parsed<RunOptions> Parse(string[] args)
    {
        var faults = new List<Fault>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i += 2)
            if (!Known.Contains(args[i]) || i + 1 == args.Length)
                faults.Add(new Fault(args[i], null, "", "", $"one of {string.Join(", ", Known)}, each with a value"));
            else
                values[args[i]] = args[i + 1];
        var place = VenuePlace.Read(
            values.GetValueOrDefault("--venue", VenuePlace.Names[0]),
            values.GetValueOrDefault("--url"),
            values.GetValueOrDefault("--address")
        );
        faults.AddRange(place.Faults);
        string mode = values.GetValueOrDefault("--mode", "shadow");
        if (mode is not ("shadow" or "live"))
            faults.Add(new Fault("--mode", null, "", mode, "shadow or live"));
        string portText = values.GetValueOrDefault("--port", DefaultPort.ToString(CultureInfo.InvariantCulture));
        bool isPort = ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        if (!isPort)
            faults.Add(new Fault("--port", null, "", portText, "a port from 0 (any free one) to 65535"));
        if (faults.Count > 0)
            return Parsed<RunOptions>.Fail(faults);
        return Parsed<RunOptions>.Ok(
            new RunOptions
            {
                Mandate = values.GetValueOrDefault("--mandate"),
                Config = values.GetValueOrDefault("--config"),
                History = values.GetValueOrDefault("--history"),
                Place = place.Value,
                KeyFile = values.GetValueOrDefault("--key"),
                SendsOrders = mode == "live",
                Data = values.GetValueOrDefault("--data", "plimsoll-data"),
                Port = port,
            }
        );
    }
}
