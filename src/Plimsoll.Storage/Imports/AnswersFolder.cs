using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Writes a venue's answers into a folder that appears whole or not at all.</summary>
public static class AnswersFolder
{
    /// <summary>Left in the folder, so that a later fetch may replace it and nothing else.</summary>
    public const string Mark = "fetched.txt";

    /// <summary>Why nothing may be written there; null when the folder is absent, empty or an earlier fetch.</summary>
    public static Fault? Problem(string folder, string place) =>
        File.Exists(folder) ? new(place, null, "", folder, "a folder; this is a file")
        : Directory.Exists(folder)
        && Directory.EnumerateFileSystemEntries(folder).Any()
        && !File.Exists(Path.Combine(folder, Mark))
            ? new(place, null, "", folder, "a folder that is absent, empty or holds an earlier fetch")
        : null;

    /// <summary>Writes all answers in place of what an earlier fetch left.</summary>
    /// <param name="folder">Checked before by <see cref="Problem"/>.</param>
    /// <param name="answers">File names and texts; private ones are for the owner's eyes alone.</param>
    /// <param name="note">Where they come from, in words.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(
        string folder,
        IEnumerable<(string Name, string Text, bool IsPrivate)> answers,
        string note
    )
    {
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string partial = $"{whole}.{Environment.ProcessId}.partial",
            old = $"{whole}.{Environment.ProcessId}.old";
        Directory.CreateDirectory(partial);
        try
        {
            foreach (var (name, text, isPrivate) in answers)
            {
                string path = Path.Combine(partial, name);
                File.WriteAllText(path, text, new UTF8Encoding(false));
                if (isPrivate && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            File.WriteAllText(Path.Combine(partial, Mark), note + "\n", new UTF8Encoding(false));
            if (Directory.Exists(whole))
                Directory.Move(whole, old);
            Directory.Move(partial, whole);
        }
        finally
        {
            // A move that failed half-way leaves the old folder where it was.
            if (!Directory.Exists(whole) && Directory.Exists(old))
                Directory.Move(old, whole);
            foreach (string rest in (string[])[partial, old])
                if (Directory.Exists(rest))
                    Directory.Delete(rest, recursive: true);
        }
    }
}
