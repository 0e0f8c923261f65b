using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Gains at expiry intrinsic of all instruments of one underlying that end at one instant.</summary>
/// <param name="Expiry">Their settlement.</param>
/// <param name="X">Knots in rising order: the two ends and every strike between them.</param>
/// <param name="Columns">Columns of the instruments in the list that the rows were made for.</param>
/// <param name="Gain">Knots x columns: gain of one contract in the unit.</param>
/// <param name="SlopeAtInfinity">Per column: gain per unit of x as x grows without bound.</param>
public sealed record TailExpiry(
    DateTimeOffset Expiry,
    double[] X,
    int[] Columns,
    ColumnMatrix Gain,
    double[] SlopeAtInfinity
);

/// <summary>Loss of a book over the tail range, and where.</summary>
/// <param name="Loss">Positive; at least 0.</param>
/// <param name="PriceUsd">Mean price at which the bound is attained.</param>
/// <param name="ByExpiry">Loss of each expiry's instruments there, before the linear part.</param>
public sealed record TailWorst(
    double Loss,
    double PriceUsd,
    ImmutableArray<(DateTimeOffset Expiry, double Loss)> ByExpiry
);
