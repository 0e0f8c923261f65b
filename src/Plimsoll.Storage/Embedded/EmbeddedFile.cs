namespace Plimsoll.Storage;

/// <summary>Text files that are part of the program.</summary>
static class EmbeddedFile
{
    /// <summary>Text of an embedded file by its logical name, such as <c>venues/deribit/contracts.json</c>.</summary>
    /// <exception cref="ArgumentException">The program has no such file.</exception>
    public static string Text(string name)
    {
        using var stream =
            typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"the program embeds no {name}", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
