using System.Globalization;

namespace Plimsoll.Sizing;

/// <summary>A number inside a sentence: four decimals, and two digits where those would all be zero.</summary>
static class PlainNumber
{
    const double LeastInDecimals = 0.001;

    public static string Text(double value) =>
        value.ToString(
            value == 0 || Math.Abs(value) >= LeastInDecimals ? "0.####" : "0.#E+0",
            CultureInfo.InvariantCulture
        );
}
