using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>How far liquidations of the account and of the crowd carry a named move.</summary>
/// <remarks>
/// By coin: the futures and perpetuals that the venue would close of pools that are short there, and of the crowd the
/// given share of open interest per unit of the move, push the price by the square-root law on what is left of a normal
/// day's volume; the push forces more out, and the move is the fixed point of both
/// (<see cref="FireSale.AmplifiedMove"/>). On recorded days only the account's own selling is added. Only contracts
/// whose gain the crowd loses sell with the move: a fall forces
/// longs. A coin without stated volume and open interest keeps its move.
/// </remarks>
sealed class ForcedSelling
{
    readonly StressWork work;
    readonly ScenarioSet set;
    readonly SortedDictionary<string, double[]> moves = new(StringComparer.Ordinal);

    public ForcedSelling(
        StressWork work,
        ScenarioSet set,
        ImmutableArray<NamedStress> rows,
        ImmutableArray<PoolInScenarios> pools
    )
    {
        (this.work, this.set) = (work, set);
        foreach (string coin in work.Coins)
            if (Crowd(coin) is var (volume, interest) && volume > 0)
                moves[coin] = [.. rows.Select((row, s) => Amplified(coin, volume, interest, row, pools, s))];
    }

    /// <summary>ln moves after forced selling as fractions, of coins whose market says enough.</summary>
    public ImmutableSortedDictionary<string, double> Moves(int row) =>
        moves.ToImmutableSortedDictionary(pair => pair.Key, pair => Math.Exp(pair.Value[row]) - 1);

    /// <summary>The account's gain there; null where no coin's selling is known.</summary>
    public double[]? Gains()
    {
        if (moves.Count == 0)
            return null;
        return work.GainsUnder(
            set with
            {
                Underlyings =
                [
                    .. set.Underlyings.Select(coin =>
                        moves.TryGetValue(coin.Underlying, out double[]? deeper) ? Deeper(coin, deeper) : coin
                    ),
                ],
            }
        );
    }

    static UnderlyingScenarios Deeper(UnderlyingScenarios coin, double[] logReturn) =>
        coin with
        {
            LogReturn = logReturn,
            PathLow = [.. logReturn.Select((r, s) => Math.Min(coin.PathLow[s], r))],
            PathHigh = [.. logReturn.Select((r, s) => Math.Max(coin.PathHigh[s], r))],
            DeliveryLogReturn = coin.DeliveryLogReturn.ToImmutableSortedDictionary(pair => pair.Key, _ => logReturn),
        };

    /// <summary>A day's volume and open interest of the coin's futures and perpetuals, in coins.</summary>
    (double Volume, double Interest) Crowd(string coin)
    {
        double volume = 0,
            interest = 0;
        foreach (var quote in work.Risk.Market.Snapshot.Quotes)
        {
            if (
                quote.Instrument.Underlying != coin
                || quote.Instrument is not (PerpetualInstrument or FutureInstrument)
            )
                continue;
            double coins = Coins(quote.Instrument);
            volume += coins * (double)(quote.DailyVolumeContracts ?? 0);
            interest += coins * (double)(quote.OpenInterestContracts ?? 0);
        }
        return (volume, interest);
    }

    /// <summary>Coins that one contract stands for.</summary>
    double Coins(Instrument instrument) =>
        (double)instrument.ContractSize
        / (
            instrument.Shape == PayoffShape.Inverse
                ? work.Risk.Market.Prices.UnderlyingPriceUsd(instrument) ?? double.PositiveInfinity
                : 1
        );

    double Amplified(
        string coin,
        double volume,
        double interest,
        NamedStress row,
        ImmutableArray<PoolInScenarios> pools,
        int s
    )
    {
        var coinMoves = set.Of(coin);
        double shock = coinMoves.LogReturn[s];
        if (shock == 0)
            return 0;
        double own = 0;
        foreach (var held in work.Book.Holdings)
            if (
                held.Instrument.Underlying == coin
                && held.Instrument is PerpetualInstrument or FutureInstrument
                && Math.Sign(held.Contracts) == -Math.Sign(shock)
                && IsShort(held, pools, s)
            )
                own += Math.Abs(held.Contracts) * Coins(held.Instrument);
        return FireSale.AmplifiedMove(
            shock,
            own,
            // A recorded move has the crowd's liquidations in it already.
            row.IsHistory
                ? 0
                : interest * work.Request.CrowdShare,
            volume,
            row.Liquidity.Depth,
            Deviation(coin) * StressLosses.StressedDeviation(coin, coinMoves.LogVolatilityMove[s]),
            work.Risk.Exit.ImpactPrefactor
        );
    }

    bool IsShort(Holding held, ImmutableArray<PoolInScenarios> pools, int s)
    {
        string name = AccountMargin.PoolName(work.Risk.Account, held.Subaccount, held.Instrument.Settlement);
        return pools.Any(pool => pool.Name == name && pool.Balance[s] < pool.Maintenance[s]);
    }

    double Deviation(string coin)
    {
        var scenarios = work.Risk.Scenarios;
        return RiskMeasures.StandardDeviation(scenarios.Of(coin).LogReturn, scenarios.Weights)
            / Math.Sqrt(scenarios.Horizon.Days);
    }
}
