using System.Globalization;

namespace Plimsoll.Storage;

/// <summary>
/// What the name of a bars file states: <c>BTCUSDT-4h.csv.gz</c>, <c>ETH-1d.csv</c>, <c>BTC-daily-2010-2025.csv</c>.
/// </summary>
/// <param name="Underlying">Ticker without the dollar it was traded against.</param>
/// <param name="BarLength">Length of a bar.</param>
sealed record BarsFileName(string Underlying, TimeSpan BarLength)
{
    /// <summary>What a name must look like, in words.</summary>
    public const string Expected = "a name such as BTCUSDT-4h.csv, ETH-1d.csv.gz or BTC-daily.csv";

    static readonly string[] Dollars = ["USDT", "USDC", "USD"];

    /// <summary>Reads a file name; null where it states no coin or no length.</summary>
    public static BarsFileName? Parse(string fileName)
    {
        string stem = fileName.Replace(".gz", "", StringComparison.Ordinal);
        if (!stem.EndsWith(".csv", StringComparison.Ordinal))
            return null;
        string[] parts = stem[..^4].Split('-');
        if (parts.Length < 2 || Length(parts[1]) is not { } length)
            return null;
        string coin = parts[0];
        foreach (string dollar in Dollars)
            if (coin.EndsWith(dollar, StringComparison.Ordinal))
            {
                coin = coin[..^dollar.Length].TrimEnd('_');
                break;
            }
        return coin.Length > 0 && coin.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c))
            ? new(coin, length)
            : null;
    }

    /// <summary>The normal name: <c>BTC-4h.csv</c>.</summary>
    public string Write()
    {
        double minutes = BarLength.TotalMinutes;
        string length =
            minutes % 1440 == 0 ? FormattableString.Invariant($"{minutes / 1440}d")
            : minutes % 60 == 0 ? FormattableString.Invariant($"{minutes / 60}h")
            : FormattableString.Invariant($"{minutes}m");
        return $"{Underlying}-{length}.csv";
    }

    static TimeSpan? Length(string text)
    {
        if (text == "daily")
            return TimeSpan.FromDays(1);
        if (
            text.Length < 2
            || !int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int n
            )
            || n is < 1 or > 1440
        )
            return null;
        return text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(n),
            'h' => TimeSpan.FromHours(n),
            'd' => TimeSpan.FromDays(n),
            _ => null,
        };
    }
}
