using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Derive's standard manager (SRM): options by expiry, perpetuals, coins, one cash.</summary>
/// <remarks>
/// Source: derivexyz/v2-core 7736900d (2026-01-21), StandardManager.sol; research in docs/margin/derive.md.
/// <code>
/// balance = cash + Σ markets [ −|q|·P·r + gain + Σ expiries max(Σ isolated, max loss) + coin·S·f ]  (− charges)
/// isolated short a &lt; 0, v = a·price, m = max(maxSpot − otm, minSpot), otm = ((K−S)/S)⁺ or ((S−K)/S)⁺:
///   call IM = a·S·m + v, MM = v + a·S·mm;  put MM = min(a·S·mm, v·mmMark) + v, IM = min(a·S·m + v, MM·offset)
/// max loss = min over settlement at {0, strikes} of min(payoff, 0), plus n·F·unpaired for net calls n &lt; 0
/// </code>
/// Each branch of an expiry is convex in positions and homogeneous; their minimum as a requirement is not convex.
/// </remarks>
public sealed class DeriveStandardMargin(DeriveStandardParameters parameters) : IPositionwiseVenue
{
    const string ModelKey = "derive-standard-margin";

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
            .Read(json, place, ModelKey, DeriveStandardParameters.Read)
            .Select(IVenueMargin (of) => new DeriveStandardMargin(of));

