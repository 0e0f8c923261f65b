using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Parameters of Hyperliquid's perpetuals.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Tiers">By coin.</param>
/// <param name="OnlyIsolated">Coins that the venue takes with a margin of their own alone.</param>
public sealed record HyperliquidParameters(
    MarginNote Note,
    ImmutableDictionary<string, LeverageTiers> Tiers,
    ImmutableHashSet<string> OnlyIsolated
)
{
    /// <summary>Reads data/venues/hyperliquid/margin.json.</summary>
    public static HyperliquidParameters Read(ParameterNode node, MarginNote note)
    {
        var tiers = ImmutableDictionary.CreateBuilder<string, LeverageTiers>(StringComparer.Ordinal);
        foreach (var table in node.List("tables"))
        {
            ImmutableArray<LeverageTier> rows =
            [
                .. table
                    .List("tiers")
                    .Select(row => new LeverageTier(
                        row.Number("lower_bound_usd"),
                        row.Number("largest_leverage", 1, 1_000)
                    )),
            ];
            if (!LeverageTiers.AreOrdered(rows))
                table.Fail("tiers", "tiers from 0, ascending in notional and descending in leverage");
            else
                foreach (string coin in table.Texts("coins"))
                    if (!tiers.TryAdd(coin, new LeverageTiers(rows)))
                        table.Fail("coins", $"each coin once; {coin} stands twice");
        }
        if (tiers.Count == 0)
            node.Fail("tables", "tables with coins and tiers");
        return new HyperliquidParameters(note, tiers.ToImmutable(), [.. node.Texts("only_isolated")]);
    }
}

/// <summary>Hyperliquid: perpetuals at a leverage the user sets, cross or isolated, maintenance by tiers.</summary>
/// <remarks>
/// Source: hyperliquid.gitbook.io/hyperliquid-docs/trading/margining and margin-tiers (read 2026).
/// <c>IM = notional/leverage</c>, the leverage a whole number no larger than the tier of the notional allows;
/// <c>MM = notional·rate − deduction</c> (<see cref="LeverageTiers"/>); balance = USDC + unrealised gains. An isolated
/// position stands in a subaccount of its own (<see cref="IsolatedPositions"/>). No netting of any kind. Maintenance is
/// convex; initial margin jumps where a tier cuts the leverage, so as a whole the rule is not.
/// </remarks>
public sealed class HyperliquidMargin(HyperliquidParameters parameters) : IPositionwiseVenue
{
    const string ModelKey = "hyperliquid-margin";

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "hyperliquid";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Maintenance by tiers is convex; initial margin alone jumps.</summary>
    public bool MaintenanceIsConvexWithin(MarginPortfolio portfolio) => true;

    /// <inheritdoc />
    public MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (
            instrument is not PerpetualInstrument
            || parameters.Tiers.GetValueOrDefault(instrument.Underlying) is not { } tiers
        )
            return null;
        var (usd, unitUsd) = ContractNotional.Of(instrument, price);
        double reach = tiers.LargestOpenUsd(equityUsd);
        double each = usd / unitUsd;
        return ContractNotional.Alike(each / tiers.LeverageAt(reach), each * tiers.MaintenanceUsd(reach) / reach);
    }

    /// <inheritdoc />
    public bool TakesCross(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return !parameters.OnlyIsolated.Contains(instrument.Underlying);
    }

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, HyperliquidParameters.Read)
            .Select(IVenueMargin (of) => new HyperliquidMargin(of));

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio)
    {
        string[] missing = [.. PerpetualExposure.Unfit(portfolio, "Hyperliquid"), .. Lacks(portfolio)];
        if (missing.Length > 0)
            return MarginStatement.Undetermined(portfolio, this, missing);
        return new MarginStatement(portfolio.Name, Key, Venue, [Pool(portfolio)], []);
    }

    IEnumerable<string> Lacks(MarginPortfolio portfolio)
    {
        foreach (var position in portfolio.Positions)
        {
            if (!parameters.Tiers.ContainsKey(position.Instrument.Underlying))
                yield return $"{position.Instrument.Name}: no margin tiers of {position.Instrument.Underlying}";
            if (!portfolio.IsIsolated && !TakesCross(position.Instrument))
                yield return $"{position.Instrument.Name}: an isolated-margin, the only one the venue takes for it";
            if (position.Leverage is < 1)
                yield return $"{position.Instrument.Name}: a leverage of at least 1, not {position.Leverage}";
        }
    }

    PoolStatement Pool(MarginPortfolio portfolio)
    {
        double value = PerpetualExposure.CashUsd(portfolio);
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        foreach (var position in portfolio.Positions)
        {
            double mark = portfolio.Market.Quote(position.Instrument)!.Mark;
            var tiers = parameters.Tiers[position.Instrument.Underlying];
            double notional = Math.Abs(PerpetualExposure.Coins(position, mark)) * mark;
            double largest = tiers.LeverageAt(notional);
            double leverage = Math.Min(largest, Math.Floor(position.Leverage ?? largest));
            value += PerpetualExposure.UnrealisedUsd(position, mark);
            charges.Add(
                new MarginCharge(
                    position.Instrument.Name,
                    "position",
                    notional / leverage,
                    tiers.MaintenanceUsd(notional)
                )
            );
        }
        return new PoolStatement
        {
            Name = portfolio.Name,
            Currency = Currency.Usdc,
            UnitUsd = portfolio.Market.PriceUsd(Currency.Usdc) ?? 1,
            Equity = value + PerpetualExposure.OtherUsd(portfolio),
            Balance = value,
            MaintenanceBalance = value,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges.ToImmutable(),
        };
    }
}
