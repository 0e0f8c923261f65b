using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>The rules by key; one line each.</summary>
public static class DeleveragingRules
{
    /// <summary>
    /// Venues' rules, then the literature's. Deribit and Derive have no queue: <see cref="LossSharing"/>.
    /// </summary>
    public static ImmutableArray<IDeleveragingRule> All { get; } =
    [
        new HyperliquidDeleveraging(),
        new HyperliquidDeleveraging(literalShorts: true),
        new BinanceDeleveraging(),
        new EffectiveLeverageDeleveraging("okx"),
        new EffectiveLeverageDeleveraging("bybit"),
        new EffectiveLeverageDeleveraging("bitmex"),
        new DydxDeleveraging(),
        new ProRataDeleveraging(),
        new LeverageDeleveraging(),
    ];

    /// <summary>The rule of a venue or of a key; null where there is none.</summary>
    public static IDeleveragingRule? Find(string key) => All.FirstOrDefault(rule => rule.Key == key);
}
