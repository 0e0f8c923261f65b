using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Estimates how a coin's surface answers its spot from a series of fitted surfaces.</summary>
/// <remarks>
/// Between consecutive observations with log return r of the index and dt days, with the smile read at constant time to
/// expiry on each side: Δ ln σ(30 d) = DownBeta·min(r, 0) + UpBeta·max(r, 0) + noise, least squares weighted with 1/dt
/// and without intercept; at other tenors the slope on the fitted 30-day answer z, ln slope(t) = exponent·ln(30 d/t)
/// through the origin; Δ skew(30 d) = SkewBeta·r + noise. Residual figures are √(Σ noise²/Σ dt). The spot-volatility
/// regressions are those of Bergomi, Stochastic Volatility Modeling (2016), ch. 9, in logarithms and by side.
/// </remarks>
public static class VolatilityResponseEstimator
{
    /// <summary>Consecutive observations farther apart than this are not a pair.</summary>
    public static readonly TimeSpan WidestGap = TimeSpan.FromHours(50);

    /// <summary>Observations closer than this are not a pair: quotes' noise would outweigh the move.</summary>
    public static readonly TimeSpan NarrowestGap = TimeSpan.FromHours(2);

    const int FewestPairs = 20;
    const int Blocks = 15;
    const double ReferenceDays = 30;
    static readonly double[] TenorDays = [3, 7, 14, 60, 90, 180];

    /// <summary>Estimates from observations of one coin, in any order.</summary>
    /// <exception cref="ArgumentException">Several coins, or fewer than 20 usable pairs.</exception>
    public static VolatilityResponseEstimate Estimate(IEnumerable<SurfaceObservation> observations)
    {
        SurfaceObservation[] ordered = [.. observations.OrderBy(observation => observation.Surface.AsOf)];
        if (ordered.Select(observation => observation.Surface.Underlying).Distinct().Count() > 1)
            throw new ArgumentException("the observations are of several coins", nameof(observations));
        var moves = Moves(ordered);
        if (moves.Length < FewestPairs)
            throw new ArgumentException(
                $"{moves.Length} usable pairs of observations; at least {FewestPairs} are needed",
                nameof(observations)
            );
        string underlying = ordered[0].Surface.Underlying;
        var (from, to) = (ordered[0].Surface.AsOf, ordered[^1].Surface.AsOf);
        string source = FormattableString.Invariant(
            $"{moves.Length} moves between recorded chains, {from:yyyy-MM-dd} to {to:yyyy-MM-dd}"
        );
        var response = Fit(underlying, source, moves);
        return new VolatilityResponseEstimate(
            response,
            Jackknife(underlying, moves),
            moves.Length,
            moves.Sum(move => move.Days),
            from,
            to,
            ExplainedShare(response, moves)
        );
    }

    static ImmutableArray<Move> Moves(SurfaceObservation[] ordered)
    {
        var moves = ImmutableArray.CreateBuilder<Move>();
        for (int i = 1; i < ordered.Length; i++)
        {
            var (before, after) = (ordered[i - 1], ordered[i]);
            var gap = after.Surface.AsOf - before.Surface.AsOf;
            if (gap < NarrowestGap || gap > WidestGap)
                continue;
            double reference = Years.FromDays(ReferenceDays).Value;
            moves.Add(
                new Move(
                    gap.TotalDays,
                    Math.Log(after.IndexUsd / before.IndexUsd),
                    LogMove(before.Surface, after.Surface, ReferenceDays),
                    after.Surface.AtTheMoneySkew(reference) - before.Surface.AtTheMoneySkew(reference),
                    [.. TenorDays.Select(days => LogMove(before.Surface, after.Surface, days))]
                )
            );
        }
        return moves.ToImmutable();
    }

    static double LogMove(VolatilitySurface before, VolatilitySurface after, double days)
    {
        double tYears = Years.FromDays(days).Value;
        return Math.Log(after.AtTheMoneyVolatility(tYears) / before.AtTheMoneyVolatility(tYears));
    }

    static VolatilityResponse Fit(string underlying, string source, IReadOnlyList<Move> moves)
    {
        double down = Slope(moves, move => Math.Min(move.LogReturn, 0), move => move.LogVolatility);
        double up = Slope(moves, move => Math.Max(move.LogReturn, 0), move => move.LogVolatility);
        double skew = Slope(moves, move => move.LogReturn, move => move.Skew);
        double days = moves.Sum(move => move.Days);
        return new VolatilityResponse(
            underlying,
            source,
            down,
            up,
            Exponent(moves, move => Answer(down, up, move)),
            skew,
            Math.Sqrt(moves.Sum(move => Math.Pow(move.LogVolatility - Answer(down, up, move), 2)) / days),
            Math.Sqrt(moves.Sum(move => Math.Pow(move.Skew - skew * move.LogReturn, 2)) / days)
        );
    }

    static double Answer(double down, double up, Move move) =>
        down * Math.Min(move.LogReturn, 0) + up * Math.Max(move.LogReturn, 0);

    static double Exponent(IReadOnlyList<Move> moves, Func<Move, double> answer)
    {
        double top = 0;
        double bottom = 0;
        for (int tenor = 0; tenor < TenorDays.Length; tenor++)
        {
            int column = tenor;
            double slope = Slope(moves, answer, move => move.LogVolatilityAtTenors[column]);
            double distance = Math.Log(ReferenceDays / TenorDays[tenor]);
            top += distance * Math.Log(Math.Max(slope, 1e-3));
            bottom += distance * distance;
        }
        return top / bottom;
    }

    static double Slope(IReadOnlyList<Move> moves, Func<Move, double> by, Func<Move, double> of)
    {
        double top = 0;
        double bottom = 0;
        foreach (var move in moves)
        {
            double x = by(move);
            top += x * of(move) / move.Days;
            bottom += x * x / move.Days;
        }
        return bottom > 0 ? top / bottom : 0;
    }

    static double ExplainedShare(VolatilityResponse response, IReadOnlyList<Move> moves)
    {
        double all = moves.Sum(move => move.LogVolatility * move.LogVolatility / move.Days);
        double left = moves.Sum(move =>
            Math.Pow(move.LogVolatility - Answer(response.DownBeta, response.UpBeta, move), 2) / move.Days
        );
        return 1 - left / all;
    }

    static VolatilityResponse Jackknife(string underlying, ImmutableArray<Move> moves)
    {
        var without = new VolatilityResponse[Blocks];
        for (int block = 0; block < Blocks; block++)
        {
            int first = moves.Length * block / Blocks;
            int past = moves.Length * (block + 1) / Blocks;
            without[block] = Fit(underlying, "", [.. moves[..first], .. moves[past..]]);
        }
        return new VolatilityResponse(
            underlying,
            "standard errors by the jackknife over blocks",
            Error(response => response.DownBeta),
            Error(response => response.UpBeta),
            Error(response => response.TenorExponent),
            Error(response => response.SkewBeta),
            Error(response => response.ResidualLogVolatilityPerDay),
            Error(response => response.ResidualSkewPerDay)
        );

        double Error(Func<VolatilityResponse, double> figure)
        {
            double mean = without.Average(figure);
            double squares = without.Sum(response => Math.Pow(figure(response) - mean, 2));
            return Math.Sqrt(squares * (Blocks - 1) / Blocks);
        }
    }

    sealed record Move(
        double Days,
        double LogReturn,
        double LogVolatility,
        double Skew,
        double[] LogVolatilityAtTenors
    );
}
