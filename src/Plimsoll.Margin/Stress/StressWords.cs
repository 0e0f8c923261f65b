using System.Collections.Immutable;
using System.Globalization;

namespace Plimsoll.Margin;

/// <summary>Moves and frequencies as people say them.</summary>
static class StressWords
{
    /// <summary><c>BTC -18% with volatility +25 points and ETH -24% within a day</c>.</summary>
    public static string Move(ImmutableArray<CoinMoves> moves, double horizonDays)
    {
        string[] coins = [.. moves.Select(Coin)];
        string joined = coins.Length < 2 ? string.Concat(coins) : $"{string.Join(", ", coins[..^1])} and {coins[^1]}";
        return $"{joined} within {Span(horizonDays)}";
    }

    static string Coin(CoinMoves move)
    {
        string spot = Signed(move.Spot * 100) + "%";
        return move.VolatilityPoints is { } points && Math.Abs(points) >= 0.0005
            ? $"{move.Underlying} {spot} with volatility {Signed(points * 100)} points"
            : $"{move.Underlying} {spot}";
    }

    /// <summary>How often, by the model.</summary>
    public static string Often(double perYear, bool isExtrapolated) =>
        Often(perYear) + (isExtrapolated ? " by the model, extrapolated" : " by the model");

    /// <summary>How often, without saying by whom.</summary>
    public static string Often(double perYear)
    {
        if (!(perYear > 0))
            return $"never";
        if (perYear >= 1.05)
            return perYear >= 10
                ? FormattableString.Invariant($"about {perYear:0} times a year")
                : FormattableString.Invariant($"about {perYear:0.#} times a year");
        double years = 1 / perYear;
        if (years > 1000)
            return $"less than once in 1,000 years";
        string text =
            years >= 10
                ? years.ToString("0", CultureInfo.InvariantCulture)
                : years.ToString("0.#", CultureInfo.InvariantCulture);
        return text == "1" ? $"about once a year" : $"about once in {text} years";
    }

    /// <summary>How often it was seen.</summary>
    public static string Seen(int times, string where) => $"{Seen(times)} {where}";

    /// <summary>How often it was seen, without saying where.</summary>
    public static string Seen(int times) =>
        times switch
        {
            0 => "never seen",
            1 => "seen once",
            _ => FormattableString.Invariant($"seen {times} times"),
        };

    static string Span(double days) =>
        days == 1 ? "a day"
        : days < 1 ? FormattableString.Invariant($"{days * 24:0.#} hours")
        : FormattableString.Invariant($"{days:0.#} days");

    static string Signed(double value) =>
        value.ToString(Math.Abs(value) >= 10 ? "+0;-0;+0" : "+0.0;-0.0;+0.0", CultureInfo.InvariantCulture);
}
