using System.Globalization;

namespace Plimsoll.Reports;

/// <summary>Numbers as people read them: thousands marked, digits by size, a missing figure as a dash.</summary>
public static class Figures
{
    /// <summary>What stands for a figure that is not known.</summary>
    public const string Unknown = "–";

    /// <summary>An amount with digits by its size: 1,234,567; 1,234.6; 12.35; 0.001235.</summary>
    public static string Amount(double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
            return Unknown;
        double size = Math.Abs(number);
        string format =
            size == 0 ? "0"
            : size >= 10_000 ? "#,##0"
            : size >= 100 ? "#,##0.0"
            : size >= 1 ? "#,##0.00"
            : size >= 0.001 ? "0.####"
            : "0.##E+0";
        string text = number.ToString(format, CultureInfo.InvariantCulture);
        return text is "-0" ? "0" : text;
    }

    /// <summary>
    /// An amount with the digits that fit the largest of its table; what is nothing beside that is 0.
    /// </summary>
    public static string Amount(double? value, double largest)
    {
        if (value is not { } number || !double.IsFinite(number))
            return Unknown;
        double size = Math.Abs(largest);
        string format =
            size >= 1_000 ? "#,##0"
            : size >= 10 ? "#,##0.0"
            : size >= 1 ? "0.00"
            : "0.####";
        string text = number.ToString(format, CultureInfo.InvariantCulture);
        return text.Trim('-', '0', '.').Length == 0 ? "0" : text;
    }

    /// <summary>An exact number as it stands, thousands marked, without trailing zeros.</summary>
    public static string Exact(decimal? value) =>
        value?.ToString("#,##0.############", CultureInfo.InvariantCulture) ?? Unknown;

    /// <summary>The same with its sign, also when positive.</summary>
    public static string Signed(decimal value) =>
        value.ToString("+#,##0.############;-#,##0.############;0", CultureInfo.InvariantCulture);

    /// <summary>A fraction as a percentage: two digits, more for small ones.</summary>
    public static string Percent(double? fraction)
    {
        if (fraction is not { } number || !double.IsFinite(number))
            return Unknown;
        double percent = number * 100;
        double size = Math.Abs(percent);
        string format =
            size < 1e-9 || size >= 0.01 ? "#,##0.00"
            : size >= 1e-4 ? "0.####"
            : "0.#E+0";
        if (size < 1e-9)
            percent = 0;
        return percent.ToString(format, CultureInfo.InvariantCulture) + "%";
    }

    /// <summary>A probability as a percentage; one too small to matter is said to be so.</summary>
    public static string Probability(double? fraction) =>
        fraction is > 0 and < 1e-6 ? "under 0.0001%" : Percent(fraction);

    /// <summary>A figure in its own unit: fractions as percentages, everything else as an amount.</summary>
    public static string InUnit(double? value, string unit) => unit == "fraction" ? Percent(value) : Amount(value);

    /// <summary>A pure number such as a Sharpe ratio, with two digits.</summary>
    public static string Ratio(double? value) =>
        value is { } number && double.IsFinite(number)
            ? number.ToString("#,##0.00", CultureInfo.InvariantCulture)
            : Unknown;

    /// <summary>A day and hour in UTC.</summary>
    public static string Instant(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The texts padded so that their decimal points stand below each other when right-aligned.</summary>
    public static string[] Aligned(IReadOnlyList<string> texts)
    {
        int tail = texts.Count == 0 ? 0 : texts.Max(Tail);
        return [.. texts.Select(text => text + new string(' ', tail - Tail(text)))];
    }

    // Characters from the decimal point on; an exponent or words have none of their own.
    static int Tail(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
            return text.Length - point;
        return text.EndsWith('%') ? 1 : 0;
    }
}
