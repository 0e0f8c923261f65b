using System.Globalization;

namespace Plimsoll.Markets;

/// <summary>Deribit's instrument names, read and written.</summary>
/// <remarks>
/// <c>BTC-PERPETUAL</c>, <c>BTC-25DEC26</c>, <c>BTC-25DEC26-100000-C</c>, the same with <c>BTC_USDC</c> for linear
/// contracts, <c>XRP_USDC-25DEC26-0d625-C</c> (<c>d</c> is the decimal point), spot <c>BTC_USDC</c>. The day has no
/// leading zero. Only the venue's own spelling is accepted, so that reading and writing are inverse to each other.
/// Combinations (<c>BTC-FS-27MAR26_PERP</c>) are refused: Plimsoll sizes their legs.
/// </remarks>
public static class DeribitNames
{
    const string Months = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

    /// <summary>Reads a name; on failure null, and what was expected in words.</summary>
    public static DeribitName? Parse(string text, out string expected)
    {
        expected = "a Deribit instrument name such as BTC-PERPETUAL, BTC-25DEC26 or BTC-25DEC26-100000-C";
        string[] parts = text.Split('-');
        if (!TryProduct(parts[0], out string coin, out string? quote))
            return null;
        DeribitName? name = parts.Length switch
        {
            1 when quote is not null => new(ContractKind.Spot, coin, quote, null, null, null),
            2 when parts[1] == "PERPETUAL" => new(ContractKind.Perpetual, coin, quote, null, null, null),
            2 when TryDay(parts[1], out var day) => new(ContractKind.Future, coin, quote, day, null, null),
            4 when TryDay(parts[1], out var day) && TryStrike(parts[2], out decimal strike) => parts[3] switch
            {
                "C" => new(ContractKind.Option, coin, quote, day, strike, OptionRight.Call),
                "P" => new(ContractKind.Option, coin, quote, day, strike, OptionRight.Put),
                _ => null,
            },
            _ => null,
        };
        if (name is null)
        {
            if (IsCombination(parts))
                expected = "a single contract; a combination is sized by its legs, name them one by one";
            return null;
        }
        string canonical = Write(name);
        if (canonical == text)
            return name;
        expected = $"the venue's own spelling {canonical}";
        return null;
    }

    /// <summary>The venue's name; inverse to <see cref="Parse"/>.</summary>
    /// <exception cref="ArgumentException">The parts that the kind needs are missing.</exception>
    public static string Write(DeribitName name) =>
        name switch
        {
            { Kind: ContractKind.Spot, Quote: not null } => name.Product,
            { Kind: ContractKind.Perpetual } => name.Product + "-PERPETUAL",
            { Kind: ContractKind.Future, ExpiryDate: { } day } => $"{name.Product}-{Day(day)}",
            { Kind: ContractKind.Option, ExpiryDate: { } day, StrikeUsd: { } strike, Right: { } right } =>
                $"{name.Product}-{Day(day)}-{Strike(strike)}-{(right == OptionRight.Call ? 'C' : 'P')}",
            _ => throw new ArgumentException($"a {name.Kind} name lacks a part", nameof(name)),
        };

    static string Day(DateOnly day) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{day.Day}{Months.AsSpan((day.Month - 1) * 3, 3)}{day.Year % 100:00}"
        );

    static string Strike(decimal strike) =>
        strike.ToString("0.############################", CultureInfo.InvariantCulture).Replace('.', 'd');

    static bool TryProduct(string text, out string coin, out string? quote)
    {
        int bar = text.IndexOf('_');
        coin = bar < 0 ? text : text[..bar];
        quote = bar < 0 ? null : text[(bar + 1)..];
        return IsTicker(coin) && (quote is null || IsTicker(quote));
    }

    static bool IsTicker(string text) =>
        text.Length is > 0 and <= 16 && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c));

    static bool TryDay(string text, out DateOnly day)
    {
        day = default;
        int digits = text.Length - 5;
        if (digits is not (1 or 2))
            return false;
        int month = Months.IndexOf(text.Substring(digits, 3), StringComparison.Ordinal);
        if (
            month < 0
            || month % 3 != 0
            || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || !int.TryParse(text.AsSpan(digits + 3), NumberStyles.None, CultureInfo.InvariantCulture, out int year)
        )
            return false;
        year += 2000;
        month = month / 3 + 1;
        if (number < 1 || number > DateTime.DaysInMonth(year, month))
            return false;
        day = new DateOnly(year, month, number);
        return true;
    }

    static bool TryStrike(string text, out decimal strike) =>
        decimal.TryParse(
            text.Replace('d', '.'),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out strike
        )
        && strike > 0
        && !text.Contains('.');

    static bool IsCombination(string[] parts) =>
        parts.Length >= 3 && parts[1].Length is > 1 and <= 6 && parts[1].All(char.IsAsciiLetterUpper);
}
