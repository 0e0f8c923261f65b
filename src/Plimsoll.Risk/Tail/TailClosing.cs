using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>
/// An assumption: a venue closes a share of a winning future or perpetual at its mark once that has moved so far.
/// </summary>
/// <param name="Move">Move of the mark, a fraction; in (0, 1).</param>
/// <param name="Share">Share of the position that is closed, in (0, 1].</param>
public sealed record TailClosing(double Move, double Share);

/// <summary>
/// Gain beyond the one kept at the closing, per contract: <c>max(0, Slope·(x − Kink))</c> in the rows' x and unit.
/// </summary>
/// <param name="Kink">x at which it begins.</param>
/// <param name="Slope">Per unit of x; its sign says on which side of the kink.</param>
public readonly record struct TailHinge(double Kink, double Slope)
{
    /// <summary>Forgone at x; at least 0.</summary>
    public double At(double x) => Math.Max(0, Slope * (x - Kink));

    /// <summary>Forgone per unit of x as x grows without bound.</summary>
    public double SlopeAtInfinity => Math.Max(0, Slope);
}

/// <summary>What one contract of a future or perpetual forgoes over the tail range, held long and held short.</summary>
/// <remarks>
/// The rest of a closed position's gain is forgone: a path on which it was closed loses no more than the same book with
/// the gain cut at <c>F(1 ± move)</c>, F the mark now (of a perpetual, whose gain is zero at today's index, the index),
/// since what is closed keeps its gain when the price comes back. So the bound over the range stays one, and stays
/// convex: the hinge is linear in the size on either side, and at least 0.
/// </remarks>
/// <param name="Long">Held long: beyond the rise.</param>
/// <param name="Short">Held short: beyond the fall.</param>
public readonly record struct TailForgone(TailHinge Long, TailHinge Short)
{
    /// <summary>The hinges of a contract; null where no venue closes it: options and spot.</summary>
    internal static TailForgone? Of(
        Instrument instrument,
        TailPayoff payoff,
        double closedAtUsd,
        TailClosing closing,
        bool inCoin,
        double unitPerDollar
    )
    {
        if (instrument is not (FutureInstrument or PerpetualInstrument))
            return null;
        TailHinge Hinge(int side)
        {
            double kinkUsd = closedAtUsd * (1 + side * closing.Move);
            // Coins of gain a dollar of price from the kink on: what a coin-settled contract keeps is kept in coin.
            double coins = instrument.Shape == PayoffShape.Inverse ? -payoff.Constant / kinkUsd : payoff.Coins;
            return inCoin
                ? new TailHinge(1 / kinkUsd, -side * closing.Share * coins * kinkUsd)
                : new TailHinge(kinkUsd, side * closing.Share * coins * unitPerDollar);
        }
        return new TailForgone(Hinge(1), Hinge(-1));
    }
}
