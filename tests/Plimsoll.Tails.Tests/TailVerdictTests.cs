using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Tails.Tests;

/// <summary>Counts over coins, on forecasts whose order is known.</summary>
public sealed class TailVerdictTests
{
    static readonly TailProbability Level = new(0.025);

    /// <summary>Standard normal returns and a forecast that is the true law's, its risk times a factor.</summary>
    static EvaluationRow Row(string coin, string model, double factor, ulong stream, double kupiecP = 0.5)
    {
        var random = new SeededRandom(5, stream);
        ImmutableArray<JudgedDay> series =
        [
            .. Enumerable
                .Range(0, 1_500)
                .Select(day => new JudgedDay(
                    new DateOnly(2020, 1, 1).AddDays(day),
                    random.NextNormal(),
                    new TailForecast(-1.959964 * factor, -2.337803 * factor)
                )),
        ];
        double loss = series.Average(day =>
            TailLoss.Fz0(day.Return, day.Forecast.Quantile, day.Forecast.TailMean, Level)
        );
        return new EvaluationRow(
            coin,
            Level,
            model,
            series.Length,
            0,
            0,
            loss,
            0,
            0,
            new(0, kupiecP),
            new(0, 0.5),
            new(0, kupiecP),
            new(0, 0.5),
            null,
            double.NaN,
            0,
            0.5,
            2,
            3,
            null,
            null,
            1,
            [],
            [],
            series
        );
    }

    [Fact]
    public void Right_forecasts_beat_wrong_ones_on_every_coin_and_equal_ones_on_none()
    {
        ImmutableArray<EvaluationRow> rows =
        [
            Row("BTC", "wrong", 0.6, 1),
            Row("BTC", "same", 1, 1),
            Row("BTC", "auto", 1, 1),
            Row("ETH", "wrong", 0.6, 2),
            Row("ETH", "same", 1, 2),
            Row("ETH", "auto", 1, 2, kupiecP: 0.01),
        ];
        var contests = TailVerdict.Contests(rows);
        var wrong = contests.Single(contest => contest.Against == "wrong");
        Assert.Equal((2, 2), (wrong.Coins, wrong.Lower));
        Assert.Equal(["BTC", "ETH"], wrong.Better);
        Assert.Empty(wrong.Worse);
        var same = contests.Single(contest => contest.Against == "same");
        Assert.Equal((2, 0), (same.Coins, same.Lower));
        Assert.Empty(same.Better.AddRange(same.Worse));
        var auto = TailVerdict.Coverage(rows).Single(count => count.Model == "auto");
        Assert.Equal((2, 1, 2, 1), (auto.Coins, auto.Kupiec, auto.Independence, auto.Both));
    }

    [Fact]
    public void A_worse_model_is_named_and_a_coin_without_every_day_is_left_out()
    {
        ImmutableArray<EvaluationRow> rows =
        [
            Row("BTC", "GARCH-t", 1, 1),
            Row("BTC", "auto", 0.6, 1),
            Row("ETH", "GARCH-t", 1, 2),
            Row("ETH", "auto", 0.6, 2) with
            {
                Undetermined = 3,
            },
        ];
        var contest = Assert.Single(TailVerdict.Contests(rows));
        Assert.Equal((1, 0), (contest.Coins, contest.Lower));
        Assert.Equal(["BTC"], contest.Worse);
    }

    /// <summary>Without hits what is left of two models' difference is a level, whose t is huge and says nothing.</summary>
    [Fact]
    public void A_t_without_the_largest_days_needs_days_beyond_the_forecast()
    {
        double[] difference = [.. Enumerable.Range(0, 120).Select(t => t % 40 == 0 ? 3.0 + t : -0.1 - 0.001 * (t % 5))];
        Assert.True(double.IsNaN(TailEvaluation.WithoutLargest(difference, [.. difference.Select(d => d > 0)])));
        bool[] often = [.. Enumerable.Range(0, 120).Select(t => t % 10 == 0)];
        Assert.True(double.IsFinite(TailEvaluation.WithoutLargest(difference, often)));
    }
}
