namespace Plimsoll.Margin;

/// <summary>One account's linear position in a market where another account has failed.</summary>
/// <param name="Account">Its name; ties are broken by it.</param>
/// <param name="SizeCoin">Signed size in coin; not 0.</param>
/// <param name="EntryPriceUsd">Average entry, USD per coin; positive.</param>
/// <param name="MarkPriceUsd">Mark, USD per coin; positive.</param>
/// <param name="AccountValueUsd">
/// Equity behind the position: of the whole account when cross, the isolated margin with its P&amp;L when isolated.
/// </param>
/// <param name="MaintenanceUsd">Maintenance margin against that equity; at least 0.</param>
public sealed record DeleveragingPosition(
    string Account,
    double SizeCoin,
    double EntryPriceUsd,
    double MarkPriceUsd,
    double AccountValueUsd,
    double MaintenanceUsd = 0
)
{
    /// <summary>
    /// Unrealised P&amp;L of everything behind <see cref="AccountValueUsd"/>, USD; this position's own by default.
    /// </summary>
    public double? AccountUnrealisedUsd { get; init; }

    /// <summary>Size at mark, USD.</summary>
    public double NotionalUsd => Math.Abs(SizeCoin) * MarkPriceUsd;

    /// <summary>Unrealised P&amp;L of the position, USD.</summary>
    public double UnrealisedUsd => SizeCoin * (MarkPriceUsd - EntryPriceUsd);

    /// <summary>P&amp;L as a fraction of the value at entry.</summary>
    public double ProfitFraction => UnrealisedUsd / (Math.Abs(SizeCoin) * EntryPriceUsd);

    /// <summary>Price of this coin at which the equity behind the position is gone, the rest unmoved.</summary>
    public double BankruptcyPriceUsd => MarkPriceUsd - AccountValueUsd / SizeCoin;
}

/// <summary>The position that has to be taken over by the other side.</summary>
/// <param name="SizeCoin">Signed size that nobody took: positive, a long whose place shorts must fill.</param>
/// <param name="BankruptcyPriceUsd">Price at which its account is left with nothing.</param>
/// <param name="PreviousMarkUsd">Last mark before the account's value was negative.</param>
/// <param name="OraclePriceUsd">Index, where the venue settles at it.</param>
public sealed record FailedPosition(
    double SizeCoin,
    double BankruptcyPriceUsd,
    double PreviousMarkUsd,
    double? OraclePriceUsd = null
)
{
    /// <summary>Whether a position stands against this one.</summary>
    public bool IsOpposite(DeleveragingPosition position) => position.SizeCoin * SizeCoin < 0;
}

/// <summary>What one account loses of its position.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Place">1 is first.</param>
/// <param name="Score">The venue's ranking figure; null where places do not follow from one.</param>
/// <param name="ClosedCoin">Size closed in coin; positive.</param>
/// <param name="PriceUsd">At which it is closed, without a fee.</param>
/// <param name="AgainstMarkUsd">
/// Cost of closing there and not at the account's mark: positive is a loss, USD.
/// </param>
public sealed record DeleveragingFill(
    string Account,
    int Place,
    double? Score,
    double ClosedCoin,
    double PriceUsd,
    double AgainstMarkUsd
);

/// <summary>Who is deleveraged, in order, and what nobody could take.</summary>
/// <param name="Fills">First to last.</param>
/// <param name="UnmatchedCoin">Size left when the other side is used up; at least 0.</param>
public sealed record DeleveragingOutcome(IReadOnlyList<DeleveragingFill> Fills, double UnmatchedCoin);

/// <summary>A venue's (or the literature's) rule of auto-deleveraging. Pure, thread safe.</summary>
public interface IDeleveragingRule
{
    /// <summary>Stable key, such as <c>hyperliquid</c>.</summary>
    string Key { get; }

    /// <summary>Source, and what is inferred.</summary>
    string Note { get; }

    /// <summary>Closes positions of the other side until the failed one is matched.</summary>
    /// <param name="failed">What has to be matched.</param>
    /// <param name="book">Positions of one market, both sides; those of the failed side are left alone.</param>
    /// <exception cref="ArgumentException">A size or price that cannot be.</exception>
    DeleveragingOutcome Apply(FailedPosition failed, IReadOnlyList<DeleveragingPosition> book);
}
