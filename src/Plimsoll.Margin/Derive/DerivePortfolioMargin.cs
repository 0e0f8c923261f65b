using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Parameters of the first portfolio manager.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Scenarios">23 on the main network.</param>
/// <param name="Volatility">Shocks.</param>
/// <param name="Basis">Forwards that move apart.</param>
/// <param name="StaticDiscount">Times positive shocked values.</param>
/// <param name="RateMultiplier">Of the positive rate in that discount.</param>
/// <param name="RateAddPerYear">Added to it.</param>
/// <param name="PerpetualFraction">Of spot, per perpetual.</param>
/// <param name="CoinFraction">Of spot, per coin held.</param>
/// <param name="NakedShortFraction">Of spot, per naked short.</param>
/// <param name="InitialFactor">Initial over maintenance.</param>
/// <param name="PegThresholdUsd">Below this price of USDC initial margin grows.</param>
/// <param name="PegFactor">By this times the distance.</param>
/// <param name="Confidence">Unsure feeds.</param>
/// <param name="Assumed">Where the market does not say.</param>
public sealed record DerivePortfolioParameters(
    MarginNote Note,
    ImmutableArray<DeriveScenario> Scenarios,
    DeriveVolatilityShocks Volatility,
    DeriveBasis Basis,
    double StaticDiscount,
    double RateMultiplier,
    double RateAddPerYear,
    double PerpetualFraction,
    double CoinFraction,
    double NakedShortFraction,
    double InitialFactor,
    double PegThresholdUsd,
    double PegFactor,
    DeriveConfidence Confidence,
    DeriveAssumed Assumed
)
{
    /// <summary>Reads data/venues/derive/portfolio-margin.json.</summary>
    public static DerivePortfolioParameters Read(ParameterNode node, MarginNote note) =>
        new(
            note,
            DeriveScenario.Read(node),
            DeriveVolatilityShocks.Read(node.Node("volatility")),
            DeriveBasis.Read(node.Node("basis")),
            node.Number("static_discount", 0, 1),
            node.Number("rate_multiplier", 0, 10),
            node.Number("rate_add_per_year", 0, 10),
            node.Number("perpetual_fraction", 0, 1),
            node.Number("coin_fraction", 0, 1),
            node.Number("naked_short_fraction", 0, 1),
            node.Number("initial_factor", 1, 10),
            node.Number("peg_threshold_usd", 0, 1),
            node.Number("peg_factor", 0, 100),
            new DeriveConfidence(node.Number("confidence_threshold", 0, 1), node.Number("confidence_factor", 0, 10)),
            DeriveAssumed.Read(node.Node("assumed"))
        );
}

