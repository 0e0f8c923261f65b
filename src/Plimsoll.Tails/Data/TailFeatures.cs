using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Plimsoll.Tails;

/// <summary>What a trader would look at before a day: one row a day, made of the days before it alone.</summary>
/// <remarks>
/// Volatilities are logarithms of percent a day, from the ranges of the bars (Garman and Klass 1980), at scales of a
/// day, a week, a month and the longest held up to 250 days (Corsi, J. Financial Econometrics 7 (2009)); falls and
/// rises apart (Patton and Sheppard 2015); of the other coins their excess over their own month, so that a coin listed
/// yesterday does not change the meaning of the row. What options and futures said the day before stands at the end
/// (<see cref="ImpliedFeatures"/>).
/// </remarks>
public sealed class TailFeatures
{
    /// <summary>Names in order of the columns.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "day-volatility",
        "week-volatility",
        "month-volatility",
        "long-volatility",
        "down-share-week",
        "fall",
        "rise",
        "week-return",
        "jump-share-week",
        "volume-ratio",
        "market-day-excess",
        "market-week-excess",
        "market-fall",
        "weekend",
        .. ImpliedFeatures.Names,
    ];

    /// <summary>Columns that every row has; those after them are NaN where nothing was recorded.</summary>
    public static int Always { get; } = Names.Length - ImpliedFeatures.Names.Length;

    /// <summary>Days that a row needs before it.</summary>
    public const int FewestDays = 60;

    const int MonthColumn = 2;
    const int Week = 7;
    const int Month = 30;
    const int Long = 250;
    const double LeastVariance = 1e-4;
    const double LargestMove = 5;

    static readonly ConditionalWeakTable<MarketDays, Dictionary<string, TailFeatures>> Made = [];

    readonly double[] rows;
    readonly int count;

    TailFeatures(CoinDays coin, MarketDays market, IReadOnlyDictionary<string, CoinFigures> figures)
    {
        count = coin.Count + 1;
        rows = new double[count * Names.Length];
        var own = figures[coin.Underlying];
        var implied = market.FindImplied(coin.Underlying);
        var others = market
            .Coins.Where(other => other.Underlying != coin.Underlying)
            .Select(other => figures[other.Underlying])
            .ToArray();
        for (int day = FewestDays; day < count; day++)
            if (day == coin.Count || coin.Days[day].Date.DayNumber == coin.Days[day - 1].Date.DayNumber + 1)
            {
                var row = rows.AsSpan(day * Names.Length, Names.Length);
                Fill(row, coin, own, others, day);
                ImpliedFeatures.Fill(row[Always..], implied, coin.DateAt(day), row[MonthColumn]);
            }
            else
                rows[day * Names.Length] = double.NaN;
    }

    /// <summary>Rows of a coin; made once for a market.</summary>
    public static TailFeatures Of(TailHistory history)
    {
        var all = Made.GetValue(history.Market, MakeAll);
        return all[history.Target.Underlying];
    }

    /// <summary>
    /// The row of a day, which may be the day after the last; empty where it cannot be made: among the first
    /// <see cref="FewestDays"/>, or with the day before missing.
    /// </summary>
    public ReadOnlySpan<double> Row(int day) =>
        day < FewestDays || day >= count || double.IsNaN(rows[day * Names.Length])
            ? []
            : rows.AsSpan(day * Names.Length, Names.Length);

    static Dictionary<string, TailFeatures> MakeAll(MarketDays market)
    {
        var figures = market.Coins.ToDictionary(coin => coin.Underlying, coin => new CoinFigures(coin));
        return market.Coins.ToDictionary(coin => coin.Underlying, coin => new TailFeatures(coin, market, figures));
    }

    static void Fill(Span<double> row, CoinDays coin, CoinFigures own, CoinFigures[] others, int day)
    {
        double weekVariance = own.MeanVariance(day, Week);
        double monthVariance = own.MeanVariance(day, Month);
        double weekDeviation = Math.Sqrt(weekVariance);
        row[0] = LogVolatility(own.MeanVariance(day, 1));
        row[1] = LogVolatility(weekVariance);
        row[MonthColumn] = LogVolatility(monthVariance);
        row[3] = LogVolatility(own.MeanVariance(day, Long));
        row[4] = own.DownShare(day, Week) - 0.5;
        double move = coin.Days[day - 1].Return / weekDeviation;
        row[5] = Math.Clamp(-move, 0, LargestMove);
        row[6] = Math.Clamp(move, 0, LargestMove);
        double week = own.SumOfReturns(day, Week) / (Math.Sqrt(monthVariance) * Math.Sqrt(Week));
        row[7] = Math.Clamp(week, -LargestMove, LargestMove);
        row[8] = own.JumpShare(day, Week);
        row[9] = own.VolumeRatio(day, Month);
        var date = coin.DateAt(day);
        var yesterday = date.AddDays(-1);
        var (n, dayExcess, weekExcess, fall) = (0, 0.0, 0.0, 0.0);
        foreach (var other in others)
        {
            int next = other.Coin.IndexOf(yesterday) + 1;
            if (next < FewestDays)
                continue;
            double month = LogVolatility(other.MeanVariance(next, Month));
            dayExcess += LogVolatility(other.MeanVariance(next, 1)) - month;
            weekExcess += LogVolatility(other.MeanVariance(next, Week)) - month;
            double otherMove = other.Coin.Days[next - 1].Return / Math.Sqrt(other.MeanVariance(next, Week));
            fall += Math.Clamp(-otherMove, 0, LargestMove);
            n++;
        }
        // A coin alone is its own market.
        row[10] = n > 0 ? dayExcess / n : row[0] - row[MonthColumn];
        row[11] = n > 0 ? weekExcess / n : row[1] - row[MonthColumn];
        row[12] = n > 0 ? fall / n : row[5];
        row[13] = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0;
    }

    static double LogVolatility(double variance) => 0.5 * Math.Log(Math.Max(variance, LeastVariance));

    /// <summary>Running sums of a coin's days, so that a mean over any window costs nothing.</summary>
    sealed class CoinFigures
    {
        readonly double[] variance;
        readonly double[] realised;
        readonly double[] down;
        readonly double[] jump;
        readonly double[] volume;
        readonly double[] returns;

        public CoinFigures(CoinDays coin)
        {
            Coin = coin;
            variance = Sums(day => Math.Max(day.RangeVariance, LeastVariance));
            realised = Sums(day => day.Realised.Variance);
            down = Sums(day => day.Realised.DownVariance);
            jump = Sums(day => day.Realised.JumpShare);
            volume = Sums(day => day.VolumeUsd);
            returns = Sums(day => day.Return);
        }

        public CoinDays Coin { get; }

        public double MeanVariance(int day, int window) => Sum(variance, day, window) / Math.Min(day, window);

        public double SumOfReturns(int day, int window) => Sum(returns, day, window);

        public double JumpShare(int day, int window) => Sum(jump, day, window) / window;

        public double DownShare(int day, int window)
        {
            double all = Sum(realised, day, window);
            return all > 0 ? Sum(down, day, window) / all : 0.5;
        }

        /// <summary>ln(yesterday's volume / mean of the window); 0 where none is stated.</summary>
        public double VolumeRatio(int day, int window)
        {
            double mean = Sum(volume, day, window) / window;
            double last = Sum(volume, day, 1);
            return mean > 0 && last > 0 ? Math.Clamp(Math.Log(last / mean), -3, 3) : 0;
        }

        static double Sum(double[] sums, int day, int window) => sums[day] - sums[Math.Max(0, day - window)];

        double[] Sums(Func<CoinDay, double> figure)
        {
            var sums = new double[Coin.Count + 1];
            for (int t = 0; t < Coin.Count; t++)
                sums[t + 1] = sums[t] + figure(Coin.Days[t]);
            return sums;
        }
    }
}
