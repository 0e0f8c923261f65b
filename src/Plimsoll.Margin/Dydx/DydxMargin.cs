using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A liquidity tier of dYdX.</summary>
/// <param name="Name">As the chain names it.</param>
/// <param name="InitialFraction">Base initial margin fraction.</param>
/// <param name="MaintenanceShare">Maintenance as a share of the base.</param>
/// <param name="LowerCapUsd">Open interest from which the initial fraction grows.</param>
/// <param name="UpperCapUsd">Open interest at which it is 1; 0: never.</param>
public sealed record DydxTier(
    string Name,
    decimal InitialFraction,
    decimal MaintenanceShare,
    decimal LowerCapUsd,
    decimal UpperCapUsd
);

/// <summary>Parameters of dYdX's perpetuals.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="Markets">Tier by coin.</param>
public sealed record DydxParameters(MarginNote Note, ImmutableDictionary<string, DydxTier> Markets)
{
    /// <summary>Reads data/venues/dydx/margin.json.</summary>
    public static DydxParameters Read(ParameterNode node, MarginNote note)
    {
        var tiers = new Dictionary<string, DydxTier>(StringComparer.Ordinal);
        foreach (var row in node.List("tiers"))
        {
            var tier = new DydxTier(
                row.Text("name"),
                (decimal)row.Number("initial_fraction", 0, 1),
                (decimal)row.Number("maintenance_share", 0, 1),
                (decimal)row.Number("lower_cap_usd", 0, 1e15),
                (decimal)row.Number("upper_cap_usd", 0, 1e15)
            );
            if (tier.UpperCapUsd != 0 && tier.UpperCapUsd <= tier.LowerCapUsd)
                row.Fail("upper_cap_usd", "0, or more than lower_cap_usd");
            if (!tiers.TryAdd(tier.Name, tier))
                row.Fail("name", "each tier once");
        }
        var markets = ImmutableDictionary.CreateBuilder<string, DydxTier>(StringComparer.Ordinal);
        foreach (var row in node.List("markets"))
            if (!tiers.TryGetValue(row.Text("tier"), out var tier))
                row.Fail("tier", "one of " + string.Join(", ", tiers.Keys));
            else if (!markets.TryAdd(row.Text("underlying"), tier))
                row.Fail("underlying", "each coin once");
        return new DydxParameters(note, markets.ToImmutable());
    }
}

/// <summary>dYdX v4: cross-margined perpetuals at the oracle price, by liquidity tier.</summary>
/// <remarks>
/// Source: dydxprotocol/v4-chain 84d4664b (2026-03-05); the rule is <see cref="DydxAccount"/>. The oracle price is the
/// market's index. Open interest, USD, is the market's figure <c>open-interest-usd/BTC</c>: a tier that scales with it
/// is undetermined without. A leverage set by the account raises initial margin only. Convex, homogeneous at a fixed
/// open interest but for the rounding of initial margin at 1e-6 USD.
/// </remarks>
public sealed class DydxMargin(DydxParameters parameters) : IPositionwiseVenue
{
    const string ModelKey = "dydx-margin";

    /// <inheritdoc />
    public string Key => ModelKey;

    /// <inheritdoc />
    public string Venue => "dydx";

    /// <inheritdoc />
    public MarginNote Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => true;

    /// <summary>A market whose fraction grows with open interest is not rated: it is not known here.</summary>
    public MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (
            instrument is not PerpetualInstrument
            || parameters.Markets.GetValueOrDefault(instrument.Underlying) is not { UpperCapUsd: 0 } tier
        )
            return null;
        var (usd, unitUsd) = ContractNotional.Of(instrument, price);
        double initial = usd / unitUsd * (double)tier.InitialFraction;
        return ContractNotional.Alike(initial, initial * (double)tier.MaintenanceShare);
    }

    /// <summary>Makes the model from parameters in JSON.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        VenueParameters
            .Read(json, place, ModelKey, DydxParameters.Read)
            .Select(IVenueMargin (of) => new DydxMargin(of));

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio)
    {
        string[] missing = [.. PerpetualExposure.Unfit(portfolio, "dYdX"), .. Lacks(portfolio)];
        if (missing.Length > 0)
            return MarginStatement.Undetermined(portfolio, this, missing);
        var account = Account(portfolio);
        var charges = account
            .Positions.Select(position => new MarginCharge(
                position.Market,
                "position",
                (double)DydxAccount.InitialMarginUsd(position.NotionalUsd, position.InitialFraction),
                (double)position.MaintenanceUsd
            ))
            .ToImmutableArray();
        double value = (double)account.NetCollateralUsd;
        var pool = new PoolStatement
        {
            Name = portfolio.Name,
            Currency = Currency.Usdc,
            UnitUsd = portfolio.Market.PriceUsd(Currency.Usdc) ?? 1,
            Equity = value + PerpetualExposure.OtherUsd(portfolio),
            Balance = value,
            MaintenanceBalance = value,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges,
        };
        return new MarginStatement(portfolio.Name, Key, Venue, [pool], []);
    }

    /// <summary>The portfolio as the chain keeps it; <see cref="Assess"/> says what it lacks.</summary>
    DydxAccount Account(MarginPortfolio portfolio)
    {
        decimal gain = 0;
        var positions = ImmutableArray.CreateBuilder<DydxPosition>();
        foreach (var position in portfolio.Positions)
        {
            string coin = position.Instrument.Underlying;
            var tier = parameters.Markets[coin];
            double oracle = portfolio.Market.IndexUsd[coin];
            decimal initial = DydxAccount.InitialFraction(
                tier.InitialFraction,
                (decimal)(OpenInterestUsd(portfolio.Market, coin) ?? 0),
                tier.LowerCapUsd,
                tier.UpperCapUsd
            );
            if (position.Leverage is { } leverage)
                initial = Math.Max(initial, Math.Min(1, 1 / (decimal)leverage));
            var held = new DydxPosition(
                position.Instrument.Name,
                (decimal)PerpetualExposure.Coins(position, oracle),
                (decimal)oracle,
                initial,
                tier.InitialFraction * tier.MaintenanceShare
            );
            positions.Add(held);
            gain += (decimal)PerpetualExposure.UnrealisedUsd(position, oracle) - held.NetNotionalUsd;
        }
        return new DydxAccount((decimal)PerpetualExposure.CashUsd(portfolio) + gain, positions.ToImmutable());
    }

    IEnumerable<string> Lacks(MarginPortfolio portfolio)
    {
        foreach (var position in portfolio.Positions)
        {
            string coin = position.Instrument.Underlying;
            if (!parameters.Markets.TryGetValue(coin, out var tier))
                yield return $"{position.Instrument.Name}: no liquidity tier of {coin}";
            else if (tier.UpperCapUsd != 0 && OpenInterestUsd(portfolio.Market, coin) is null)
                yield return $"{position.Instrument.Name}: no open interest (open-interest-usd/{coin})";
            if (!portfolio.Market.IndexUsd.TryGetValue(coin, out double oracle) || !(oracle > 0))
                yield return $"{position.Instrument.Name}: no index of {coin}";
            if (position.Leverage is < 1)
                yield return $"{position.Instrument.Name}: a leverage of at least 1, not {position.Leverage}";
        }
    }

    static double? OpenInterestUsd(MarginMarket market, string coin) =>
        market.Figures.TryGetValue($"open-interest-usd/{coin}", out double usd) ? usd : null;
}
