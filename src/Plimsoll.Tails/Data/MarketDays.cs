using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>Days of several coins, by ticker.</summary>
public sealed record MarketDays(ImmutableArray<CoinDays> Coins)
{
    /// <summary>What options and futures said, by coin; empty where no chains are held.</summary>
    public ImmutableArray<ImpliedDays> Implied { get; init; } = [];

    /// <summary>The days of one coin; null where it is not held.</summary>
    public CoinDays? Find(string underlying) => Coins.FirstOrDefault(coin => coin.Underlying == underlying);

    /// <summary>The readings of one coin; null where no chains of it are held.</summary>
    public ImpliedDays? FindImplied(string underlying) => Implied.FirstOrDefault(coin => coin.Underlying == underlying);
}

/// <summary>What a model is shown: one coin to forecast, and the market about it.</summary>
/// <param name="Target">Coin whose return is forecast.</param>
/// <param name="Market">All coins, the target among them.</param>
public sealed record TailHistory(CoinDays Target, MarketDays Market)
{
    /// <summary>Returns of the target before a day.</summary>
    public ReadOnlySpan<double> Before(int day) => Target.Before(day);
}
