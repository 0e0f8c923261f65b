using System.Security.Cryptography;
using System.Text.Json;

namespace Plimsoll.Daemon;

/// <summary>What a run keeps beside its journal: its lease, its tokens, where its service listens.</summary>
/// <remarks>The folder and everything in it are the owner's alone.</remarks>
sealed class RunFolder
{
    const int TokenBytes = 32;
    const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode File0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    readonly string folder;

    public RunFolder(string path)
    {
        folder = Path.GetFullPath(path);
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, Folder);
        (ReadToken, OperateToken) = (Token("read.token"), Token("operate.token"));
    }

    /// <summary>Segments and snapshots.</summary>
    public string Journal => Path.Combine(folder, "journal");

    /// <summary>Locked while an engine lives.</summary>
    public string Lease => Path.Combine(folder, "lease");

    /// <summary>Lets its holder look.</summary>
    public string ReadToken { get; }

    /// <summary>Lets its holder arm and kill.</summary>
    public string OperateToken { get; }

    /// <summary>A lock for the account itself, whatever folder a second engine is given.</summary>
    public static string AccountLease(string venue, Uri url, string clientId)
    {
        byte[] name = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{venue} {url.Host}:{url.Port} {clientId}"));
        string owner = Path.Combine(Path.GetTempPath(), $"plimsoll-{Environment.UserName}");
        if (!Directory.Exists(owner))
            Directory.CreateDirectory(owner, Folder);
        return Path.Combine(owner, Convert.ToHexStringLower(name.AsSpan(0, 8)) + ".lease");
    }

    /// <summary>Tells status, kill and watch where the service is.</summary>
    public void Announce(string address)
    {
        string path = Path.Combine(folder, "service.json");
        File.WriteAllText(path, JsonSerializer.Serialize(new { address, pid = Environment.ProcessId }));
        File.SetUnixFileMode(path, File0600);
    }

    string Token(string name)
    {
        string path = Path.Combine(folder, name);
        if (File.Exists(path))
            return File.ReadAllText(path).Trim();
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        using (
            var file = new FileStream(
                path,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = File0600,
                }
            )
        )
            file.Write(System.Text.Encoding.ASCII.GetBytes(token));
        return token;
    }
}
