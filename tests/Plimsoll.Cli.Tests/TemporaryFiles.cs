using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

static class TemporaryFiles
{
    /// <summary>Writes a file into the folder and gives its path.</summary>
    public static string Write(this TemporaryFolder folder, string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
