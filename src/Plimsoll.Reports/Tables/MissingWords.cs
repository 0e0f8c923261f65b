namespace Plimsoll.Reports;

/// <summary>What is missing in few lines: a chain may lack the same figure of a thousand contracts.</summary>
/// <remarks>
/// Every name stands in <c>--json</c>; here texts of the form <c>figure of NAME (source)</c> are joined.
/// </remarks>
static class MissingWords
{
    const int NamesShown = 3;
    const string Of = " of ";
    const string Source = " (";

    /// <summary>The texts in order of first mention, those that differ by a name alone as one.</summary>
    public static IEnumerable<string> Shortened(IEnumerable<string> missing) =>
        missing
            .Distinct()
            .Select(Split)
            .GroupBy(text => (text.Before, text.After))
            .Select(group => Joined(group.ToArray()));

    static string Joined((string Before, string Name, string After)[] group)
    {
        var (before, _, after) = group[0];
        string names = string.Join(", ", group.Take(NamesShown).Select(text => text.Name));
        string more = group.Length > NamesShown ? $" and {group.Length - NamesShown} more (all in --json)" : "";
        return before + names + more + after;
    }

    static (string Before, string Name, string After) Split(string text)
    {
        int of = text.IndexOf(Of, StringComparison.Ordinal);
        int source = text.IndexOf(Source, StringComparison.Ordinal);
        if (of < 0 || source < of)
            return (text, "", "");
        int name = of + Of.Length;
        return (text[..name], text[name..source], text[source..]);
    }
}
