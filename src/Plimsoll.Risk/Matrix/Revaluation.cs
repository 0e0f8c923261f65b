using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Fills the P&amp;L matrix: one contract of each instrument revalued in full in every scenario.</summary>
/// <remarks>
/// Gain in home currency = (value in settlement currency then − now) · price of the settlement currency then. The value
/// held now counts as collateral of its currency, which is revalued apart. Expiry inside the horizon settles on the
/// scenario's own delivery price. Each cell is computed by itself, so the number of threads cannot change a bit.
/// </remarks>
public static class Revaluation
{
    /// <summary>
    /// What the matrix would need and does not have, one line an instrument; empty when <see cref="Compute"/> can run.
    /// </summary>
    public static ImmutableArray<string> Missing(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments
    )
    {
        var prices = new ModelPrices(snapshot, surfaces);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var instrument in instruments)
            if (Lacks(snapshot, prices, scenarios, instrument) is { } what)
                missing.Add($"{instrument.Name}: {what}");
        return missing.ToImmutable();
    }

    /// <summary>The matrix on the surfaces as they move with each scenario.</summary>
    /// <param name="snapshot">Cleaned market.</param>
    /// <param name="surfaces">By underlying; needed for options only.</param>
    /// <param name="scenarios">Weighted, or a stress set.</param>
    /// <param name="instruments">Columns in this order.</param>
    /// <param name="home">Currency of the cells.</param>
    /// <param name="threads">At least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">Something is missing: ask <see cref="Missing"/> first.</exception>
    public static PnlMatrix Compute(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments,
        Currency home,
        int threads
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var missing = Missing(snapshot, surfaces, scenarios, instruments);
        if (!missing.IsEmpty)
            throw new ArgumentException("cannot revalue: " + string.Join("; ", missing), nameof(instruments));
        var prices = new ModelPrices(snapshot, surfaces);
        var homePrices = HomePrices.Of(snapshot, scenarios, home);
        var gain = new ColumnMatrix(scenarios.Count, instruments.Length);
        var fees = new double[instruments.Length];
        var then = new ScenarioPrices(snapshot, scenarios);
        var work = MatrixWork.Plan(snapshot, surfaces, scenarios, instruments, prices, homePrices, then, threads);
        if (threads == 1)
            foreach (var part in work)
                part.Fill(gain);
        else
            Parallel.For(
                0,
                work.Count,
                new ParallelOptions { MaxDegreeOfParallelism = threads },
                i => work[i].Fill(gain)
            );
        for (int i = 0; i < instruments.Length; i++)
            fees[i] = DeliveryFees.Expected(instruments[i], then, scenarios, homePrices);
        return new PnlMatrix
        {
            Scenarios = scenarios,
            Instruments = instruments,
            HomeCurrency = home,
            Gain = gain,
            ValueNow =
            [
                .. instruments.Select(instrument =>
                    prices.ValuePerContract(instrument)!.Value * homePrices.Now(instrument.Settlement)
                ),
            ],
            Prices = homePrices,
            FundingPaidByLong =
            [
                .. instruments.Select(instrument =>
                    Funding.PaidByLong(instrument, prices.Quote(instrument), scenarios.Horizon, snapshot, homePrices)
                ),
            ],
            DeliveryFee = fees,
        };
    }

    static string? Lacks(MarketSnapshot snapshot, ModelPrices prices, ScenarioSet scenarios, Instrument instrument)
    {
        if (instrument.SettlesAt <= snapshot.AsOf)
            return "has expired";
        if (snapshot.Find(instrument.Underlying) is null)
            return $"no index of {instrument.Underlying}";
        var moves = scenarios.Underlyings.FirstOrDefault(moves => moves.Underlying == instrument.Underlying);
        if (moves is null)
            return $"no scenarios for {instrument.Underlying}";
        if (!instrument.Settlement.IsDollar && instrument.Settlement.Code != instrument.Underlying)
            return $"no price of {instrument.Settlement}, in which it settles";
        if (
            instrument.SettlesAt is { } settles
            && Years.Between(snapshot.AsOf, settles).Value <= scenarios.Horizon.Value
            && !moves.DeliveryLogReturn.ContainsKey(settles)
        )
            return "no delivery price in the scenarios";
        if (instrument is OptionInstrument option && prices.Slice(option) is null)
            return "no fitted volatility for its expiry";
        return prices.UnderlyingPriceUsd(instrument) is null ? "no price" : null;
    }
}
