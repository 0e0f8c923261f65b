using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>A venue whose portfolio margin has a form for the optimiser.</summary>
public interface IConvexVenue : IVenueMargin
{
    /// <summary>Why a contract cannot be margined in a pool with these coins of equity; null: it can.</summary>
    string? Refuses(Instrument instrument);

    /// <summary>The form over some columns.</summary>
    /// <param name="instruments">Columns.</param>
    /// <param name="pool">What stands behind them.</param>
    ConvexForm FormOf(ImmutableArray<Instrument> instruments, ConvexPool pool);

    /// <summary>What an amount of a currency counts as, per unit: positive and owed amounts.</summary>
    /// <remarks>At least as much for debts as for holdings, so that what counts is concave in the amount.</remarks>
    CollateralShare Counts(Currency currency, MarginKind kind) => CollateralShare.Full;
}

/// <summary>Share of a currency's equity that counts, and of its debt.</summary>
/// <param name="Held">Of positive equity; 0 to 1.</param>
/// <param name="Owed">Of negative equity; at least 1.</param>
public readonly record struct CollateralShare(double Held, double Owed)
{
    /// <summary>Everything counts.</summary>
    public static CollateralShare Full => new(1, 1);

    /// <summary>What an amount counts as.</summary>
    public double Value(double amount) => amount * Slope(amount);

    /// <summary>What one more counts as.</summary>
    public double Slope(double amount) => amount > 0 ? Held : Owed;
}

/// <summary>What stands behind a pool's contracts.</summary>
/// <param name="Coins">Units of each currency that is no dollar, without gains of contracts.</param>
/// <param name="Held">Contracts now, by column: where a rule has two branches the book's own is taken.</param>
public sealed record ConvexPool(ImmutableSortedDictionary<string, double> Coins, ImmutableArray<double> Held)
{
    /// <summary>What some wallets hold beside dollars.</summary>
    /// <param name="wallets">Of the pool.</param>
    /// <param name="held">Contracts now, by column.</param>
    public static ConvexPool Of(IEnumerable<Wallet> wallets, double[] held)
    {
        ArgumentNullException.ThrowIfNull(wallets);
        return new(
            wallets
                .Where(wallet => !wallet.Currency.IsDollar && wallet.Cash + wallet.Unrealised != 0)
                .GroupBy(wallet => wallet.Currency.Code)
                .ToImmutableSortedDictionary(
                    group => group.Key,
                    group => group.Sum(wallet => wallet.Cash + wallet.Unrealised),
                    StringComparer.Ordinal
                ),
            [.. held]
        );
    }
}
