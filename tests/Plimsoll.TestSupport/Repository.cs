namespace Plimsoll.TestSupport;

/// <summary>Where the checkout and the optional shared data beside it stand.</summary>
public static class Repository
{
    /// <summary>The folder that holds Plimsoll.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of the shared data beside the checkout, or null where it is absent.</summary>
    public static string? Shared(string relativePath)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relativePath));
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Plimsoll.slnx")))
                return folder.FullName;
        throw new InvalidOperationException("the tests must run inside a checkout");
    }
}
