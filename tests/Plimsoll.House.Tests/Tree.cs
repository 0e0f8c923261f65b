using Plimsoll.TestSupport;

namespace Plimsoll.House.Tests;

static class Tree
{
    /// <summary>C# files under a folder of the checkout, build output apart.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !IsBuildOutput(path));

    /// <summary>Whether a path lies in a folder that the build writes.</summary>
    public static bool IsBuildOutput(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".build" or "TestResults");
}
