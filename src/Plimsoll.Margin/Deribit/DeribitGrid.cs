using System.Globalization;

namespace Plimsoll.Margin;

/// <summary>The scenarios of one coin in Deribit's risk matrix: the regular grid, then the extended table.</summary>
/// <remarks>
/// Regular: prices from −range to +range in even steps, each with volatility down, same and up. Extended: volatility up
/// alone, gains scaled by <c>factor·range/|move|</c> in USD.
/// </remarks>
sealed class DeribitGrid
{
    readonly DeribitPortfolioParameters parameters;
    readonly DeribitCoinRisk coin;

    public DeribitGrid(DeribitPortfolioParameters parameters, DeribitCoinRisk coin)
    {
        (this.parameters, this.coin) = (parameters, coin);
        int prices = 2 * parameters.BucketsPerSide + 1;
        Regular = 3 * prices;
        Count = Regular + parameters.ExtendedMoves.Length;
        (PriceMove, Shock) = (new double[Count], new VolatilityShock[Count]);
        (Scale, RestatedMove, DampenerSteps) = (new double[Count], new double[Count], new double[Count]);
        for (int c = 0; c < Count; c++)
        {
            if (c < Regular)
            {
                PriceMove[c] = coin.PriceRange * (c / 3 - parameters.BucketsPerSide) / parameters.BucketsPerSide;
                Shock[c] = (VolatilityShock)(c % 3);
                (Scale[c], RestatedMove[c]) = (1, PriceMove[c]);
                continue;
            }
            double move = parameters.ExtendedMoves[c - Regular];
            double ranges = Math.Abs(move) / coin.PriceRange;
            PriceMove[c] = move;
            Shock[c] = VolatilityShock.Up;
            Scale[c] = coin.ExtendedTableFactor / ranges;
            RestatedMove[c] = Math.CopySign(coin.PriceRange, move);
            DampenerSteps[c] = Math.Max(0, ranges - 1);
        }
    }

    /// <summary>Number of cells.</summary>
    public int Count { get; }

    /// <summary>Cells of the regular grid, which come first.</summary>
    public int Regular { get; }

    /// <summary>Relative move of forward and index.</summary>
    public double[] PriceMove { get; }

    /// <summary>What volatility does.</summary>
    public VolatilityShock[] Shock { get; }

    /// <summary>Multiplies gains in USD.</summary>
    public double[] Scale { get; }

    /// <summary>Move of the price at which a gain in USD is restated in coin.</summary>
    public double[] RestatedMove { get; }

    /// <summary>Dampeners by which a cell moves toward zero.</summary>
    public double[] DampenerSteps { get; }

    /// <summary>Names of the cells: <c>-16% up</c>.</summary>
    public string NameOf(int cell) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{PriceMove[cell] * 100:+0.##;-0.##;0}% {Shock[cell].ToString().ToLowerInvariant()}"
        );

    /// <summary>
    /// Implied volatility after a shock: <c>σ(1 ± range·(30/days)^power)</c>, never below the floor when it rises.
    /// </summary>
    public double ShockedVolatility(double volAnnual, double days, VolatilityShock shock)
    {
        var (down, up, floor) = ShockFactors(days);
        return shock switch
        {
            VolatilityShock.Up => Math.Max(volAnnual * up, floor),
            VolatilityShock.Down => volAnnual * down,
            _ => volAnnual,
        };
    }

    /// <summary>Factors of volatility down and up at a tenor, and the floor of the risen one.</summary>
    public (double Down, double Up, double Floor) ShockFactors(double days)
    {
        double power = days < parameters.LongTermDays ? coin.ShortTermVegaPower : coin.LongTermVegaPower;
        double reach = Math.Pow(parameters.LongTermDays / Math.Max(days, parameters.ShortestDays), power);
        return (
            Math.Max(0, 1 - coin.VolatilityRangeDown * reach),
            1 + coin.VolatilityRangeUp * reach,
            coin.MinimumVolatilityForShockUp
        );
    }
}
