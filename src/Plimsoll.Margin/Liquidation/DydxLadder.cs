using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Figures of dYdX's liquidation.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="BankruptcyAdjustment">BA of the fillable price.</param>
/// <param name="SpreadToMaintenanceRatio">SMMR of the fillable price.</param>
/// <param name="LargestFeeFraction">Of the proceeds, to the insurance fund.</param>
/// <param name="LargestSharePerBlock">Of a position in one block.</param>
/// <param name="LargestNotionalPerBlockUsd">Of a subaccount in one block, USD.</param>
public sealed record DydxLiquidation(
    MarginNote Note,
    double BankruptcyAdjustment,
    double SpreadToMaintenanceRatio,
    double LargestFeeFraction,
    double LargestSharePerBlock,
    double LargestNotionalPerBlockUsd
)
{
    /// <summary>Reads data/venues/dydx/liquidation.json.</summary>
    public static DydxLiquidation Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            node.Number("bankruptcy_adjustment", 0, 100),
            node.Number("spread_to_maintenance_ratio", 0, 100),
            node.Number("largest_fee_fraction", 0, 1),
            node.Number("largest_share_per_block", 0, 1),
            node.Number("largest_notional_per_block_usd")
        );
}

/// <summary>dYdX v4: liquidation orders of one market at a time, then deleveraging at the bankruptcy price.</summary>
/// <remarks>
/// Source: dydxprotocol/v4-chain 84d4664b, x/clob/keeper/liquidations.go. The chain starts at a pseudo-random market
/// and takes one a block: the order here is the account's own, each step stands for the market's turn. The cost is
/// the fee of a fill at the oracle price, never more than what is left above the bankruptcy price.
/// </remarks>
public sealed class DydxLadder(DydxLiquidation parameters) : ILiquidationLadder
{
    /// <summary>With the figures that ship with the program.</summary>
    public static DydxLadder Shipped { get; } =
        new(LiquidationLadders.Read("venues/dydx/liquidation.json", DydxLiquidation.Read));

    /// <inheritdoc />
    public string Key => "dydx";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public ImmutableArray<LadderStep> Steps(LadderAccount account)
    {
        if (!(account.MaintenanceUsd > 0) || account.EquityUsd >= account.MaintenanceUsd)
            return [];
        var exact = Exact(account);
        var steps = ImmutableArray.CreateBuilder<LadderStep>();
        foreach (var position in account.Positions.Where(position => position.MaintenanceUsd > 0))
        {
            decimal size = (decimal)position.SizeCoin;
            double part = Math.Min(
                parameters.LargestSharePerBlock,
                parameters.LargestNotionalPerBlockUsd / position.NotionalUsd
            );
            decimal closed = -size * (decimal)part;
            decimal fee = exact.InsuranceFundUsd(
                position.Instrument,
                closed,
                (decimal)position.PriceUsd,
                (decimal)parameters.LargestFeeFraction
            );
            steps.Add(
                new LadderStep(
                    "market_order",
                    position.Instrument,
                    part,
                    (double)
                        exact.FillablePriceUsd(
                            position.Instrument,
                            (decimal)parameters.BankruptcyAdjustment,
                            (decimal)parameters.SpreadToMaintenanceRatio
                        ),
                    (double)exact.BankruptcyPriceUsd(position.Instrument),
                    Math.Max(0, (double)fee),
                    "one market a block, from a pseudo-random start"
                )
            );
        }
        if (account.EquityUsd < 0)
        {
            steps.Add(new LadderStep("insurance_fund", "", 1, null, null, 0, "pays up to the bankruptcy price"));
            steps.Add(
                new LadderStep("auto_deleveraging", "", 1, null, null, 0, "opposite accounts in pseudo-random rotation")
            );
        }
        return steps.ToImmutable();
    }

    static DydxAccount Exact(LadderAccount account)
    {
        var positions = account
            .Positions.Where(position => position.MaintenanceUsd > 0)
            .Select(position => new DydxPosition(
                position.Instrument,
                (decimal)position.SizeCoin,
                (decimal)position.PriceUsd,
                0,
                (decimal)(position.MaintenanceUsd / (Math.Abs(position.SizeCoin) * position.PriceUsd))
            ))
            .ToImmutableArray();
        return new DydxAccount((decimal)account.EquityUsd - positions.Sum(p => p.NetNotionalUsd), positions);
    }
}
