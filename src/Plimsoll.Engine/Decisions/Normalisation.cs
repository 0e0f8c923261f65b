namespace Plimsoll.Engine;

/// <summary>How much of its targets a coin keeps between two solves: less where it became more volatile.</summary>
/// <remarks>
/// Volatility targeting (Moreira and Muir, Journal of Finance 72, 2017) one way: exposure is scaled by the ratio of
/// what the targets were made for to what is seen, never up. The whole coin is scaled, so that its hedges stay hedges.
/// Two readings, the stricter counts: the forecast of realised volatility over the law's, beyond a room; the options'
/// mark volatilities over those of the solve, beyond the trigger that also asks for the next solve.
/// </remarks>
static class Normalisation
{
    public static void Update(EngineState state, List<EngineEffect> effects)
    {
        var settings = state.Settings!;
        foreach (var (name, coin) in state.Coins)
        {
            (decimal scale, string cause) = (1m, "");
            void Keep(decimal share, string why)
            {
                if (share < scale)
                    (scale, cause) = (Math.Round(share, 4), why);
            }
            decimal realised = Realised(coin);
            if (realised > settings.VolatilityRoom)
                Keep(settings.VolatilityRoom / realised, Words($"{name} is {realised:0.00} times as volatile"));
            decimal implied = Implied(state, name);
            if (implied > 1 + settings.VolatilityTrigger)
                Keep(
                    (1 + settings.VolatilityTrigger) / implied,
                    Words($"options on {name} imply {implied:0.00} times")
                );
            if (Deleveraging.Near(state, name, realised) is { } leg)
                Keep(settings.DeleveragingKeep, $"{leg} is near auto-deleveraging");
            if (coin.Scale == 1 && scale < 1)
                effects.Add(new Alert("scaled-down", Words($"{name}: {scale:0.0%} of its targets, {cause}")));
            (coin.Scale, coin.ScaleCause) = (scale, cause);
        }
    }

    /// <summary>What is gone to of a target: toward zero, whole lots.</summary>
    public static (decimal Contracts, string Binding) Wanted(
        EngineState state,
        InstrumentState own,
        TargetContracts target
    )
    {
        // What is owed to a hedge is contracts, not a wish that depends on the market.
        if (own.IsOwed || state.Coins.GetValueOrDefault(own.Terms.Underlying) is not { } coin)
            return (target.Contracts, target.Binding);
        if (coin.Scale >= coin.HeldScale)
            return (target.Contracts, target.Binding);
        decimal lot = own.Terms.LotContracts;
        decimal kept = Math.Floor(Math.Abs(target.Contracts) * coin.Scale / coin.HeldScale / lot) * lot;
        return (Math.Sign(target.Contracts) * kept, coin.ScaleCause);
    }

    /// <summary>Forecast over the law's volatility; 1 where one is not known.</summary>
    static decimal Realised(CoinState coin) =>
        coin is { Volatility: { } now, LawVolatility: > 0 and { } law } ? now / law : 1;

    /// <summary>Mean over the coin's options of the mark volatility now over the targets' own; 1 without any.</summary>
    static decimal Implied(EngineState state, string coin)
    {
        var (sum, count) = (0m, 0);
        foreach (var own in state.Instruments.Values)
            if (own is { MarkVolatility: { } now, Base.Volatility: { } then } && own.Terms.Underlying == coin)
                (sum, count) = (sum + now / then, count + 1);
        return count > 0 ? sum / count : 1;
    }

    static string Words(FormattableString words) => FormattableString.Invariant(words);
}
