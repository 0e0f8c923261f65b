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
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var prepared = MethodSizer.Prepare(input);
            if (prepared.Succeeded)
            {
                var result = MethodSizer.Size(prepared.Value, method.Method, method.Settings);
                if (result.Succeeded)
                    return (result.Value.Decision, notes);
                notes.AddRange(result.Faults.Select(Words));
                return (null, notes);
            }
            if (Without(input.Mandate, prepared.Faults, notes) is not { } mandate)
                break;
            input = input with { Mandate = mandate };
        }
        return (null, notes);
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
