using System.Runtime.CompilerServices;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Margin;

/// <summary>Maintenance rates of an instrument at every scenario's market, in home currency per contract.</summary>
/// <remarks>
/// maintenance_s(q) = Long_s·q⁺ + Short_s·q⁻ + Square_s·q². What one more contract does to the margin balance is the
/// matrix's gain, less the change of option value where that is no margin: <see cref="BalanceGain"/>.
/// </remarks>
public static class ScenarioMaintenance
{
    /// <summary>Rates of one column of a matrix.</summary>
    /// <param name="model">The venue's rule.</param>
    /// <param name="matrix">Gains; made by <see cref="Revaluation"/>.</param>
    /// <param name="prices">Model prices now, of the same market as the matrix.</param>
    /// <param name="column">Column of the matrix.</param>
    /// <param name="longRate">Out, S.</param>
    /// <param name="shortRate">Out, S.</param>
    /// <param name="square">Out, S; 0 but for futures.</param>
    /// <param name="scenarios">The scenarios wanted, in the order of the results; empty: all of them.</param>
    /// <exception cref="ArgumentException">
    /// The model cannot rate the instrument: ask <see cref="IMarginModel.Missing"/>.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rates(
        IMarginModel model,
        PnlMatrix matrix,
        ModelPrices prices,
        int column,
        Span<double> longRate,
        Span<double> shortRate,
        Span<double> square,
        ReadOnlySpan<int> scenarios = default
    )
    {
        var instrument = matrix.Instruments[column];
        var moves = matrix.Scenarios.Of(instrument.Underlying);
        if (instrument.SettlesAt is { } at && moves.DeliveryLogReturn.ContainsKey(at))
        {
            longRate.Clear();
            shortRate.Clear();
            square.Clear();
            return;
        }
        double nowUsd = prices.UnderlyingPriceUsd(instrument)!.Value;
        double priceNow = prices.Price(instrument)!.Value;
        double size = (double)instrument.ContractSize;
        bool isOption = instrument is OptionInstrument;
        var rule =
            model.For(instrument)
            ?? throw new ArgumentException($"{model.Key} has no rate for {instrument.Name}", nameof(column));
        var settlement = matrix.Prices!.InScenarios(instrument.Settlement);
        var gain = matrix.Gain.Column(column);
        // A forward's own move changes its rate by a share of a share: only a perpetual's basis is taken in.
        double[] move = moves.LogMove(instrument, 0);
        for (int i = 0; i < longRate.Length; i++)
        {
            int s = scenarios.IsEmpty ? i : scenarios[i];
            double underlyingUsd = nowUsd * Scalar.Exp(move[s]);
            double price = isOption ? Math.Max(0, priceNow + gain[s] / (size * settlement[s])) : underlyingUsd;
            var rate = rule.At(new MarginPrice(underlyingUsd, price));
            longRate[i] = rate.MaintenanceLong * settlement[s];
            shortRate[i] = rate.MaintenanceShort * settlement[s];
            square[i] = rate.MaintenanceSquare * settlement[s];
        }
    }

    /// <summary>
    /// What holding +1 contract adds to its pool's margin balance in each scenario, on top of the wallet's equity of
    /// today revalued: the gain itself, or, where option value is no margin, minus the option's value of today for
    /// options (the wallet's equity counts every option held at today's value).
    /// </summary>
    public static void BalanceGain(
        IMarginModel model,
        PnlMatrix matrix,
        ModelPrices prices,
        int column,
        Span<double> gain,
        ReadOnlySpan<int> scenarios = default
    )
    {
        var instrument = matrix.Instruments[column];
        bool settles =
            instrument.SettlesAt is { } at
            && matrix.Scenarios.Of(instrument.Underlying).DeliveryLogReturn.ContainsKey(at);
        if (model.OptionValueIsMargin || settles || instrument is not OptionInstrument)
        {
            var whole = matrix.Gain.Column(column);
            for (int i = 0; i < gain.Length; i++)
                gain[i] = whole[scenarios.IsEmpty ? i : scenarios[i]];
            return;
        }
        double value = prices.ValuePerContract(instrument)!.Value;
        var settlement = matrix.Prices!.InScenarios(instrument.Settlement);
        for (int i = 0; i < gain.Length; i++)
            gain[i] = -value * settlement[scenarios.IsEmpty ? i : scenarios[i]];
    }
}
