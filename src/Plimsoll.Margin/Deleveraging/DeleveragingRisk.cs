using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Auto-deleveraging risk of one future or perpetual held.</summary>
/// <param name="Subaccount">Where it is held.</param>
/// <param name="Instrument">Its name.</param>
/// <param name="Score">The venue's ranking figure now; null where the rule does not reach it or is no ranking.</param>
/// <param name="Rank">
/// Share of the accounts deleveraged on the recorded day that stood behind this score; null without score or record.
/// </param>
/// <param name="Probability">Weight of the scenarios in which the leg wins beyond the assumed move.</param>
/// <param name="Cost">What closing it adds to the account's worst stress loss, home currency; at least 0.</param>
public sealed record DeleveragingLeg(
    string Subaccount,
    string Instrument,
    double? Score,
    double? Rank,
    double Probability,
    double? Cost
);

/// <summary>What auto-deleveraging would do to a book; losses are positive, home currency.</summary>
/// <param name="Stress">The assumption.</param>
/// <param name="Legs">Futures and perpetuals held.</param>
/// <param name="TailLosses">As in the report, with winning legs closed.</param>
/// <param name="WorstStress">Worst row of the stress set with winning legs closed; null without a set.</param>
public sealed record DeleveragingRisk(
    DeleveragingStress Stress,
    ImmutableArray<DeleveragingLeg> Legs,
    ImmutableArray<TailLoss> TailLosses,
    WorstCase? WorstStress
)
{
    /// <summary>Worst loss of each coin over the tail range with winning legs closed.</summary>
    public ImmutableArray<WorstCase> WorstTail { get; init; } = [];

    /// <summary>Revalues a book with its winning legs closed at the assumed move.</summary>
    /// <param name="stress">The assumption.</param>
    /// <param name="request">For levels and entry prices.</param>
    /// <param name="book">What is held.</param>
    /// <param name="risk">Weighted gains of contracts, and of the book.</param>
    /// <param name="worst">The same in the stress set; no rows without one.</param>
    /// <param name="pools">Margin now; empty when it is undetermined, then there is no score.</param>
    internal static DeleveragingRisk Of(
        DeleveragingStress stress,
        RiskRequest request,
        Book book,
        (PnlMatrix Matrix, double[] Gain) risk,
        (PnlMatrix Matrix, double[] Gain) worst,
        ImmutableArray<PoolMargin> pools
    )
    {
        double[] weights = request.Scenarios.Weights;
        var held = book.Holdings.Where(holding => DeleveragingStress.Reaches(holding.Instrument)).ToList();
        double[] gain = [.. risk.Gain],
            stressed = [.. worst.Gain],
            asTheyAre = worst.Gain;
        var legs = new List<(Holding Held, double Probability, double[] Forgone)>();
        foreach (var holding in held)
        {
            double[] lost = Forgone(stress, risk.Matrix, holding),
                inStress = Forgone(stress, worst.Matrix, holding);
            double probability = 0;
            for (int s = 0; s < lost.Length; s++)
            {
                gain[s] -= lost[s];
                probability += lost[s] > 0 ? weights[s] : 0;
            }
            for (int s = 0; s < inStress.Length; s++)
                stressed[s] -= inStress[s];
            legs.Add((holding, probability, inStress));
        }
        var law = new LossDistribution(gain, weights);
        return new DeleveragingRisk(
            stress,
            [
                .. legs.Select(leg =>
                {
                    double? score = Score(stress, request, risk.Matrix.Prices!, leg.Held, pools);
                    return new DeleveragingLeg(
                        leg.Held.Subaccount,
                        leg.Held.Instrument.Name,
                        score,
                        score is { } known ? DeleveragingRecord.Find(stress.Venue)?.Rank(known) : null,
                        leg.Probability,
                        stressed.Length == 0 ? null : Cost(asTheyAre, leg.Forgone)
                    );
                }),
            ],
            [
                .. request.Levels.Select(level => new TailLoss(
                    level,
                    law.ValueAtRisk(level),
                    law.ExpectedShortfall(level)
                )),
            ],
            Worst(worst.Matrix, stressed)
        );
    }

    static double[] Forgone(DeleveragingStress stress, PnlMatrix matrix, Holding held)
    {
        int column = matrix.Instruments.IndexOf(held.Instrument),
            count = matrix.Scenarios.Count;
        double[] asLong = new double[count],
            asShort = new double[count];
        stress.Forgone(matrix, column, asLong, asShort);
        double[] forgone = held.Contracts > 0 ? asLong : asShort;
        for (int s = 0; s < count; s++)
            forgone[s] *= Math.Abs(held.Contracts);
        return forgone;
    }

    static double Cost(double[] gain, double[] forgone)
    {
        double without = 0,
            with = 0;
        for (int s = 0; s < gain.Length; s++)
        {
            without = Math.Max(without, -gain[s]);
            with = Math.Max(with, forgone[s] - gain[s]);
        }
        return with - without;
    }

    static WorstCase? Worst(PnlMatrix matrix, double[] gain)
    {
        if (gain.Length == 0)
            return null;
        var (scenario, loss) = RiskMeasures.WorstScenario(gain);
        return new WorstCase("account", Math.Max(0, loss), matrix.Scenarios.Origins[scenario]);
    }

    /// <summary>The venue's figure, with the pool's equity behind the position.</summary>
    static double? Score(
        DeleveragingStress stress,
        RiskRequest request,
        HomePrices prices,
        Holding held,
        ImmutableArray<PoolMargin> pools
    )
    {
        string name = AccountMargin.PoolName(request.Account, held.Subaccount, held.Instrument.Settlement);
        if (
            DeleveragingRules.Find(stress.Venue) is not DeleveragingQueue rule
            || pools.FirstOrDefault(pool => pool.Name == name) is not { } pool
            || request.Market.Prices.UnderlyingPriceUsd(held.Instrument) is not { } markUsd
        )
            return null;
        var position = new MarginPosition(held.Instrument, held.Contracts, Entry(request, held) ?? markUsd);
        double coins = PerpetualExposure.Coins(position, markUsd),
            dollar = prices.Now(Currency.Usdc);
        return rule.Score(
            new DeleveragingPosition(
                held.Subaccount,
                coins,
                position.EntryPrice!.Value,
                markUsd,
                pool.Equity / dollar,
                pool.Maintenance / dollar
            )
        );
    }

    static double? Entry(RiskRequest request, Holding held) =>
        (double?)
            request
                .Account.Subaccounts.FirstOrDefault(subaccount => subaccount.Name == held.Subaccount)
                ?.Positions.FirstOrDefault(position => position.Instrument == held.Instrument.Name)
                ?.EntryPrice;
}
