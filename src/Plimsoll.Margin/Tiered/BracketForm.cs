using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>
/// Maintenance by brackets of each contract alone, in the optimiser's form: exact, nothing is netted.
/// </summary>
/// <remarks>
/// A group is a contract, its sums are its notional in the settlement currency and in USD. Beyond the last bracket that
/// is known the whole notional is asked, which no venue exceeds and which keeps the rule convex.
/// </remarks>
sealed class BracketForm(BracketTables brackets, Func<MarginKind, double> factor) : ConvexForm
{
    /// <summary>The form over some columns; contracts without brackets are in no group.</summary>
    public static BracketForm Of(
        ImmutableArray<Instrument> instruments,
        BracketTables brackets,
        Func<MarginKind, double> factor,
        Func<Instrument, string?> refuses
    )
    {
        var (groups, coins) = GroupBy(instruments, instrument => refuses(instrument) is null ? instrument.Name : null);
        return new BracketForm(brackets, factor)
        {
            Instruments = instruments,
            GroupOf = groups,
            CoinOf = coins,
            Groups = coins.Length,
        };
    }

    /// <inheritdoc />
    public override int Rows => 1;

    /// <inheritdoc />
    public override bool IsExact => true;

    /// <inheritdoc />
    public override void Fill(int column, ContractMarket market, Span<double> rows)
    {
        double size = (double)Instruments[column].ContractSize;
        rows[0] = IsInverse(column) ? size / market.UnderlyingUsd : size * market.UnderlyingUsd;
    }

    /// <inheritdoc />
    public override double Bound(in FormPoint at, MarginKind kind, FormSlope? slope)
    {
        double sum = 0,
            times = factor(kind);
        foreach (int group in at.Active)
        {
            int column = GroupOf.IndexOf(group);
            double notional = at.Of(group, 1)[0],
                unit = times * (IsInverse(column) ? at.SpotUsd[group] : 1);
            var (maintenance, rate) = brackets.Of(Instruments[column])!.Extended(Math.Abs(notional));
            sum += unit * maintenance;
            slope?.Add(group, 0, unit * rate * Math.Sign(notional));
        }
        return sum;
    }

    bool IsInverse(int column) => Instruments[column].Shape == PayoffShape.Inverse;
}
