using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>What a file held, with the line of each key path, so that later rules can name the place too.</summary>
/// <param name="Value">What it held.</param>
/// <param name="Place">File name as given.</param>
/// <param name="Lines">1-based line of each key path that is written in the file.</param>
public sealed record Located<T>(T Value, string Place, ImmutableDictionary<string, int> Lines)
    where T : class
{
    /// <summary>
    /// The fault with this file as its place and the line of its path, or of the nearest table around it.
    /// </summary>
    public Fault Locate(Fault fault)
    {
        string path = fault.Path;
        while (path.Length > 0 && !Lines.ContainsKey(path))
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        return fault with { Place = Place, Line = path.Length == 0 ? fault.Line : Lines[path] };
    }
}
