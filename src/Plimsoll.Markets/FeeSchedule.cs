namespace Plimsoll.Markets;

/// <summary>Fees of one instrument: fractions of the notional, with the cap that options have.</summary>
/// <param name="MakerRate">Fraction of notional; negative is a rebate.</param>
/// <param name="TakerRate">Fraction of notional.</param>
/// <param name="DeliveryRate">Fraction of notional charged at settlement.</param>
/// <param name="OptionPriceCap">
/// Fee per contract never exceeds this fraction of the option's price; null where there is no cap.
/// </param>
/// <remarks>
/// Notional is one coin per unit of underlying for inverse contracts (so the rate is in coin), index times size for
/// linear ones. Figures come from the venue's data (data/venues), never from code.
/// </remarks>
public sealed record FeeSchedule(decimal MakerRate, decimal TakerRate, decimal DeliveryRate, decimal? OptionPriceCap);
