using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Numbers given by name or pattern, one per asset of a problem.</summary>
static class ByName
{
    /// <summary>The number of the first pattern, in order of its text, that an asset's name matches.</summary>
    public static double[] Values(MethodProblem problem, ImmutableDictionary<string, double> numbers, double absent)
    {
        var values = new double[problem.Count];
        string[] order =
        [
            .. numbers.Keys.OrderByDescending(key => key.Length).ThenBy(key => key, StringComparer.Ordinal),
        ];
        for (int i = 0; i < values.Length; i++)
        {
            string? match = order.FirstOrDefault(pattern => NamePattern.Matches(pattern, problem.Name(i)));
            values[i] = match is null ? absent : numbers[match];
        }
        return values;
    }
}
