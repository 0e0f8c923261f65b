using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>One option of an expiry on Derive.</summary>
/// <param name="StrikeUsd">USD per coin; positive.</param>
/// <param name="IsCall">Call or put.</param>
/// <param name="Amount">Signed, coins.</param>
/// <param name="VolatilityAnnual">Implied volatility, a fraction a year.</param>
public readonly record struct DeriveOption(double StrikeUsd, bool IsCall, double Amount, double VolatilityAnnual);

/// <summary>Everything held in one expiry.</summary>
/// <param name="SecondsToExpiry">At least 0.</param>
/// <param name="ForwardVariableUsd">Part of the forward that still moves, USD per coin.</param>
/// <param name="ForwardFixedUsd">
/// Part that the settlement average has fixed already: 0 but in the last 30 minutes.
/// </param>
/// <param name="RateAnnual">Interest rate of the expiry, continuously compounded.</param>
/// <param name="Confidence">Least confidence of the expiry's forward and volatility feeds, 0 to 1.</param>
/// <param name="Options">The options; an option stands once.</param>
public sealed record DeriveExpiry(
    double SecondsToExpiry,
    double ForwardVariableUsd,
    double ForwardFixedUsd,
    double RateAnnual,
    double Confidence,
    ImmutableArray<DeriveOption> Options
)
{
    /// <summary>The whole forward, USD per coin.</summary>
    public double ForwardUsd => ForwardVariableUsd + ForwardFixedUsd;

    /// <summary>Years of 31,536,000 seconds.</summary>
    public double TYears => SecondsToExpiry / 31_536_000;

    /// <summary>Contracts, long and short alike.</summary>
    public double GrossContracts => Options.Sum(option => Math.Abs(option.Amount));

    /// <summary>Contracts sold.</summary>
    public double ShortContracts => Options.Sum(option => Math.Max(0, -option.Amount));

    /// <summary>
    /// Shorts that no long of the same strike covers, call against put alike: per strike
    /// <c>max(0, −(call + put))</c>.
    /// </summary>
    public double NakedShorts()
    {
        var net = new SortedDictionary<double, double>();
        foreach (var option in Options)
            net[option.StrikeUsd] = net.GetValueOrDefault(option.StrikeUsd) + option.Amount;
        return net.Values.Sum(amount => Math.Max(0, -amount));
    }
}

/// <summary>The perpetual of a market.</summary>
/// <param name="Amount">Signed, coins.</param>
/// <param name="PriceUsd">Its mark.</param>
/// <param name="Confidence">Of its feed, 0 to 1.</param>
/// <param name="UnrealisedUsd">Gain and funding not yet settled.</param>
public readonly record struct DerivePerpetual(double Amount, double PriceUsd, double Confidence, double UnrealisedUsd);

/// <summary>What an account holds in one coin.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="SpotUsd">Spot feed, USD per coin.</param>
/// <param name="SpotConfidence">Of that feed, 0 to 1.</param>
/// <param name="Perpetual">Amount 0 where none is held.</param>
/// <param name="BaseCoin">The coin itself; at least 0.</param>
/// <param name="Expiries">Options by expiry.</param>
public sealed record DeriveMarketBook(
    string Underlying,
    double SpotUsd,
    double SpotConfidence,
    DerivePerpetual Perpetual,
    double BaseCoin,
    ImmutableArray<DeriveExpiry> Expiries
)
{
    /// <summary>Least confidence of spot and, where one is held, of the perpetual.</summary>
    public double Confidence => Perpetual.Amount != 0 ? Math.Min(SpotConfidence, Perpetual.Confidence) : SpotConfidence;
}

/// <summary>Collateral under the second portfolio manager.</summary>
/// <param name="Name">Ticker.</param>
/// <param name="Amount">Units; at least 0.</param>
/// <param name="PriceUsd">USD per unit.</param>
/// <param name="Confidence">Of its feed, 0 to 1.</param>
/// <param name="RiskCancelling">Whether it moves with the account's coin, and so may cover calls sold.</param>
/// <param name="MaintenanceHaircut">Of its value, taken off maintenance.</param>
/// <param name="InitialHaircutOnTop">Of its value, taken off initial on top.</param>
public sealed record DeriveCollateral(
    string Name,
    double Amount,
    double PriceUsd,
    double Confidence,
    bool RiskCancelling,
    double MaintenanceHaircut,
    double InitialHaircutOnTop
);

/// <summary>An account on Derive; balances are in USD, a negative one is short of margin.</summary>
/// <param name="CashUsd">USDC; negative is debt.</param>
/// <param name="StablePriceUsd">USD per USDC.</param>
/// <param name="Markets">By coin; portfolio managers take one.</param>
/// <param name="Collaterals">Second portfolio manager only.</param>
public sealed record DeriveBook(
    double CashUsd,
    double StablePriceUsd,
    ImmutableArray<DeriveMarketBook> Markets,
    ImmutableArray<DeriveCollateral> Collaterals
);

/// <summary>Balances as the managers state them: value less requirement, USD.</summary>
/// <param name="MarkToMarketUsd">Value of everything, with cash.</param>
/// <param name="InitialBalanceUsd">Negative: nothing may be opened.</param>
/// <param name="MaintenanceBalanceUsd">Negative: an auction may start.</param>
/// <param name="Charges">Parts of the requirement; they add up to value less balance.</param>
/// <param name="Grids">Scenarios of a portfolio manager.</param>
public sealed record DeriveBalances(
    double MarkToMarketUsd,
    double InitialBalanceUsd,
    double MaintenanceBalanceUsd,
    ImmutableArray<MarginCharge> Charges,
    ImmutableArray<MarginGrid> Grids
);
