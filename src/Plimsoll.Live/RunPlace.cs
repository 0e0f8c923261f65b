using System.Text.Json;
using Plimsoll.Engine;

namespace Plimsoll.Live;

/// <summary>Where a run's service listens and whose account it follows, as its folder says; no secret.</summary>
/// <param name="Address">Of the service.</param>
/// <param name="Pid">Process that wrote it; it may be gone.</param>
/// <param name="Venue">Name of the venue.</param>
/// <param name="Url">Where the venue listens.</param>
/// <param name="KeyFile">File of the account's key; null: the environment.</param>
/// <param name="SendsOrders">False in shadow.</param>
/// <param name="Account">Address of the account where the venue knows it by one; else null.</param>
public sealed record RunPlace(
    string Address,
    int Pid,
    string Venue,
    Uri Url,
    string? KeyFile,
    bool SendsOrders,
    string? Account = null
)
{
    const string FileName = "service.json";
    const string KillName = "kill.json";
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What a folder says; null where no run was ever started in it, or its file is damaged.</summary>
    public static RunPlace? Read(string folder) => Read<RunPlace>(Path.Combine(folder, FileName));

    /// <summary>Writes it.</summary>
    public void Write(string folder) => Write(Path.Combine(folder, FileName), this);

    /// <summary>Leaves word that a person stopped the account without its engine: the next one begins halted.</summary>
    public static void LeaveKill(string folder, Killed killed) => Write(Path.Combine(folder, KillName), killed);

    /// <summary>The word that was left; null where there is none. One that cannot be read still halts.</summary>
    public static Killed? Killed(string folder)
    {
        string path = Path.Combine(folder, KillName);
        return File.Exists(path) ? Read<Killed>(path) ?? new Killed("unknown", $"{KillName} is damaged", false) : null;
    }

    /// <summary>The word was taken.</summary>
    public static void ForgetKill(string folder) => File.Delete(Path.Combine(folder, KillName));

    static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Form) : null;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    static void Write<T>(string path, T what)
    {
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(what, Form));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerOnly);
    }
}
