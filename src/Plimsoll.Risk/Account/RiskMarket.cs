using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>A market with its fitted surfaces and the model prices that follow: one instant, seen once.</summary>
public sealed class RiskMarket
{
    /// <param name="snapshot">Cleaned market.</param>
    /// <param name="surfaces">By underlying.</param>
    public RiskMarket(MarketSnapshot snapshot, IReadOnlyDictionary<string, VolatilitySurface> surfaces) =>
        (Snapshot, Surfaces, Prices) = (snapshot, surfaces, new ModelPrices(snapshot, surfaces));

    /// <summary>The market.</summary>
    public MarketSnapshot Snapshot { get; }

    /// <summary>Fitted volatility by underlying.</summary>
    public IReadOnlyDictionary<string, VolatilitySurface> Surfaces { get; }

    /// <summary>Model prices now.</summary>
    public ModelPrices Prices { get; }
}
