using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A requirement of one position in its settlement currency, at least 0.</summary>
readonly record struct PositionRequirement(double Initial, double Maintenance);

/// <summary>Share of a currency that counts as collateral; debts count in full.</summary>
/// <remarks>
/// Binance: <c>min(value, value·rate)</c>. Concave in the amount, so balance less margin stays concave.
/// </remarks>
/// <param name="Rates">By currency.</param>
public sealed record CollateralRates(ImmutableDictionary<string, double> Rates)
{
    /// <summary>Amount of a currency up to which its rate is known; any where it is not there.</summary>
    public ImmutableDictionary<string, double> UpTo { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Reads the object <c>collateral_rates</c>.</summary>
    public static CollateralRates Read(ParameterNode node) =>
        new(
            node.Entries("collateral_rates")
                .ToImmutableDictionary(row => row.Key, row => row.Node.Number("rate", 0, 1), StringComparer.Ordinal)
        )
        {
            UpTo = KnownUpTo(node, "collateral_rates"),
        };

    /// <summary>The members <c>up_to</c> of the currencies of an object.</summary>
    internal static ImmutableDictionary<string, double> KnownUpTo(ParameterNode node, string key) =>
        node.Entries(key)
            .Where(row => row.Node.Has("up_to"))
            .ToImmutableDictionary(row => row.Key, row => row.Node.Number("up_to"), StringComparer.Ordinal);

    /// <summary>Currencies held or settled in without a rate, or of which more is held than the rate is for.</summary>
    public IEnumerable<string> Missing(PoolContents pool) =>
        pool.ByCurrency()
            .Where(part => part.Balances.Any(balance => balance.Amount > 0) || !part.Positions.IsEmpty)
            .Where(part => !Rates.ContainsKey(part.Currency.Code))
            .Select(part => $"{pool.Name}: no collateral rate of {part.Currency}")
            .Concat(Beyond(pool, UpTo));

    /// <summary>Currencies of which more is held in cash than figures are known for.</summary>
    internal static IEnumerable<string> Beyond(PoolContents pool, IReadOnlyDictionary<string, double> upTo) =>
        pool.ByCurrency()
            .Where(part => upTo.TryGetValue(part.Currency.Code, out double most) && Cash(part) > most)
            .Select(part =>
                FormattableString.Invariant(
                    $"{pool.Name}: what of {part.Currency} counts is known up to {upTo[part.Currency.Code]:0.########}"
                )
            );

    static double Cash(PoolContents part) => part.Balances.Sum(balance => balance.Amount);

    /// <summary>What an amount counts as.</summary>
    public double Value(Currency currency, double amount) => amount > 0 ? amount * Rates[currency.Code] : amount;
}

/// <summary>Pools in which positions stand alone and share collateral at rates, in USD.</summary>
static class TieredPools
{
    /// <summary>Everything of an account in one pool in USD; the value of options is no part of its balance.</summary>
    /// <param name="portfolio">Account and market.</param>
    /// <param name="model">Whose figures they are.</param>
    /// <param name="collateral">Rates by currency.</param>
    /// <param name="missing">What the pool's figures lack, in words.</param>
    /// <param name="requirement">Of one position, settlement currency.</param>
    public static MarginStatement Assess(
        MarginPortfolio portfolio,
        IVenueMargin model,
        CollateralRates collateral,
        Func<PoolContents, IEnumerable<string>> missing,
        Func<MarginPosition, MarginQuote, PositionRequirement> requirement
    ) =>
        MarginStatement.Of(
            portfolio with
            {
                IsCross = true,
            },
            model,
            missing,
            pool => State(pool, collateral, requirement)
        );

    static PoolStatement State(
        PoolContents pool,
        CollateralRates collateral,
        Func<MarginPosition, MarginQuote, PositionRequirement> requirement
    )
    {
        var charges = pool
            .Positions.Select(position =>
            {
                var asked = requirement(position, pool.Market.Quote(position.Instrument)!);
                double unit = pool.InPool(position.Instrument.Settlement);
                return new MarginCharge(
                    position.Instrument.Name,
                    "position",
                    asked.Initial * unit,
                    asked.Maintenance * unit
                );
            })
            .ToImmutableArray();
        double balance = 0;
        foreach (var part in pool.ByCurrency())
        {
            var value = part.Value();
            balance += collateral.Value(part.Currency, value.Cash + value.Unrealised) * pool.InPool(part.Currency);
        }
        return new PoolStatement
        {
            Name = pool.Name,
            Currency = pool.Currency,
            UnitUsd = pool.UnitUsd,
            Equity = pool.Value().Equity,
            Balance = balance,
            MaintenanceBalance = balance,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges,
        };
    }
}
