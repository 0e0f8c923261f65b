using System.Security.Cryptography;
using Plimsoll.Live;
using Plimsoll.Venues;

namespace Plimsoll.Daemon;

/// <summary>What a run keeps beside its journal: its lease, its tokens, where its service listens.</summary>
/// <remarks>The folder and everything in it are the owner's alone.</remarks>
sealed class RunFolder
{
    const int TokenBytes = 32;
    const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode File0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public RunFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(Path))
            Directory.CreateDirectory(Path, Folder);
        (ReadToken, OperateToken) = (Token("read.token"), Token("operate.token"));
    }

    /// <summary>The folder itself.</summary>
    public string Path { get; }

    /// <summary>Segments and snapshots.</summary>
    public string Journal => In("journal");

    /// <summary>Locked while an engine lives.</summary>
    public string Lease => In("lease");

    /// <summary>Lets its holder look.</summary>
    public string ReadToken { get; }

    /// <summary>Lets its holder arm and kill.</summary>
    public string OperateToken { get; }

    /// <summary>A lock for the account itself, whatever folder a second engine is given.</summary>
    public static string AccountLease(VenuePlace place, string account)
    {
        string whole = $"{place.Name} {place.Url.Host}:{place.Url.Port} {account}";
        byte[] name = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(whole));
        string owner = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"plimsoll-{Environment.UserName}");
        if (!Directory.Exists(owner))
            Directory.CreateDirectory(owner, Folder);
        return System.IO.Path.Combine(owner, Convert.ToHexStringLower(name.AsSpan(0, 8)) + ".lease");
    }

    /// <summary>Tells status, kill and watch where the service is, and kill where the account is.</summary>
    public void Announce(string address, RunOptions options, string account) =>
        new RunPlace(
            address,
            Environment.ProcessId,
            options.Place.Name,
            options.Place.Url,
            options.KeyFile is { } key ? System.IO.Path.GetFullPath(key) : null,
            options.SendsOrders,
            options.Place is HyperliquidPlace ? account : null
        ).Write(Path);

    string In(string name) => System.IO.Path.Combine(Path, name);

    string Token(string name)
    {
        string path = In(name);
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
