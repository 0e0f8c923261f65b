namespace Plimsoll.Margin;

/// <summary>
/// OKX, Bybit and the BitMEX family: return times effective leverage, descending, closed at the bankruptcy price.
/// </summary>
/// <remarks>
/// <c>L = |MV|/|MV − BV|</c>, <c>r = (MV − EV)/|EV|</c>; in profit <c>r·L</c>, in loss <c>r/L</c>, with MV, EV, BV the
/// position's value at mark, at entry and at bankruptcy. BitMEX, early Bybit and Deepcoin print it; OKX and Bybit say
/// "return times leverage" and show lights: that they use this very form is inferred.
/// </remarks>
public sealed class EffectiveLeverageDeleveraging(string venue) : DeleveragingQueue
{
    /// <inheritdoc />
    public override string Key => venue;

    /// <inheritdoc />
    public override string Note => $"{venue}: return x leverage in the venue's words; the exact form is inferred";

    /// <inheritdoc />
    public override double? Score(DeleveragingPosition position)
    {
        double toBankruptcyUsd = Math.Abs(position.AccountValueUsd);
        if (toBankruptcyUsd == 0)
            return position.UnrealisedUsd > 0 ? double.PositiveInfinity : 0;
        double leverage = position.NotionalUsd / toBankruptcyUsd;
        double profit = position.ProfitFraction;
        return profit > 0 ? profit * leverage : profit / leverage;
    }

    /// <inheritdoc />
    public override double PriceUsd(FailedPosition failed) => failed.BankruptcyPriceUsd;
}
