namespace Plimsoll.Storage;

/// <summary>A file that another names: it stands beside it.</summary>
static class CompanionFile
{
    /// <summary>Path of the file that a key names; null where the key is absent, or after a fault.</summary>
    /// <param name="table">Holds the key.</param>
    /// <param name="key">Names the file.</param>
    /// <param name="binding">Takes the fault.</param>
    /// <param name="folder">Folder of the file that is read; null: it is no file.</param>
    /// <param name="what">What is read, for the fault: <c>a mandate</c>.</param>
    public static string? PathOf(
        BoundTable table,
        TomlKey<string> key,
        TomlBinding binding,
        string? folder,
        string what
    )
    {
        if (table.Find(key) is not { } file)
            return null;
        if (folder is not null)
            return Path.Combine(folder, file);
        binding.Refuse(
            table.Source.Find(key.Name)!,
            TomlBinding.Join(table.Path, key.Name),
            $"{what} that is itself a file: the other is looked for beside it"
        );
        return null;
    }
}
