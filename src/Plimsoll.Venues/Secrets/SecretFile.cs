using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>A file that its owner alone may read; lines of secrets.</summary>
static class SecretFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const int LongestFile = 4096;

    /// <summary>So many lines, or a fault that shows none of them.</summary>
    public static Parsed<string[]> Read(string file, int lines, string expected)
    {
        string place = Path.GetFileName(file);
        if (!File.Exists(file))
            return Fail(place, "", "no such file", "a key file of mode 0600");
        var mode = OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(file);
        if ((mode & ~OwnerOnly) != 0)
            return Fail(place, "mode", Convert.ToString((int)mode, 8).PadLeft(4, '0'), "0600: the owner alone");
        if (new FileInfo(file).Length > LongestFile)
            return Fail(place, "", string.Create(CultureInfo.InvariantCulture, $"over {LongestFile} bytes"), expected);
        string[] found = File.ReadAllText(file)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return found.Length == lines
            ? Parsed<string[]>.Ok(found)
            : Fail(place, "", string.Create(CultureInfo.InvariantCulture, $"{found.Length} lines"), expected);
    }

    static Parsed<string[]> Fail(string place, string path, string found, string expected) =>
        Parsed<string[]>.Fail(new Fault(place, null, path, found, expected));
}
