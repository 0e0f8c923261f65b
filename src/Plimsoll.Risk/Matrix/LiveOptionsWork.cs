using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Options of one expiry that outlive the horizon, over one range of scenarios.</summary>
sealed class LiveOptionsWork(LiveOptionTerms terms, int from, int count) : MatrixWork
{
    public override void Fill(ColumnMatrix gain)
    {
        Span<double> valueNow = stackalloc double[ChunkRows];
        valueNow = valueNow[..count];
        foreach (var option in terms.Options)
        {
            var settlement = option.SettlementPrice.AsSpan(from, count);
            ColumnProducts.Scale(option.ValueNow, settlement, valueNow);
            RevaluationKernel.OptionGain(
                option.StrikeUsd,
                option.Right,
                terms.Slice,
                terms.Moved,
                from,
                option.Size,
                option.PayoffPrice.AsSpan(from, count),
                valueNow,
                gain.Column(option.Column).Slice(from, count)
            );
        }
    }
}

/// <summary>One option of the matrix, unwrapped for the kernel.</summary>
/// <param name="Column">Its column.</param>
/// <param name="StrikeUsd">Strike.</param>
/// <param name="Right">Call or put.</param>
/// <param name="Size">Units of underlying a contract.</param>
/// <param name="PayoffPrice">Home value of one unit of price over forward, by scenario.</param>
/// <param name="ValueNow">Price now in the settlement currency for one unit.</param>
/// <param name="SettlementPrice">Home value of one unit of the settlement currency, by scenario.</param>
readonly record struct LiveOption(
    int Column,
    double StrikeUsd,
    OptionRight Right,
    double Size,
    double[] PayoffPrice,
    double ValueNow,
    double[] SettlementPrice
);

/// <summary>All options of one expiry with the smile that moves under them.</summary>
sealed record LiveOptionTerms(SviSlice Slice, RevaluationScenarios Moved, ImmutableArray<LiveOption> Options)
{
    public static LiveOptionTerms Of(
        List<int> columns,
        ImmutableArray<Instrument> instruments,
        SurfaceMove move,
        ModelPrices prices,
        HomePrices homePrices
    )
    {
        double[]? dollar = null,
            forwardInHome = null;
        var settlement = new Dictionary<Currency, double[]>();
        var options = ImmutableArray.CreateBuilder<LiveOption>(columns.Count);
        foreach (int column in columns)
        {
            var option = (OptionInstrument)instruments[column];
            if (!settlement.TryGetValue(option.Settlement, out double[]? settled))
                settlement[option.Settlement] = settled = homePrices.InScenarios(option.Settlement).ToArray();
            double[] payoff = settled;
            if (option.Shape == PayoffShape.Linear)
            {
                dollar ??= homePrices.InScenarios(Currency.Usd).ToArray();
                payoff = forwardInHome ??= [
                    .. ScenarioPrices.Scaled(1, move.LogForward).Zip(dollar, (forward, home) => forward * home),
                ];
            }
            options.Add(
                new LiveOption(
                    column,
                    (double)option.StrikeUsd,
                    option.Right,
                    (double)option.ContractSize,
                    payoff,
                    prices.Price(option)!.Value,
                    settled
                )
            );
        }
        return new LiveOptionTerms(
            move.Slice,
            new RevaluationScenarios(move.LogForward, move.VarianceScale, move.Tilt),
            options.ToImmutable()
        );
    }
}
