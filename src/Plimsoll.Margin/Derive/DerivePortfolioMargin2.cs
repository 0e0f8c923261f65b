using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Derive's second portfolio manager (PMRM2): one coin, tails, skews, discounts, collateral.</summary>
/// <remarks>
/// Source: derivexyz/v2-core 7736900d (2026-01-21), PMRMLib_2.sol; docs/margin/derive.md.
/// <code>
/// SPAN = min(basis, min over scenarios dampening·(Σ [V'·D⁺ or V'·D⁻] − V + (covering collateral + q·P)·(u − 1)))
/// D⁺ = long·e^(−τ(r·m⁺ + a⁺)),  D⁻ = min(e^(r⁺τ), short·e^(τ(r·m⁻ + a⁻)));  skews count −|gain| of each expiry
/// MM balance = SPAN·mmF − MMc + value;  IM balance = SPAN·(imF + (peg − stable)⁺·k) − MMc − IMc + value
/// </code>
/// Homogeneous in positions at a fixed market, and convex while D⁺ ≤ 1 ≤ D⁻ but for the skews: −|gain| of an expiry
/// whose gain is concave in its amounts is not concave where the expiry gains. <c>min(gain, V − V')</c> in its place is
/// a convex rule that asks no less.
/// </remarks>
public sealed class DerivePortfolioMargin2(DerivePortfolioParameters2 parameters) : IConvexVenue
{
    const string ModelKey = "derive-portfolio-margin-2";

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "derive";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, DerivePortfolioParameters2.Read)
            .Select(IVenueMargin (of) => new DerivePortfolioMargin2(of));

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        DeriveBooks.Assess(
            portfolio,
            this,
            parameters.Assumed,
            DerivePortfolioMargin.Missing,
            Balances,
            parameters.Collateral
        );

    /// <inheritdoc />
    public string? Refuses(Instrument instrument) => DeriveForm.Refuses(instrument);

    /// <inheritdoc />
    public ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool)
    {
        double unsure = parameters.Confidence.ChargeUsd(parameters.Assumed.Confidence, 1);
        string? coin = DeriveForm.Coin(instruments, pool);
        (double Moving, double Charge)? Coin(string ticker, MarginKind kind)
        {
            if (parameters.Collaterals.FirstOrDefault(rule => rule.Name == ticker) is not { } rule)
                return null;
            double onTop = kind == MarginKind.Initial ? rule.InitialHaircutOnTop + unsure : 0;
            return (rule.Covers == coin ? 1 : 0, rule.MaintenanceHaircut + onTop);
        }
        return DeriveForm.Of(
            instruments,
            pool,
            new DeriveFormRules(
                parameters.Scenarios,
                parameters.Volatility,
                parameters.Skew,
                parameters.Basis,
                tYears => Discounts(parameters.Assumed.RateAnnual, tYears),
                kind => kind == MarginKind.Initial ? parameters.InitialFactor : parameters.MaintenanceFactor,
                kind =>
                    parameters.MaintenancePerpetual
                    + (kind == MarginKind.Initial ? parameters.InitialPerpetualOnTop : 0),
                kind => parameters.MaintenanceNaked + (kind == MarginKind.Initial ? parameters.InitialNakedOnTop : 0),
                Coin,
                unsure
            )
        );
    }

    /// <summary>The manager's balances of a book of one market.</summary>
    public DeriveBalances Balances(DeriveBook book)
    {
        var market =
            book.Markets.FirstOrDefault() ?? new DeriveMarketBook("cash", 1, 1, new DerivePerpetual(0, 1, 1, 0), 0, []);
        var expiries = market.Expiries.Select(Scan).ToList();
        double spot = market.SpotUsd,
            perpetual = Math.Abs(market.Perpetual.Amount) * spot,
            moving = 0,
            collateral = 0,
            haircut = 0,
            haircutOnTop = 0,
            unsure = parameters.Confidence.ChargeUsd(market.Confidence, perpetual);
        foreach (var held in book.Collaterals)
        {
            double usd = held.Amount * held.PriceUsd / book.StablePriceUsd;
            collateral += usd;
            moving += held.RiskCancelling ? usd : 0;
            haircut += usd * held.MaintenanceHaircut;
            haircutOnTop += usd * held.InitialHaircutOnTop;
            unsure += parameters.Confidence.ChargeUsd(Math.Min(market.Confidence, held.Confidence), usd);
        }
        foreach (var expiry in market.Expiries)
            unsure += parameters.Confidence.ChargeUsd(
                Math.Min(market.Confidence, expiry.Confidence),
                spot * expiry.GrossContracts
            );
        var grid = DeriveScan.Of(
            market,
            moving,
            expiries,
            parameters.Scenarios,
            parameters.Volatility,
            parameters.Skew,
            parameters.Basis
        );
        double loss = -grid.Cells[grid.Worst!.Value].Gain,
            initialFactor =
                parameters.InitialFactor
                + Math.Max(0, parameters.PegThresholdUsd - book.StablePriceUsd) * parameters.PegFactor,
            naked = expiries.Sum(expiry => expiry.Expiry.NakedShorts()) * spot;
        string coin = market.Underlying;
        MarginCharge[] all =
        [
            new(coin, "worst-scenario", loss * initialFactor, loss * parameters.MaintenanceFactor),
            Upon(coin, "perpetual", perpetual, parameters.MaintenancePerpetual, parameters.InitialPerpetualOnTop),
            Upon(coin, "naked-shorts", naked, parameters.MaintenanceNaked, parameters.InitialNakedOnTop),
            new("collateral", "haircut", haircut + haircutOnTop, haircut),
            new(coin, "confidence", unsure, 0),
        ];
        ImmutableArray<MarginCharge> charges = [.. all.Where(charge => charge.Initial != 0 || charge.Maintenance != 0)];
        double value =
            book.CashUsd + collateral + market.Perpetual.UnrealisedUsd + expiries.Sum(expiry => expiry.NowUsd);
        return new DeriveBalances(
            value,
            value - charges.Sum(charge => charge.Initial),
            value - charges.Sum(charge => charge.Maintenance),
            charges,
            [grid]
        );
    }

    static MarginCharge Upon(string unit, string name, double usd, double maintenance, double onTop) =>
        new(unit, name, usd * (maintenance + onTop), usd * maintenance);

    DeriveExpiryScan Scan(DeriveExpiry expiry)
    {
        var value = new DeriveExpiryValue(expiry, discounted: true);
        var (asLong, asShort, _) = Discounts(expiry.RateAnnual, expiry.TYears);
        return new DeriveExpiryScan(expiry, value, value.Now(), asLong, asShort);
    }

    (double Long, double Short, double Price) Discounts(double rateAnnual, double t)
    {
        double rate = Math.Max(0, rateAnnual),
            price = Math.Exp(-rate * t);
        double asLong =
            parameters.LongStaticDiscount
            * Math.Exp(-t * (rate * parameters.LongRateMultiplier + parameters.LongRateAddPerYear));
        double asShort =
            parameters.ShortStaticDiscount
            * Math.Exp(t * (rate * parameters.ShortRateMultiplier + parameters.ShortRateAddPerYear));
        return (asLong, Math.Min(1 / price, asShort), price);
    }
}
