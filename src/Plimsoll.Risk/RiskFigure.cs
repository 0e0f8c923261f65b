namespace Plimsoll.Risk;

/// <summary>A figure of risk by its stable key.</summary>
/// <remarks>Equality by value. A figure that cannot be computed has no value: it is never reported as 0.</remarks>
/// <param name="Key">
/// Snake case, scope in brackets: <c>delta_home[BTC]</c>. Keys do not change between releases.
/// </param>
/// <param name="Value">
/// Null: undetermined. Loss figures are positive, P&amp;L figures are positive when they gain.
/// </param>
/// <param name="Unit">Unit of the value: a currency code, <c>fraction</c>, <c>days</c>, <c>count</c>.</param>
/// <param name="Description">What it is, in words for people.</param>
public sealed record RiskFigure(string Key, double? Value, string Unit, string Description);