    /// <summary>
    /// The isolated branch: the manager takes the smaller of it and the worst settlement of each expiry, so it is never
    /// below, and convex. Confident feeds and a stablecoin at par are taken, and the forward stands for spot.
    /// </summary>
    public MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (parameters.Find(instrument.Underlying) is not { } rules)
            return null;
        var (usd, unitUsd) = ContractNotional.Of(instrument, price);
        if (instrument is PerpetualInstrument)
            return rules.Perpetual is { } of
                ? ContractNotional.Alike(usd / unitUsd * of.Initial, usd / unitUsd * of.Maintenance)
                : null;
        if (instrument is not OptionInstrument option || rules.Option is not { } fractions)
            return null;
        double spot = price.UnderlyingUsd,
            mark = price.Price * unitUsd,
            strike = (double)option.StrikeUsd,
            away = Math.Max(0, option.Right == OptionRight.Call ? strike - spot : spot - strike);
        double ofSpot = spot * Math.Max(fractions.MaxSpot - away / spot, fractions.MinSpot) + mark;
        bool isCall = option.Right == OptionRight.Call;
        double maintenance = isCall
            ? mark + spot * fractions.MaintenanceCall
            : Math.Max(spot * fractions.MaintenancePut, mark * fractions.MaintenancePutMark) + mark;
        double initial = isCall ? ofSpot : Math.Max(ofSpot, maintenance * parameters.PutInitialOverMaintenance);
        double units = (double)option.ContractSize / unitUsd;
        return new MarginRate(0, units * initial, 0, 0, units * maintenance, 0);
    }

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) =>
        DeriveBooks.Assess(portfolio, this, parameters.Assumed, Missing, Balances);

    /// <summary>What the parameters lack for a book.</summary>
    public IEnumerable<string> Missing(DeriveBook book)
    {
        foreach (var market in book.Markets)
        {
            var known = parameters.Find(market.Underlying);
            if (market.Perpetual.Amount != 0 && known?.Perpetual is null)
                yield return $"{market.Underlying}: no perpetual fractions";
            if (!market.Expiries.IsEmpty && known?.Option is null)
                yield return $"{market.Underlying}: no option fractions";
            if (market.BaseCoin != 0 && known?.Base is null)
                yield return $"{market.Underlying}: no haircut";
        }
    }

    /// <summary>The manager's balances of a book; ask <see cref="Missing"/> first.</summary>
    public DeriveBalances Balances(DeriveBook book)
    {
        double value = book.CashUsd,
            initial = 0,
            maintenance = 0;
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        void Charge(string unit, string name, double initialUsd, double maintenanceUsd)
        {
            if (initialUsd == 0 && maintenanceUsd == 0)
                return;
            charges.Add(new MarginCharge(unit, name, initialUsd, maintenanceUsd));
            (initial, maintenance) = (initial + initialUsd, maintenance + maintenanceUsd);
        }
        foreach (var market in book.Markets)
        {
            var rules = parameters.Find(market.Underlying);
            string coin = market.Underlying;
            double spot = market.SpotUsd,
                shorts = market.Expiries.Sum(expiry => expiry.ShortContracts);
            var perpetual = market.Perpetual;
            double size = Math.Abs(perpetual.Amount);
            if (size > 0 && rules!.Perpetual is { } ofPerpetual)
            {
                double notional = size * perpetual.PriceUsd;
                Charge(coin, "perpetual", notional * ofPerpetual.Initial, notional * ofPerpetual.Maintenance);
                double unsure = parameters.OfPerpetuals.ChargeUsd(market.Confidence, spot * size);
                Charge(coin, "confidence-perpetual", unsure, 0);
            }
            value += perpetual.UnrealisedUsd;
            foreach (var expiry in market.Expiries)
            {
                var (mark, initialUsd, maintenanceUsd) = Expiry(market, expiry, rules!.Option!);
                value += mark;
                Charge(coin, "options", mark - initialUsd, mark - maintenanceUsd);
                double confidence = Math.Min(market.SpotConfidence, expiry.Confidence);
                double unsure = parameters.OfOptions.ChargeUsd(confidence, spot * expiry.ShortContracts);
                Charge(coin, "confidence-options", unsure, 0);
            }
            if (market.BaseCoin != 0 && rules!.Base is { } ofBase)
            {
                double coinUsd = market.BaseCoin * spot;
                value += coinUsd;
                double kept = coinUsd * ofBase.Fraction;
                Charge(coin, "haircut", coinUsd - kept * ofBase.InitialScale, coinUsd - kept);
                if (ofBase.Fraction > 0)
                    Charge(coin, "confidence-coin", parameters.OfCoins.ChargeUsd(market.SpotConfidence, coinUsd), 0);
            }
            double depeg = Math.Max(0, parameters.DepegThresholdUsd - book.StablePriceUsd) * parameters.DepegFactor;
            Charge(coin, "depeg", depeg * spot * (shorts + size), 0);
        }
        return new DeriveBalances(value, value - initial, value - maintenance, charges.ToImmutable(), []);
    }

    /// <summary>Mark and both balances of one expiry, USD.</summary>
    (double Mark, double Initial, double Maintenance) Expiry(
        DeriveMarketBook market,
        DeriveExpiry expiry,
        DeriveOptionFractions rules
    )
    {
        var valued = new DeriveExpiryValue(expiry, discounted: false);
        double mark = valued.Now(),
            spot = market.SpotUsd,
            isolatedInitial = 0,
            isolatedMaintenance = 0,
            netCalls = 0;
        for (int i = 0; i < expiry.Options.Length; i++)
        {
            var option = expiry.Options[i];
            double amount = option.Amount;
            netCalls += option.IsCall ? amount : 0;
            if (amount >= 0)
                continue;
            double worth = amount * valued.Prices[i],
                away = option.IsCall ? option.StrikeUsd - spot : spot - option.StrikeUsd;
            double share = Math.Max(rules.MaxSpot - Math.Max(0, away) / spot, rules.MinSpot);
            double ofSpot = amount * spot * share + worth;
            if (option.IsCall)
            {
                isolatedInitial += ofSpot;
                isolatedMaintenance += worth + amount * spot * rules.MaintenanceCall;
            }
            else
            {
                double least = Math.Min(amount * spot * rules.MaintenancePut, worth * rules.MaintenancePutMark) + worth;
                isolatedMaintenance += least;
                isolatedInitial += Math.Min(ofSpot, least * parameters.PutInitialOverMaintenance);
            }
        }
        double unpaired = Math.Min(netCalls, 0) * expiry.ForwardUsd,
            worst = WorstSettlement(expiry);
        return (
            mark,
            Math.Max(isolatedInitial, worst + unpaired * parameters.UnpairedInitial),
            Math.Max(isolatedMaintenance, worst + unpaired * parameters.UnpairedMaintenance)
        );
    }

    /// <summary>Least payoff over settlement at 0 and at every strike held; at most 0.</summary>
    static double WorstSettlement(DeriveExpiry expiry)
    {
        double worst = Payoff(expiry, 0);
        foreach (var at in expiry.Options)
            worst = Math.Min(worst, Payoff(expiry, at.StrikeUsd));
        return Math.Min(worst, 0);
    }

    static double Payoff(DeriveExpiry expiry, double settlementUsd)
    {
        double payoff = 0;
        foreach (var option in expiry.Options)
        {
            double inside = option.IsCall ? settlementUsd - option.StrikeUsd : option.StrikeUsd - settlementUsd;
            payoff += Math.Max(0, inside) * option.Amount;
        }
        return payoff;
    }
}
