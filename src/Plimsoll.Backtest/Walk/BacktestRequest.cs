using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>A method under test: its name in the report and its parameters.</summary>
/// <param name="Name">Unique within a request.</param>
/// <param name="Method">What proposes.</param>
/// <param name="Settings">Its parameters.</param>
public sealed record BacktestMethod(string Name, ISizingMethod Method, MethodSettings Settings);

/// <summary>What the venue is assumed to do where no record says.</summary>
public sealed record VenueAssumptions
{
    /// <summary>Most that one decision fills of an option, as a share of its traded volume of 24 hours.</summary>
    public double OptionVolumeShare { get; init; } = 0.1;

    /// <summary>The same as a share of its open interest; the larger of the two counts.</summary>
    public double OptionInterestShare { get; init; } = 0.02;

    /// <summary>Full spread of perpetuals and futures without quotes, as a fraction of the price.</summary>
    public double PerpetualSpread { get; init; } = 0.0002;

    /// <summary>Funding for 8 hours where none is recorded, a fraction; positive: longs pay.</summary>
    public double Funding8h { get; init; } = 0.0001;

    /// <summary>Full spread of a conversion when gains are swept, as a fraction of the price.</summary>
    public double ConversionSpread { get; init; } = 0.0005;

    /// <summary>Fee of a liquidation on the notional closed.</summary>
    public double LiquidationFee { get; init; } = 0.01;
}

/// <summary>One walk-forward: the same account and mandate for every method.</summary>
public sealed record BacktestRequest
{
    /// <summary>Account on the first day.</summary>
    public required Account Account { get; init; }

    /// <summary>Policy of every method.</summary>
    public required Mandate Mandate { get; init; }

    /// <summary>At least one; names are unique.</summary>
    public required ImmutableArray<BacktestMethod> Methods { get; init; }

    /// <summary>
    /// Time between decisions: the first recorded instant of each such period since 1970-01-01 UTC decides.
    /// </summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Scenarios of each decision.</summary>
    public int Scenarios { get; init; } = 2_000;

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads to use; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>
    /// Whether gains in other currencies are turned into the home currency at each instant, beyond the first balances.
    /// </summary>
    public bool SweepsGains { get; init; }

    /// <summary>What stands in for what was not recorded.</summary>
    public VenueAssumptions Venue { get; init; } = new();

    /// <summary>Currency in which wealth is counted.</summary>
    public Currency Home => Mandate.HomeCurrency ?? Account.HomeCurrency ?? Currency.Usd;
}
