using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>
/// An assumption: a venue closes winning futures and perpetuals once their coin has moved this far, and the rest of
/// the move is forgone.
/// </summary>
/// <remarks>
/// Whether a queue reaches a position depends on everybody else's positions, which nobody publishes: on 2025-10-10
/// accounts far down the queue were closed too (docs/margin/adl-2025-10-10.md). So the stress takes the winning leg as
/// reached for a share of its size, whatever its rank. A leg is closed at the mark when the move is
/// <paramref name="Move"/>; what it would have gained beyond is lost, what it gained before is kept in its settlement
/// currency: of a gain <c>g(u)</c>, u or u/(1+u) for coin-settled contracts, the part <c>1 − g(move)/g(u)</c>.
/// Forgone gain is at least 0 and linear in the size on either side: convex in positions. Options are never closed.
/// </remarks>
/// <param name="Venue">Whose ranking rule is reported: a key of <see cref="DeleveragingRules"/>.</param>
/// <param name="Move">Move of the coin's price at which legs are closed, a fraction; in (0, 1).</param>
/// <param name="Share">Share of a winning leg that is closed, in (0, 1].</param>
public sealed record DeleveragingStress(string Venue, double Move, double Share = 1)
{
    /// <summary>Gain forgone by one contract held long and by one held short; home currency, at least 0.</summary>
    /// <param name="matrix">Gains.</param>
    /// <param name="column">Column of the matrix.</param>
    /// <param name="asLong">Out, S.</param>
    /// <param name="asShort">Out, S.</param>
    public void Forgone(PnlMatrix matrix, int column, Span<double> asLong, Span<double> asShort)
    {
        asLong.Clear();
        asShort.Clear();
        var instrument = matrix.Instruments[column];
        if (!Reaches(instrument))
            return;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        double[] returns = Returns(matrix.Scenarios, instrument);
        var gain = matrix.Gain.Column(column);
        for (int s = 0; s < gain.Length; s++)
        {
            double move = Math.Exp(returns[s]) - 1;
            if (move > Move)
                asLong[s] = Share * Math.Max(0, gain[s]) * Beyond(Move, move, inverse);
            else if (move < -Move)
                asShort[s] = Share * Math.Max(0, -gain[s]) * Beyond(-Move, move, inverse);
        }
    }

    /// <summary>Log returns of a contract's coin by which it wins: to its delivery where that comes first.</summary>
    public static double[] Returns(ScenarioSet scenarios, Instrument instrument)
    {
        var moves = scenarios.Of(instrument.Underlying);
        return instrument.SettlesAt is { } at && moves.DeliveryLogReturn.TryGetValue(at, out double[]? delivered)
            ? delivered
            : moves.LogReturn;
    }

    /// <summary>The same over a range of prices at expiry.</summary>
    public TailClosing Closing => new(Move, Share);

    /// <summary>Whether a venue could close it: options are never deleveraged.</summary>
    public static bool Reaches(Instrument instrument) => instrument is PerpetualInstrument or FutureInstrument;

    static double Beyond(double trigger, double move, bool inverse) =>
        inverse ? 1 - trigger / (1 + trigger) / (move / (1 + move)) : 1 - trigger / move;
}
