using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Risk.Tests;

/// <summary>The matrix of a recorded chain (2026-02-05 09:36 UTC, the day of the fall) in drawn scenarios.</summary>
public sealed class RealChainMatrixTests
{
    const string Chain = "market/chains/deribit-20260205T093647Z.csv.gz";

    static readonly Lazy<(
        MarketSnapshot Snapshot,
        ImmutableSortedDictionary<string, VolatilitySurface> Surfaces
    )?> Read = new(() =>
    {
        if (Repository.Shared(Chain) is not { } path)
            return null;
        var snapshot = RecordedChainFile.Read(path).Value;
        return (
            snapshot,
            snapshot.Underlyings.ToImmutableSortedDictionary(
                market => market.Underlying,
                market => SurfaceFit.Fit(snapshot, market.Underlying).Surface!
            )
        );
    });

    static (MarketSnapshot Snapshot, ImmutableSortedDictionary<string, VolatilitySurface> Surfaces) World()
    {
        Assert.SkipUnless(Read.Value is not null, Golden.Absent);
        return Read.Value!.Value;
    }

    [Fact]
    public void Every_contract_of_the_chain_is_priced_and_two_threads_give_the_bytes_of_one()
    {
        var (snapshot, surfaces) = World();
        var set = HistoricalScenarios.Build(snapshot, surfaces, [], new ScenarioRequest(Years.FromDays(1), 250));
        ImmutableArray<Instrument> all = [.. snapshot.Quotes.Select(quote => quote.Instrument)];
        Assert.True(all.Length > 1_600);
        Assert.Empty(Revaluation.Missing(snapshot, surfaces, set, all));
        using var one = Revaluation.Compute(snapshot, surfaces, set, all, Currency.Usd, 1).Gain;
        using var two = Revaluation.Compute(snapshot, surfaces, set, all, Currency.Usd, 2).Gain;
        for (int i = 0; i < all.Length; i++)
        {
            Assert.True(
                MemoryMarshal.AsBytes(one.PaddedColumn(i)).SequenceEqual(MemoryMarshal.AsBytes(two.PaddedColumn(i)))
            );
            foreach (double gain in one.Column(i))
                Assert.True(double.IsFinite(gain), all[i].Name);
        }
    }

    [Fact]
    public void Call_less_put_of_each_strike_is_the_forward_contract()
    {
        var (snapshot, surfaces) = World();
        var set = HistoricalScenarios.Build(snapshot, surfaces, [], new ScenarioRequest(Years.FromDays(3), 40));
        var options = snapshot.Quotes.Select(quote => quote.Instrument).OfType<OptionInstrument>();
        var pairs = options
            .GroupBy(option => (option.Underlying, option.Expiry, option.StrikeUsd))
            .Where(pair => pair.Count() == 2)
            .Select(pair => pair.OrderBy(option => option.Right).ToArray())
            .ToList();
        Assert.True(pairs.Count > 700);
        ImmutableArray<Instrument> columns = [.. pairs.SelectMany(pair => pair)];
        var matrix = Revaluation.Compute(snapshot, surfaces, set, columns, Currency.Usd, 2);
        for (int p = 0; p < pairs.Count; p++)
        {
            var call = pairs[p][0];
            var market = snapshot.Find(call.Underlying)!;
            var moves = set.Of(call.Underlying);
            double now = market.ForwardUsd(call.Expiry),
                strike = (double)call.StrikeUsd;
            for (int s = 0; s < set.Count; s++)
            {
                double index = market.IndexUsd * Math.Exp(moves.LogReturn[s]);
                double then = moves.DeliveryLogReturn.TryGetValue(call.Expiry, out double[]? delivery)
                    ? market.IndexUsd * Math.Exp(delivery[s])
                    : now * Math.Exp(moves.LogReturn[s]);
                double forward = strike * (1 / now - 1 / then) * index;
                Assert.Equal(forward, matrix.Gain[s, 2 * p] - matrix.Gain[s, 2 * p + 1], 1e-9 * (strike + index));
            }
        }
    }

    [Fact]
    public void Filling_the_cells_allocates_nothing()
    {
        var (snapshot, surfaces) = World();
        var set = HistoricalScenarios.Build(snapshot, surfaces, [], new ScenarioRequest(Years.FromDays(1), 2_000));
        ImmutableArray<Instrument> some =
        [
            .. snapshot.Quotes.Where((_, i) => i % 40 == 0).Select(quote => quote.Instrument),
        ];
        var prices = new ModelPrices(snapshot, surfaces);
        var home = HomePrices.Of(snapshot, set, Currency.Usd);
        var work = MatrixWork
            .Plan(snapshot, surfaces, set, some, prices, home, new ScenarioPrices(snapshot, set))
            .ToArray();
        using var gain = new ColumnMatrix(set.Count, some.Length);
        foreach (var part in work)
            part.Fill(gain);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var part in work)
            part.Fill(gain);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
