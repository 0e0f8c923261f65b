using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>
/// What the account holds of one coin as one surface: the solve's Greeks, moved to the prices of now.
/// </summary>
/// <param name="Underlying">Coin.</param>
/// <param name="DeltaUsd">Gain per unit of simple return of the index, USD.</param>
/// <param name="Gamma1PctUsd">Change of that delta for a move of 1%.</param>
/// <param name="Vega1PtUsd">Gain for one point of implied volatility.</param>
/// <param name="EstimatedGainUsd">Gain of the positions since the solve by delta, gamma and vega.</param>
/// <param name="MarkedGainUsd">The same by the venue's marks.</param>
/// <param name="Volatility">Forecast of volatility a year; null: not known.</param>
/// <param name="Scale">Share of the coin's targets that is gone to.</param>
/// <param name="ScaleCause">Why not all; empty: all.</param>
public sealed record CoinRisk(
    string Underlying,
    decimal DeltaUsd,
    decimal Gamma1PctUsd,
    decimal Vega1PtUsd,
    decimal EstimatedGainUsd,
    decimal MarkedGainUsd,
    decimal? Volatility,
    decimal Scale,
    string ScaleCause
);

/// <summary>The bounded update of the account's risk between two solves.</summary>
/// <remarks>
/// A Taylor expansion of second order in the index and of first order in volatility, about the solve's prices. Its
/// error is measured, not assumed: the venue's own marks give the true gain of the same positions, and where the two
/// part by more than the settings allow, everything is revalued in full by the next solve.
/// </remarks>
static class RiskSurface
{
    const int Cents = 2;

    /// <summary>All coins that are held or followed, in order of name.</summary>
    public static ImmutableArray<CoinRisk> Of(EngineState state) =>
        [.. state.Coins.Select(coin => Of(state, coin.Key, coin.Value))];

    /// <summary>Why everything must be valued anew; null while the estimate is good enough.</summary>
    public static string? Worn(EngineState state)
    {
        if (state.EquityUsd is not { } equity || equity <= 0)
            return null;
        foreach (var (name, coin) in state.Coins)
        {
            var risk = Of(state, name, coin);
            decimal error = Math.Abs(risk.EstimatedGainUsd - risk.MarkedGainUsd);
            if (error > state.Settings!.SurfaceError * equity)
                return FormattableString.Invariant($"the surface of {name} is {error:0} USD off the marks");
        }
        return null;
    }

    static CoinRisk Of(EngineState state, string name, CoinState coin)
    {
        var (delta, gamma, vega, estimated, marked) = (0m, 0m, 0m, 0m, 0m);
        foreach (var own in state.Instruments.Values)
        {
            if (own.Position == 0 || own.Terms.Underlying != name || own is not { Target.Risk: { } risk })
                continue;
            if (own is not { Base: { } then, IndexUsd: { } index, Mark: { } mark })
                continue;
            decimal move = index.Value / then.IndexUsd - 1;
            decimal points = own.MarkVolatility is { } now && then.Volatility is { } before ? 100 * (now - before) : 0;
            delta += own.Position * (risk.DeltaUsd + 100 * move * risk.Gamma1PctUsd);
            gamma += own.Position * risk.Gamma1PctUsd;
            vega += own.Position * risk.Vega1PtUsd;
            estimated +=
                own.Position * (risk.DeltaUsd * move + 50 * move * move * risk.Gamma1PctUsd + points * risk.Vega1PtUsd);
            marked += own.Position * Gain(own.Terms, then.Mark, mark.Value, index.Value);
        }
        return new CoinRisk(
            name,
            Math.Round(delta, Cents),
            Math.Round(gamma, Cents),
            Math.Round(vega, Cents),
            Math.Round(estimated, Cents),
            Math.Round(marked, Cents),
            coin.Volatility,
            coin.Scale,
            coin.ScaleCause
        );
    }

    /// <summary>USD that one contract gained while its mark moved, at the index of now.</summary>
    public static decimal Gain(Instrument terms, decimal before, decimal now, decimal indexUsd)
    {
        decimal inverse = terms.Settlement.IsDollar ? 1 : indexUsd;
        return terms is not OptionInstrument && terms.Shape == PayoffShape.Inverse
            ? terms.ContractSize * (1 / before - 1 / now) * inverse
            : terms.ContractSize * (now - before) * inverse;
    }
}
