using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>One method's decision at one instant; what the day cannot meet is left aside.</summary>
static partial class DecisionOfDay
{
    const int Attempts = 4;

    /// <summary>The decision, and what was left aside in words; a null decision says why in the notes.</summary>
    public static (Decision? Decision, List<string> Notes) Make(SizingInput input, BacktestMethod method)
    {
        var notes = new List<string>();
        var settings = method.Settings;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var prepared = MethodSizer.Prepare(input);
            if (prepared.Succeeded)
            {
                var result = MethodSizer.Size(prepared.Value, method.Method, settings);
                if (result.Succeeded)
                    return (result.Value.Decision, notes);
                notes.AddRange(result.Faults.Select(Words));
                if (Without(settings, result.Faults) is not { } fewer)
                    return (null, notes);
                settings = fewer;
                continue;
            }
            if (Without(input.Mandate, prepared.Faults, notes) is not { } mandate)
                break;
            input = input with { Mandate = mandate };
        }
        return (null, notes);
    }

    /// <summary>
    /// The settings without names of the universe that no contract of the day has; null when none is left.
    /// </summary>
    static MethodSettings? Without(MethodSettings settings, IEnumerable<Fault> faults)
    {
        var unknown = faults.Select(fault => fault.Found).ToHashSet(StringComparer.Ordinal);
        var before = settings.Get(MethodParameters.Universe);
        var names = before.Where(name => !unknown.Contains(name)).ToImmutableArray();
        return names.IsEmpty || names.Length == before.Length ? null : settings.With(MethodParameters.Universe, names);
    }

    /// <summary>The mandate without views and names that the day cannot meet; null when that is no help.</summary>
    static Mandate? Without(Mandate mandate, IEnumerable<Fault> faults, List<string> notes)
    {
        var views = new HashSet<int>();
        var candidates = new HashSet<int>();
        foreach (var fault in faults)
        {
            notes.Add(Words(fault));
            if (Entry().Match(fault.Path) is not { Success: true } match)
                return null;
            int index = int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
            (match.Groups[1].Value == "views" ? views : candidates).Add(index);
        }
        return mandate with
        {
            Views = [.. mandate.Views.Where((_, i) => !views.Contains(i))],
            Candidates = [.. mandate.Candidates.Where((_, i) => !candidates.Contains(i))],
        };
    }

    static string Words(Fault fault) =>
        $"{fault.Path} = {fault.Found} was left aside where the day lacks it: " + $"expected {fault.Expected}";

    [GeneratedRegex(@"^(views|candidates)\[([0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
