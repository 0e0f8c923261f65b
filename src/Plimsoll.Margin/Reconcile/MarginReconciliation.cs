using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>What a venue itself states of a pool's margin, as its account or its simulator answers.</summary>
/// <param name="Venue">The venue's key.</param>
/// <param name="Currency">Unit of the figures: that of a wallet, or USD for a whole account.</param>
/// <param name="Initial">Initial margin.</param>
/// <param name="Maintenance">Maintenance margin.</param>
public sealed record StatedMargin(string Venue, Currency Currency, double Initial, double Maintenance);

/// <summary>A model's figure of one pool beside the venue's, and by how much the venue asks more.</summary>
/// <param name="Model">Key of the model.</param>
/// <param name="Pool">Name of the pool.</param>
/// <param name="AsOf">Time of the market that the model saw.</param>
/// <param name="Currency">Unit.</param>
/// <param name="Initial">The model's initial margin.</param>
/// <param name="StatedInitial">The venue's.</param>
/// <param name="Maintenance">The model's maintenance margin.</param>
/// <param name="StatedMaintenance">The venue's.</param>
public sealed record MarginError(
    string Model,
    string Pool,
    DateTimeOffset AsOf,
    Currency Currency,
    double Initial,
    double StatedInitial,
    double Maintenance,
    double StatedMaintenance
)
{
    /// <summary>Largest share by which the venue asks more than the model; at least 0.</summary>
    public double Shortfall =>
        Math.Max(0, Math.Max(Over(StatedInitial, Initial), Over(StatedMaintenance, Maintenance)));

    /// <summary>Largest share by which the two differ, either way.</summary>
    public double Difference =>
        Math.Max(Math.Abs(Over(StatedInitial, Initial)), Math.Abs(Over(StatedMaintenance, Maintenance)));

    static double Over(double stated, double own) =>
        stated == own ? 0
        : own > 0 ? stated / own - 1
        : double.PositiveInfinity;
}

/// <summary>Models against what their venues state.</summary>
public static class MarginReconciliation
{
    /// <summary>
    /// Each statement beside the pool that it is about; what has no such pool is named in
    /// <paramref name="unmatched"/>.
    /// </summary>
    /// <remarks>
    /// A segregated pool is compared in its own currency. A cross pool is the whole account restated in whichever
    /// currency is asked for (docs/margin/deribit.md), so it is turned into that at the index.
    /// </remarks>
    /// <param name="report">The account as the models see it.</param>
    /// <param name="stated">The venue's figures.</param>
    /// <param name="unmatched">Out: statements about nothing that the account has.</param>
    public static ImmutableArray<MarginError> Of(
        MarginReport report,
        ImmutableArray<StatedMargin> stated,
        out ImmutableArray<string> unmatched
    )
    {
        ArgumentNullException.ThrowIfNull(report);
        var errors = ImmutableArray.CreateBuilder<MarginError>();
        var lacks = ImmutableArray.CreateBuilder<string>();
        foreach (var each in stated)
        {
            var found = report
                .Subaccounts.Where(row => row.Model.Venue == each.Venue && row.Statement.IsDetermined)
                .SelectMany(row => row.Statement.Pools.Select(pool => (Row: row, Pool: pool)))
                .FirstOrDefault(pair => IsOf(pair.Row, pair.Pool, each.Currency));
            if (found.Pool is not { } own || UnitUsd(found.Row, each.Currency) is not { } unit)
            {
                lacks.Add($"{each.Venue} states margin in {each.Currency}: no pool of the account is margined so");
                continue;
            }
            errors.Add(
                new MarginError(
                    found.Row.Model.Key,
                    own.Name,
                    report.AsOf,
                    each.Currency,
                    own.Initial * own.UnitUsd / unit,
                    each.Initial,
                    own.Maintenance * own.UnitUsd / unit,
                    each.Maintenance
                )
            );
        }
        unmatched = lacks.ToImmutable();
        return errors.ToImmutable();
    }

    static bool IsOf(SubaccountMargin row, PoolStatement pool, Currency currency) =>
        row.Portfolio.IsCross || pool.Currency == currency || (pool.Currency.IsDollar && currency.IsDollar);

    static double? UnitUsd(SubaccountMargin row, Currency currency) =>
        currency.IsDollar ? 1 : row.Portfolio.Market.PriceUsd(currency);
}

/// <summary>Shares by which models were seen to ask too little: what they ask is widened by them.</summary>
/// <param name="ByModel">By the model's key; 0.02 widens by 2%.</param>
public sealed record MarginWidening(ImmutableSortedDictionary<string, double> ByModel)
{
    /// <summary>Nothing is widened.</summary>
    public static MarginWidening None { get; } =
        new(ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));

    /// <summary>The largest share of each model.</summary>
    public static MarginWidening Of(IEnumerable<MarginError> errors) =>
        new(
            errors
                .GroupBy(error => error.Model)
                .ToImmutableSortedDictionary(
                    group => group.Key,
                    group => group.Max(error => error.Shortfall),
                    StringComparer.Ordinal
                )
        );

    /// <summary>What a model's requirement is multiplied by; at least 1.</summary>
    public double Factor(string model) => 1 + ByModel.GetValueOrDefault(model);
}
