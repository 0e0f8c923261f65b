using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Numbers given by name or pattern, one per asset of a problem.</summary>
static class ByName
{
    /// <summary>The number of the longest pattern that an asset's name matches.</summary>
    public static double[] Values(MethodProblem problem, ImmutableDictionary<string, double> numbers, double absent) =>
        Values([.. Enumerable.Range(0, problem.Count).Select(problem.Name)], numbers, absent);

    /// <summary>The same for any names.</summary>
    public static double[] Values(
        IReadOnlyList<string> names,
        ImmutableDictionary<string, double> numbers,
        double absent
    )
    {
        string[] order =
        [
            .. numbers.Keys.OrderByDescending(key => key.Length).ThenBy(key => key, StringComparer.Ordinal),
        ];
        return
        [
            .. names.Select(name =>
                order.FirstOrDefault(pattern => NamePattern.Matches(pattern, name)) is { } match
                    ? numbers[match]
                    : absent
            ),
        ];
    }
}
