using System.Runtime.CompilerServices;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Bench;

/// <summary>
/// The baseline of the margin bench: Deribit's risk matrix of a coin-settled pool as its formulas read, one option and
/// one cell at a time (docs/margin/deribit.md).
/// </summary>
static class PlainMargin
{
    /// <summary>Cells of a coin's grid and extended table.</summary>
    public static int CellsOf(DeribitPortfolioParameters parameters, string coin) =>
        parameters.Coins.ContainsKey(coin)
            ? 3 * (2 * parameters.BucketsPerSide + 1) + parameters.ExtendedMoves.Length
            : 0;

    /// <summary>Maintenance in the first scenarios, USD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Of(QuickMargin.Work work, QuickMargin.Pool pool, int count)
    {
        var (parameters, risk) = (work.Parameters, work.Parameters.Coins[pool.Coin]);
        var currency = parameters.Of(new Currency(pool.Coin))!;
        var set = work.Matrix.Scenarios;
        var moves = SurfaceMoves
            .Build(work.Market.Surfaces[pool.Coin], work.Market.Snapshot, set, VolatilityResponses.For(pool.Coin))
            .ToDictionary(move => move.Slice.Expiry);
        var maintenance = new double[count];
        int prices = 2 * parameters.BucketsPerSide + 1,
            regular = 3 * prices;
        for (int s = 0; s < count; s++)
        {
            double indexUsd = work.Market.Prices.IndexUsd(pool.Coin)!.Value * Math.Exp(set.Of(pool.Coin).LogReturn[s]);
            var gain = new double[regular + parameters.ExtendedMoves.Length];
            var net = new SortedDictionary<DateTimeOffset, (double Delta, double Years)>();
            double bought = 0,
                other = 0;
            foreach (int column in pool.Columns)
            {
                var instrument = work.Matrix.Instruments[column];
                double held = work.Held[column] * (double)instrument.ContractSize;
                if (instrument.SettlesAt is { } settles && set.Of(pool.Coin).DeliveryLogReturn.ContainsKey(settles))
                    continue;
                var at = instrument.SettlesAt ?? DateTimeOffset.MinValue;
                double years = instrument.SettlesAt is { } end
                    ? Years.Between(work.Market.Snapshot.AsOf, end).Value - set.Horizon.Value
                    : 0;
                double forward,
                    delta,
                    vol = 0,
                    strike = 0,
                    sign = 0,
                    now = 0;
                if (instrument is OptionInstrument option)
                {
                    var move = moves[option.Expiry];
                    forward = Math.Exp(move.LogForward[s]);
                    strike = (double)option.StrikeUsd;
                    double kappa = Math.Log(strike / forward) / Math.Sqrt(move.VarianceScale[s]);
                    double variance =
                        move.VarianceScale[s] * Math.Max(1e-24, move.Slice.TotalVariance(kappa) + move.Tilt[s] * kappa);
                    vol = Math.Sqrt(variance / years);
                    sign = Black76.SignOf(option.Right);
                    now = Value(forward, strike, vol, years, sign);
                    double d2 = Math.Log(forward / strike) / Math.Sqrt(variance) - Math.Sqrt(variance) / 2;
                    delta = held * sign * strike / forward * SpecialFunctions.NormalCdf(sign * d2);
                }
                else
                {
                    forward =
                        work.Market.Prices.UnderlyingPriceUsd(instrument)!.Value
                        * Math.Exp(set.Of(pool.Coin).LogReturn[s]);
                    delta = held / forward;
                }
                var sum = net.GetValueOrDefault(at);
                net[at] = (sum.Delta + delta, years);
                if (held > 0 && instrument is OptionInstrument)
                    bought += delta;
                else
                    other += delta;
                double days = years * 365;
                double power = days < parameters.LongTermDays ? risk.ShortTermVegaPower : risk.LongTermVegaPower;
                double reach = Math.Pow(parameters.LongTermDays / Math.Max(days, parameters.ShortestDays), power);
                double up = Math.Max(vol * (1 + risk.VolatilityRangeUp * reach), risk.MinimumVolatilityForShockUp);
                double down = vol * Math.Max(0, 1 - risk.VolatilityRangeDown * reach);
                for (int c = 0; c < gain.Length; c++)
                {
                    double u =
                        c < regular
                            ? risk.PriceRange * (c / 3 - parameters.BucketsPerSide) / parameters.BucketsPerSide
                            : parameters.ExtendedMoves[c - regular];
                    double shocked =
                        c >= regular
                            ? up
                            : (c % 3) switch
                            {
                                (int)VolatilityShock.Up => up,
                                (int)VolatilityShock.Down => down,
                                _ => vol,
                            };
                    double coins =
                        strike > 0
                            ? Value(forward * (1 + u), strike, shocked, years, sign) - now
                            : u / (1 + u) / forward;
                    if (c >= regular)
                    {
                        double edge = Math.CopySign(risk.PriceRange, u);
                        coins *= (1 + u) * risk.ExtendedTableFactor * risk.PriceRange / Math.Abs(u) / (1 + edge);
                    }
                    gain[c] += held * coins;
                }
            }
            double worst = 0;
            for (int c = 0; c < gain.Length; c++)
            {
                double dampener = 0;
                if (c >= regular)
                {
                    double u = parameters.ExtendedMoves[c - regular];
                    double steps = Math.Max(0, Math.Abs(u) / risk.PriceRange - 1);
                    dampener =
                        steps * currency.ExtendedDampenerUsd / (indexUsd * (1 + Math.CopySign(risk.PriceRange, u)));
                }
                worst = Math.Max(worst, -gain[c] - dampener);
            }
            double roll = 0;
            foreach (var (delta, years) in net.Values)
                roll +=
                    Math.Abs(delta)
                    * Math.Max(currency.MinimumAnnualisedMove, Math.Exp(currency.AnnualisedMoveRisk * years) - 1);
            double unhelped =
                other < 0 ? Math.Min(Math.Max(bought + other, other), 0) : Math.Max(Math.Min(bought + other, other), 0);
            double size = Math.Abs(unhelped);
            double shock = Math.Min(
                Math.Max(0, size * indexUsd - risk.DeltaShockThresholdUsd) * size * risk.DeltaShockPerCoin,
                risk.MaximumDeltaShock * indexUsd * size
            );
            maintenance[s] = parameters.MaintenanceFactor * ((worst + roll) * indexUsd + shock);
        }
        return maintenance;
    }

    /// <summary>Black-76 over the forward.</summary>
    static double Value(double forward, double strike, double vol, double years, double sign)
    {
        double s = vol * Math.Sqrt(years);
        double d1 = Math.Log(forward / strike) / s + s / 2;
        return sign
            * (SpecialFunctions.NormalCdf(sign * d1) - strike / forward * SpecialFunctions.NormalCdf(sign * (d1 - s)));
    }
}