/// <summary>Derive's first portfolio manager (PMRM): one coin, scenarios of spot and volatility.</summary>
/// <remarks>
/// Source: derivexyz/v2-core 7736900d (2026-01-21), PMRMLib.sol; docs/margin/derive.md.
/// <code>
/// SPAN = min(basis, min over scenarios Σ [V' &gt; 0 ? V'·D : V'] − V + coin·(u − 1) + q·P·(u − 1))
/// D = d·e^(−τ(max(r,0)·m + a))
/// static = (|q|·perp + coin·base)·S + naked shorts·S·option
/// MM balance = SPAN − static + value;  IM balance = (SPAN − static)·(factor + (peg − stable)⁺·k) − confidence + value
/// </code>
/// Convex and homogeneous in positions at a fixed market.
/// </remarks>
public sealed class DerivePortfolioMargin(DerivePortfolioParameters parameters) : IConvexVenue
{
    const string ModelKey = "derive-portfolio-margin";

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "derive";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => true;

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, DerivePortfolioParameters.Read)
            .Select(IVenueMargin (of) => new DerivePortfolioMargin(of));

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        DeriveBooks.Assess(portfolio, this, parameters.Assumed, Missing, Balances);

    /// <inheritdoc />
    public string? Refuses(Instrument instrument) => DeriveForm.Refuses(instrument);

    /// <inheritdoc />
    public ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool)
    {
        double unsure = parameters.Confidence.ChargeUsd(parameters.Assumed.Confidence, 1);
        double Factor(MarginKind kind) => kind == MarginKind.Initial ? parameters.InitialFactor : 1;
        return DeriveForm.Of(
            instruments,
            pool,
            new DeriveFormRules(
                parameters.Scenarios,
                parameters.Volatility,
                null,
                parameters.Basis,
                tYears => (Discount(parameters.Assumed.RateAnnual, tYears), 1, 1),
                Factor,
                kind => parameters.PerpetualFraction * Factor(kind),
                kind => parameters.NakedShortFraction * Factor(kind),
                (_, kind) => (1, parameters.CoinFraction * Factor(kind) + (kind == MarginKind.Initial ? unsure : 0)),
                unsure
            )
        );
    }

    /// <summary>What the manager does not take.</summary>
    public static IEnumerable<string> Missing(DeriveBook book)
    {
        foreach (var market in book.Markets.Skip(1))
            yield return $"{market.Underlying}: a portfolio manager takes one coin, here {book.Markets[0].Underlying}";
    }

    /// <summary>The manager's balances of a book of one market; ask <see cref="Missing"/> first.</summary>
    public DeriveBalances Balances(DeriveBook book)
    {
        if (book.Markets.IsEmpty)
            return new DeriveBalances(book.CashUsd, book.CashUsd, book.CashUsd, [], []);
        var market = book.Markets[0];
        var expiries = market.Expiries.Select(Scan).ToList();
        double coinUsd = market.BaseCoin * market.SpotUsd / book.StablePriceUsd;
        double value = book.CashUsd + coinUsd + market.Perpetual.UnrealisedUsd + expiries.Sum(expiry => expiry.NowUsd);
        var grid = DeriveScan.Of(
            market,
            coinUsd,
            expiries,
            parameters.Scenarios,
            parameters.Volatility,
            null,
            parameters.Basis
        );
        double factor =
            parameters.InitialFactor
            + Math.Max(0, parameters.PegThresholdUsd - book.StablePriceUsd) * parameters.PegFactor;
        double spot = market.SpotUsd,
            size = Math.Abs(market.Perpetual.Amount);
        (string Name, double Usd)[] parts =
        [
            ("worst-scenario", -grid.Cells[grid.Worst!.Value].Gain),
            ("perpetual", size * parameters.PerpetualFraction * spot),
            ("coin", market.BaseCoin * parameters.CoinFraction * spot),
            ("naked-shorts", expiries.Sum(e => e.Expiry.NakedShorts()) * parameters.NakedShortFraction * spot),
        ];
        double unsure = parameters.Confidence.ChargeUsd(market.Confidence, spot * (size + market.BaseCoin));
        foreach (var expiry in market.Expiries)
            unsure += parameters.Confidence.ChargeUsd(
                Math.Min(market.Confidence, expiry.Confidence),
                spot * expiry.GrossContracts
            );
        string coin = market.Underlying;
        ImmutableArray<MarginCharge> charges =
        [
            .. parts
                .Where(part => part.Usd != 0)
                .Select(part => new MarginCharge(coin, part.Name, part.Usd * factor, part.Usd)),
            .. unsure > 0 ? [new MarginCharge(coin, "confidence", unsure, 0)] : (MarginCharge[])[],
        ];
        double maintenance = parts.Sum(part => part.Usd);
        return new DeriveBalances(value, value - maintenance * factor - unsure, value - maintenance, charges, [grid]);
    }

    DeriveExpiryScan Scan(DeriveExpiry expiry)
    {
        var value = new DeriveExpiryValue(expiry, discounted: false);
        return new DeriveExpiryScan(expiry, value, value.Now(), Discount(expiry.RateAnnual, expiry.TYears), 1);
    }

    double Discount(double rateAnnual, double tYears)
    {
        double rate = Math.Max(rateAnnual, 0) * parameters.RateMultiplier + parameters.RateAddPerYear;
        return parameters.StaticDiscount * Math.Exp(-tYears * rate);
    }
}
