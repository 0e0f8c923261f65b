using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>What options said is used where it is recorded, left out where it is not, and never seen too early.</summary>
public class ImpliedVolatilityTests
{
    static readonly DateOnly First = new(2020, 1, 1);

    /// <summary>Days of a volatility that jumps on dates no return foretells; the options of the eve know it.</summary>
    static TailHistory Planted(int days, int readFrom)
    {
        var random = new SeededRandom(7, 1);
        var coin = ImmutableArray.CreateBuilder<CoinDay>();
        var readings = new List<ImpliedDay>();
        double volatility = 2;
        for (int t = 0; t < days; t++)
        {
            if (random.NextDouble() < 0.1)
                volatility = 1.5 * Math.Exp(1.5 * random.NextDouble());
            var date = First.AddDays(t);
            if (t > readFrom)
                readings.Add(new(date.AddDays(-1), volatility, -0.1, 0, 0, 5, 0.01));
            double r = volatility * random.NextNormal();
            double before = volatility * volatility * (0.5 + random.NextDouble());
            coin.Add(new(date, r, Math.Min(r, 0), Math.Max(r, 0), new(r * r, r < 0 ? r * r : 0, r * r), before, 1, 6));
        }
        var target = new CoinDays("AAA", coin.ToImmutable());
        return new(target, new MarketDays([target]) { Implied = [new ImpliedDays("AAA", readings)] });
    }

    static TailHistory Bare(TailHistory history) => history with { Market = new MarketDays(history.Market.Coins) };

    static ImpliedScaleModel Corrected => (ImpliedScaleModel)TailModels.Find("GARCH-IV")!;

    static double MeanLoss(ITailModel model, TailHistory history, int from)
    {
        var p = new TailProbability(0.025);
        var forecasts = WalkForward.Run(model, history, new(from, history.Target.Count), [p])[0].Forecasts;
        return forecasts
            .Select(
                (f, t) => TailLoss.Fz0(history.Target.Days[from + t].Return, f!.Value.Quantile, f.Value.TailMean, p)
            )
            .Average();
    }

    [Fact]
    public void A_volatility_that_only_options_know_is_learnt_by_both_models()
    {
        var history = Planted(1500, readFrom: 0);
        var fit = (FittedImpliedScale)Corrected.Fit(history, 1500, null);
        // The truth is a weight of 1: volatility is what the options say.
        Assert.InRange(fit.Weight, 0.85, 1.1);
        Assert.True(fit.Converged);
        Assert.True(MeanLoss(Corrected, history, 700) < MeanLoss(TailModels.GarchStudent, history, 700) - 0.05);
        Assert.True(
            MeanLoss(TailModels.Realised, history, 700) < MeanLoss(TailModels.Realised, Bare(history), 700) - 0.02
        );
    }

    [Fact]
    public void A_short_record_of_chains_hardly_moves_the_panel_model()
    {
        var history = Planted(1500, readFrom: 1450);
        var with = ((FittedRealisedScale)TailModels.Realised.Fit(history, 1500, null)).Fit;
        var without = ((FittedRealisedScale)TailModels.Realised.Fit(Bare(history), 1500, null)).Fit;
        double[] row = [.. TailFeatures.Of(history).Row(1500)];
        Assert.InRange(with.Scale(row) / without.Scale(row), 0.8, 1.25);
        Assert.All(without.Coefficients[TailFeatures.Always..], each => Assert.Equal(0, each));
    }

    [Fact]
    public void Without_a_reading_both_models_are_what_they_were_bit_for_bit()
    {
        var history = Planted(900, readFrom: 2000);
        var bare = Bare(history);
        var p = new TailProbability(0.01);
        foreach (ITailModel model in (ITailModel[])[Corrected, TailModels.Realised])
            Assert.Equal(
                model.Fit(bare, 900, null).Forecast(bare, 900, p),
                model.Fit(history, 900, null).Forecast(history, 900, p)
            );
        Assert.Equal(
            TailModels.GarchStudent.Fit(bare, 900, null).Forecast(bare, 900, p),
            Corrected.Fit(history, 900, null).Forecast(history, 900, p)
        );
    }

    [Fact]
    public void Readings_of_the_day_itself_and_later_are_not_seen()
    {
        var history = Planted(900, readFrom: 0);
        var days = history.Market.Implied[0];
        var later = Enumerable
            .Range(0, 900)
            .Select(t => First.AddDays(t - 1))
            .Select(date =>
                days.Find(date) is { } d ? (date >= First.AddDays(700) ? d with { Level = 50 } : d) : default
            )
            .Where(day => day.Level > 0);
        var changed = history with { Market = history.Market with { Implied = [new ImpliedDays("AAA", later)] } };
        var p = new TailProbability(0.01);
        foreach (ITailModel model in (ITailModel[])[Corrected, TailModels.Realised])
        {
            Assert.Equal(
                model.Fit(history, 700, null).Forecast(history, 700, p),
                model.Fit(changed, 700, null).Forecast(changed, 700, p)
            );
            Assert.NotEqual(
                model.Fit(history, 700, null).Forecast(history, 701, p),
                model.Fit(changed, 700, null).Forecast(changed, 701, p)
            );
        }
    }

    [Fact]
    public void A_reading_outside_what_was_seen_is_left_out_and_named()
    {
        var history = Planted(900, readFrom: 0);
        var fit = ((FittedRealisedScale)TailModels.Realised.Fit(history, 900, null)).Fit;
        double[] row = [.. TailFeatures.Of(history).Row(899)];
        row[TailFeatures.Names.IndexOf("implied-premium")] = 1e6;
        Assert.Null(fit.OutOfRange(row));
        Assert.Equal(["implied-premium"], fit.LeftOut(row));
        Assert.InRange(fit.Scale(row), 0.3, 15);
    }

    [Fact]
    public void A_recorded_chain_says_what_its_quotes_and_marks_say()
    {
        Assert.SkipUnless(Repository.Shared("market/chains") is not null, Golden.Absent);
        ImpliedDay Read(string time)
        {
            string file = Repository.Shared($"market/chains/deribit-{time}.csv.gz")!;
            return ImpliedDay.Of(RecordedChainFile.Read(file).Value, "BTC");
        }
        var calm = Read("20260120T092708Z");
        var crash = Read("20260205T155132Z");
        // In the fall of 2026-02-05: thirty-day implied volatility at 75% in the news of the day, near dates dearer.
        Assert.InRange(crash.Level * Math.Sqrt(365), 65, 95);
        Assert.InRange(calm.Level * Math.Sqrt(365), 30, 60);
        Assert.True(crash.TermSlope > 0.2 && crash.TermSlope > calm.TermSlope);
        Assert.True(crash.Skew < calm.Skew);
        Assert.InRange(crash.PerpetualBasis, -1, 1);
        Assert.InRange(calm.FuturesBasis, 0, 12);
        Assert.True(crash.FuturesBasis < calm.FuturesBasis);
        Assert.True(double.IsNaN(crash.Funding));
    }
}
