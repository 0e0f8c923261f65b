using System.CommandLine;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>
/// Reads the values of options; what does not fit is a fault that names the option, all faults at once.
/// </summary>
sealed class OptionText(ParseResult parsed)
{
    /// <summary>Every fault so far.</summary>
    public List<Fault> Faults { get; } = [];

    /// <summary>Text of an option, or null.</summary>
    public string? Text(Option<string> option) => parsed.GetValue(option);

    /// <summary>Whether a switch was given.</summary>
    public bool Given(Option<bool> option) => parsed.GetValue(option);

    /// <summary>A whole number within bounds, or the default.</summary>
    public int Whole(Option<string> option, int otherwise, int least, int most)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least
            && value <= most
        )
            return value;
        Refuse(option, text, FormattableString.Invariant($"a whole number from {least} to {most}"));
        return otherwise;
    }

    /// <summary>A seed: any whole number that fits 64 bits.</summary>
    public ulong Seed(Option<string> option)
    {
        if (Text(option) is not { } text)
            return 1;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
            return value;
        Refuse(option, text, "a whole number from 0 to 18446744073709551615");
        return 1;
    }

    /// <summary>A positive number with an upper end, or the default.</summary>
    public double Positive(Option<string> option, double otherwise, double most)
    {
        if (Text(option) is not { } text)
            return otherwise;
        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value > 0
            && value <= most
        )
            return value;
        Refuse(option, text, FormattableString.Invariant($"a number above 0 and at most {most}"));
        return otherwise;
    }

    /// <summary>An exact positive price, or null.</summary>
    public decimal? Price(Option<string> option)
    {
        if (Text(option) is not { } text)
            return null;
        if (
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value > 0
        )
            return value;
        Refuse(option, text, "a price above 0, in the instrument's own unit");
        return null;
    }

    /// <summary>A percentage with its sign as a fraction above 0 and at most 1, or null.</summary>
    public double? Share(Option<string> option)
    {
        if (Text(option) is not { } text)
            return null;
        if (
            text.EndsWith('%')
            && decimal.TryParse(
                text[..^1],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal percent
            )
            && percent is > 0 and <= 100
        )
            return (double)(percent / 100);
        Refuse(option, text, "a percentage with its sign, such as 1%, above 0% and at most 100%");
        return null;
    }

    /// <summary>A signed move in volatility points as a fraction, or null.</summary>
    public double? VolatilityPoints(Option<string> option)
    {
        if (Text(option) is not { } text)
            return null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (
            decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal points)
            && points != 0
            && Math.Abs(points) <= 500
        )
            return (double)(points / 100);
        Refuse(option, text, "a move in volatility points with its sign, such as +15, not 0");
        return null;
    }

    /// <summary>Refuses a name that the market does not list, with the nearest that it does.</summary>
    public void RequireInstrument(string place, string name, MarketSnapshot market)
    {
        if (market.Quotes.Any(quote => quote.Instrument.Name == name))
            return;
        string? nearest = NearestName.Of(name, market.Quotes.Select(quote => quote.Instrument.Name));
        string hint = nearest is null ? "" : $", perhaps {nearest}";
        Faults.Add(new Fault(place, null, "", name, $"an instrument of the market{hint}"));
    }

    /// <summary>Adds a fault of an option.</summary>
    public void Refuse(Option option, string found, string expected) =>
        Faults.Add(new Fault(option.Name, null, "", found, expected));
}
