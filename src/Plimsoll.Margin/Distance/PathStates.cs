using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Where within a bar a market is looked at: all coins at their low, at their high, at their close.</summary>
enum BarPoint
{
    Low,
    High,
    Close,
}

/// <summary>One market on one path, with the approximation's guess of its spare margin.</summary>
readonly record struct Look(int Bar, BarPoint Point, double Guess);

/// <summary>The markets on the way of every path, as a portfolio's coins see them.</summary>
sealed class PathStates
{
    readonly SpareMargin spare;
    readonly ScenarioSet scenarios;
    readonly ScenarioPath path;
    readonly UnderlyingPath?[] coins;

    public PathStates(SpareMargin spare, ScenarioSet scenarios, ScenarioPath path)
    {
        (this.spare, this.scenarios, this.path) = (spare, scenarios, path);
        coins = [.. spare.Moved.Coins.Select(path.Of)];
    }

    /// <summary>The markets of a path that the approximation calls worst, worst first, each of another bar.</summary>
    public Look[] Worst(int scenario, SpareApproximation approximation, int count)
    {
        var worst = new Look[count];
        Array.Fill(worst, new Look(-1, BarPoint.Close, double.PositiveInfinity));
        for (int bar = 0; bar < path.Days.Length; bar++)
        {
            var least = new Look(bar, BarPoint.Close, double.PositiveInfinity);
            foreach (var point in (ReadOnlySpan<BarPoint>)[BarPoint.Low, BarPoint.High, BarPoint.Close])
                if (Guess(scenario, bar, point, approximation) is var guess && guess < least.Guess)
                    least = new Look(bar, point, guess);
            for (int i = 0; i < count; i++)
                if (least.Guess < worst[i].Guess)
                    (worst[i], least) = (least, worst[i]);
        }
        return [.. worst.Where(look => look.Bar >= 0)];
    }

    public double Guess(int scenario, int bar, BarPoint point, SpareApproximation approximation)
    {
        Span<double> move = stackalloc double[2 * coins.Length];
        Move(scenario, bar, point, move);
        return approximation.At(move[..coins.Length], move[coins.Length..]);
    }

    /// <summary>Spare margin by the venue's own rule, USD.</summary>
    public double Spare(int scenario, Look look)
    {
        var move = new double[2 * coins.Length];
        Move(scenario, look.Bar, look.Point, move);
        return spare.At(move, path.Days[look.Bar], (coin, at) => Delivery(scenario, coin, at));
    }

    double? Delivery(int scenario, string coin, DateTimeOffset at) =>
        scenarios
            .Underlyings.FirstOrDefault(moves => moves.Underlying == coin)
            ?.DeliveryLogReturn.TryGetValue(at, out double[]? prices) == true
            ? prices[scenario]
            : null;

    void Move(int scenario, int bar, BarPoint point, Span<double> move)
    {
        for (int c = 0; c < coins.Length; c++)
        {
            if (coins[c] is not { } coin)
            {
                (move[c], move[coins.Length + c]) = (0, 0);
                continue;
            }
            var (price, volatility) = point switch
            {
                BarPoint.Low => (coin.Low, coin.LowVolatilityMove),
                BarPoint.High => (coin.High, coin.HighVolatilityMove),
                _ => (coin.Close, coin.LogVolatilityMove),
            };
            move[c] = price[bar][scenario];
            move[coins.Length + c] = volatility[bar][scenario];
        }
    }
}
