using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Greeks of a whole account to one underlying, collateral included.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="IndexUsd">Divides the dollar figures into coin figures.</param>
/// <param name="Positions">Σ of the positions' own Greeks.</param>
/// <param name="CollateralDeltaUsd">Dollar delta of the coins held as collateral, option value included.</param>
/// <param name="DeltaHome">
/// dW/d ln S in home currency, W the wealth in home currency: for a dollar home positions plus collateral; when the
/// home currency is this coin, that less the account's whole value.
/// </param>
public sealed record UnderlyingGreeks(
    string Underlying,
    double IndexUsd,
    GreekSet Positions,
    double CollateralDeltaUsd,
    double DeltaHome
)
{
    /// <summary>Dollar delta of positions and collateral.</summary>
    public double WealthDeltaUsd => Positions.DeltaUsd + CollateralDeltaUsd;
}

/// <summary>Greeks of an account by underlying.</summary>
/// <param name="ByUnderlying">In order of ticker.</param>
/// <param name="Missing">Positions whose Greeks are not known.</param>
public sealed record AccountGreeks(ImmutableArray<UnderlyingGreeks> ByUnderlying, ImmutableArray<string> Missing)
{
    /// <summary>Adds up a book.</summary>
    public static AccountGreeks Of(Book book, ModelPrices prices, HomePrices homePrices)
    {
        var sums = new SortedDictionary<string, GreekSet>(StringComparer.Ordinal);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var holding in book.Holdings)
            if (InstrumentGreeks.Of(holding.Instrument, prices) is { } one)
                sums[holding.Instrument.Underlying] =
                    sums.GetValueOrDefault(holding.Instrument.Underlying) + holding.Contracts * one;
            else
                missing.Add($"{holding.Instrument.Name}: no price or fitted volatility for its Greeks");
        var equity = book.EquityByCurrency();
        foreach (var currency in equity.Keys)
            if (!currency.IsDollar)
                sums.TryAdd(currency.Code, default);
        if (!homePrices.Home.IsDollar)
            sums.TryAdd(homePrices.Home.Code, default);
        double perDollar = homePrices.Now(Currency.Usd);
        double equityHome = book.EquityNow(homePrices);
        var rows = ImmutableArray.CreateBuilder<UnderlyingGreeks>();
        foreach (var (underlying, positions) in sums)
        {
            if (prices.IndexUsd(underlying) is not { } indexUsd)
                continue;
            double collateral = equity.GetValueOrDefault(new Currency(underlying)) * indexUsd;
            double home = (positions.DeltaUsd + collateral) * perDollar;
            rows.Add(
                new UnderlyingGreeks(
                    underlying,
                    indexUsd,
                    positions,
                    collateral,
                    underlying == homePrices.Home.Code ? home - equityHome : home
                )
            );
        }
        return new AccountGreeks(rows.ToImmutable(), missing.ToImmutable());
    }
}
