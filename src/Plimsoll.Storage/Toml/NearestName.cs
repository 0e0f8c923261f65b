namespace Plimsoll.Storage;

/// <summary>The known name that a mistyped one was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>
    /// The nearest by edit distance, or null when none is near (more than a third of the letters differ).
    /// </summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        string? best = null;
        int least = Math.Max(2, written.Length / 3) + 1;
        foreach (string name in known)
        {
            // A name cut short, such as vega for vega-1pt, is nearer than its missing letters tell.
            bool isPart = written.Length >= 3 && name.StartsWith(written, StringComparison.OrdinalIgnoreCase);
            int distance = isPart ? 1 : Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < least)
                (best, least) = (name, distance);
        }
        return best;
    }

    // Levenshtein with one row of memory.
    static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
