using System.Globalization;
using System.Text.RegularExpressions;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>
/// Finds file and line of a fault that a rule found by key path: views may stand in a file of their own.
/// </summary>
sealed partial class MandatePlaces(Located<Mandate> mandate, Located<ViewList>? views)
{
    public Fault Locate(Fault fault)
    {
        var match = ViewPath().Match(fault.Path);
        if (!match.Success)
            return mandate.Locate(fault);
        int own = mandate.Value.Views.Length;
        int index = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        if (index < own || views is null)
            return mandate.Locate(fault);
        string path = FormattableString.Invariant($"views[{index - own}]{fault.Path[match.Length..]}");
        return views.Locate(fault with { Path = path });
    }

    [GeneratedRegex(@"^views\[([0-9]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex ViewPath();
}
