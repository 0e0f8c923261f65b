using System.Collections.Immutable;
using Plimsoll.Markets;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Risk;

/// <summary>What one unit of a currency is worth in the home currency, now and in every scenario.</summary>
/// <remarks>
/// A coin is valued at its index, USD, USDC and USDT at one dollar each. Immutable and thread safe; the spans must not
/// be written. The home currency itself is worth exactly 1 everywhere.
/// </remarks>
public sealed class HomePrices
{
    readonly ImmutableSortedDictionary<string, Price> prices;
    readonly Price dollar;

    HomePrices(Currency home, ImmutableSortedDictionary<string, Price> prices, Price dollar) =>
        (Home, this.prices, this.dollar) = (home, prices, dollar);

    /// <summary>The currency in which wealth is counted.</summary>
    public Currency Home { get; }

    /// <summary>Prices of every coin of the snapshot that the scenarios move, and of the dollar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The home coin is not in the snapshot or not in the scenarios.
    /// </exception>
    public static HomePrices Of(MarketSnapshot snapshot, ScenarioSet scenarios, Currency home)
    {
        if (!home.IsDollar && (snapshot.Find(home.Code) is null || !Moves(scenarios, home.Code)))
            throw new ArgumentOutOfRangeException(nameof(home), home, "the home coin needs an index and scenarios");
        double homeUsd = home.IsDollar ? 1 : snapshot.Find(home.Code)!.IndexUsd;
        double[]? homeMove = home.IsDollar ? null : scenarios.Of(home.Code).LogReturn;
        var dollar = new Price(1 / homeUsd, new double[scenarios.Count]);
        for (int s = 0; s < scenarios.Count; s++)
            dollar.Then[s] = homeMove is null ? 1 : Scalar.Exp(-homeMove[s]) / homeUsd;
        var prices = ImmutableSortedDictionary.CreateBuilder<string, Price>(StringComparer.Ordinal);
        foreach (var moves in scenarios.Underlyings)
        {
            if (snapshot.Find(moves.Underlying) is not { } market)
                continue;
            bool isHome = moves.Underlying == home.Code;
            var price = new Price(isHome ? 1 : market.IndexUsd / homeUsd, new double[scenarios.Count]);
            for (int s = 0; s < scenarios.Count; s++)
                price.Then[s] = isHome ? 1 : market.IndexUsd * Scalar.Exp(moves.LogReturn[s]) * dollar.Then[s];
            prices[moves.Underlying] = price;
        }
        return new HomePrices(home, prices.ToImmutable(), dollar);
    }

    /// <summary>Whether the currency can be valued.</summary>
    public bool Knows(Currency currency) => currency.IsDollar || prices.ContainsKey(currency.Code);

    /// <summary>Home units for one unit of the currency, now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A currency that cannot be valued, see <see cref="Knows"/>.
    /// </exception>
    public double Now(Currency currency) => Find(currency).Now;

    /// <summary>Home units for one unit of the currency in each scenario.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A currency that cannot be valued, see <see cref="Knows"/>.
    /// </exception>
    public ReadOnlySpan<double> InScenarios(Currency currency) => Find(currency).Then;

    Price Find(Currency currency) =>
        currency.IsDollar ? dollar
        : prices.TryGetValue(currency.Code, out var price) ? price
        : throw new ArgumentOutOfRangeException(nameof(currency), currency, "no price in the home currency");

    static bool Moves(ScenarioSet scenarios, string underlying) =>
        scenarios.Underlyings.Any(moves => moves.Underlying == underlying);

    sealed record Price(double Now, double[] Then);
}
