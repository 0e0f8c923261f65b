namespace Plimsoll.Markets;

/// <summary>
/// A settlement, collateral or quote currency by its ticker, such as <c>USD</c>, <c>USDC</c> or <c>BTC</c>.
/// </summary>
/// <remarks>Equality is that of the upper-case code. The default value has an empty code and is no currency.</remarks>
public readonly record struct Currency : IComparable<Currency>
{
    readonly string? code;

    /// <param name="code">Letters and digits; stored in upper case.</param>
    public Currency(string code) => this.code = code.ToUpperInvariant();

    /// <summary>The ticker in upper case; empty for the default value.</summary>
    public string Code => code ?? "";

    /// <summary>United States dollar: the quote unit of every index and forward.</summary>
    public static Currency Usd { get; } = new("USD");

    /// <summary>USD Coin, valued at one dollar (stated in docs/concepts.md).</summary>
    public static Currency Usdc { get; } = new("USDC");

    /// <summary>Whether one unit is counted as one dollar.</summary>
    public bool IsDollar => Code is "USD" or "USDC" or "USDT";

    /// <inheritdoc />
    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);

    /// <inheritdoc />
    public override string ToString() => Code;
}
