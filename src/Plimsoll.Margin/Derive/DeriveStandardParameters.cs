using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Fractions of a perpetual's notional.</summary>
public sealed record DerivePerpetualFractions(double Initial, double Maintenance);

/// <summary>Fractions of spot for options sold.</summary>
/// <param name="MaxSpot">Initial, less the fraction out of the money.</param>
/// <param name="MinSpot">Never less than this.</param>
/// <param name="MaintenanceCall">Of spot.</param>
/// <param name="MaintenancePut">Of spot.</param>
/// <param name="MaintenancePutMark">Of the mark, where that is more.</param>
public sealed record DeriveOptionFractions(
    double MaxSpot,
    double MinSpot,
    double MaintenanceCall,
    double MaintenancePut,
    double MaintenancePutMark
);

/// <summary>What of a coin counts.</summary>
/// <param name="Fraction">Of its value, for maintenance.</param>
/// <param name="InitialScale">Times that, for initial.</param>
public sealed record DeriveBaseFractions(double Fraction, double InitialScale);

/// <summary>Rules of one market; a null part is not known.</summary>
public sealed record DeriveMarketFractions(
    string Underlying,
    DerivePerpetualFractions? Perpetual,
    DeriveOptionFractions? Option,
    DeriveBaseFractions? Base
);

/// <summary>What is taken where the market does not state it.</summary>
/// <param name="Confidence">Of every feed, 0 to 1.</param>
/// <param name="RateAnnual">Interest rate of every expiry.</param>
public sealed record DeriveAssumed(double Confidence, double RateAnnual)
{
    /// <summary>Reads the node <c>assumed</c> of a parameter file.</summary>
    public static DeriveAssumed Read(ParameterNode node) =>
        new(node.Number("confidence", 0, 1), node.Number("rate_annual", -1, 1));
}

/// <summary>Parameters of the standard manager.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="DepegThresholdUsd">Below this price of USDC initial margin grows.</param>
/// <param name="DepegFactor">By this times the distance, of the notional.</param>
/// <param name="UnpairedInitial">Of the forward, for each call sold that no call covers.</param>
/// <param name="UnpairedMaintenance">The same for maintenance.</param>
/// <param name="PutInitialOverMaintenance">Least ratio of a put's initial to its maintenance.</param>
/// <param name="OfPerpetuals">Unsure feeds, perpetuals.</param>
/// <param name="OfOptions">Unsure feeds, options.</param>
/// <param name="OfCoins">Unsure feeds, coins.</param>
/// <param name="Assumed">Where the market does not say.</param>
/// <param name="Markets">By coin.</param>
public sealed record DeriveStandardParameters(
    MarginNote Note,
    double DepegThresholdUsd,
    double DepegFactor,
    double UnpairedInitial,
    double UnpairedMaintenance,
    double PutInitialOverMaintenance,
    DeriveConfidence OfPerpetuals,
    DeriveConfidence OfOptions,
    DeriveConfidence OfCoins,
    DeriveAssumed Assumed,
    ImmutableArray<DeriveMarketFractions> Markets
)
{
    /// <summary>Rules of a coin, or null.</summary>
    public DeriveMarketFractions? Find(string underlying) =>
        Markets.FirstOrDefault(market => market.Underlying == underlying);

    /// <summary>Reads data/venues/derive/standard-margin.json.</summary>
    public static DeriveStandardParameters Read(ParameterNode node, MarginNote note)
    {
        double factor = node.Number("confidence_factor", 0, 10);
        return new(
            note,
            node.Number("depeg_threshold_usd", 0, 1),
            node.Number("depeg_factor", 0, 10),
            node.Number("unpaired_initial", 0, 10),
            node.Number("unpaired_maintenance", 0, 10),
            node.Number("put_initial_over_maintenance", 1, 10),
            new DeriveConfidence(node.Number("perpetual_confidence_threshold", 0, 1), factor),
            new DeriveConfidence(node.Number("option_confidence_threshold", 0, 1), factor),
            new DeriveConfidence(node.Number("coin_confidence_threshold", 0, 1), factor),
            DeriveAssumed.Read(node.Node("assumed")),
            [.. node.List("markets").Select(Market)]
        );
    }

    static DeriveMarketFractions Market(ParameterNode node)
    {
        DerivePerpetualFractions? perpetual = null;
        DeriveOptionFractions? option = null;
        DeriveBaseFractions? coin = null;
        if (node.Has("perpetual"))
        {
            var of = node.Node("perpetual");
            perpetual = new DerivePerpetualFractions(of.Number("initial", 0, 1), of.Number("maintenance", 0, 1));
            if (perpetual.Maintenance > perpetual.Initial)
                of.Fail("maintenance", "at most initial");
        }
        if (node.Has("option"))
        {
            var of = node.Node("option");
            option = new DeriveOptionFractions(
                of.Number("max_spot", 0, 1),
                of.Number("min_spot", 0, 1),
                of.Number("maintenance_call", 0, 1),
                of.Number("maintenance_put", 0, 1),
                of.Number("maintenance_put_mark", 0, 1)
            );
            if (option.MinSpot > option.MaxSpot)
                of.Fail("min_spot", "at most max_spot");
        }
        if (node.Has("coin"))
        {
            var of = node.Node("coin");
            coin = new DeriveBaseFractions(of.Number("fraction", 0, 1), of.Number("initial_scale", 0, 1));
        }
        return new DeriveMarketFractions(node.Text("underlying"), perpetual, option, coin);
    }
}
