using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Which requirement is asked for.</summary>
public enum MarginKind
{
    /// <summary>To open.</summary>
    Initial,

    /// <summary>To keep.</summary>
    Maintenance,
}

/// <summary>What a contract's rows are made of, at one market.</summary>
/// <param name="UnderlyingUsd">The expiry's forward for options, the own price otherwise; USD per coin.</param>
/// <param name="VolatilityAnnual">Implied volatility; 0 where it is no option.</param>
/// <param name="TYears">Time left; 0 for perpetuals.</param>
public readonly record struct ContractMarket(double UnderlyingUsd, double VolatilityAnnual, double TYears);

/// <summary>
/// A venue's requirement at one market as a function of sums that are linear in the contracts: the optimiser's form.
/// </summary>
/// <remarks>
/// Every contract belongs to a group (an expiry, a contract of its own) and brings rows to the group's sums. The
/// requirement is a function of those sums and of the contracts: <see cref="Exact"/> the venue's own figure,
/// <see cref="Bound"/> a convex one that is nowhere below it. Where <see cref="IsExact"/> the two are one. USD.
/// Immutable and thread safe.
/// </remarks>
public abstract class ConvexForm
{
    /// <summary>Columns; those that the venue's figures do not cover are in no group.</summary>
    public required ImmutableArray<Instrument> Instruments { get; init; }

    /// <summary>Group of each column; −1: the venue's figures do not cover it.</summary>
    public required ImmutableArray<int> GroupOf { get; init; }

    /// <summary>Number of groups.</summary>
    public required int Groups { get; init; }

    /// <summary>Coin of each group.</summary>
    public required ImmutableArray<string> CoinOf { get; init; }

    /// <summary>What of the pool the form cannot take in; then nothing is known of its margin.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Sums of a group.</summary>
    public abstract int Rows { get; }

    /// <summary>Whether the convex form is the venue's figure itself.</summary>
    public abstract bool IsExact { get; }

    /// <summary>Figures of a book that no market moves; they are handed back with each market.</summary>
    public virtual double[] Fixed(ReadOnlySpan<double> contracts) => [];

    /// <summary>Writes what +1 contract of a column brings to its group's sums.</summary>
    /// <param name="column">Column in a group.</param>
    /// <param name="market">Its market.</param>
    /// <param name="rows">Receives <see cref="Rows"/> figures.</param>
    public abstract void Fill(int column, ContractMarket market, Span<double> rows);

    /// <summary>The convex requirement, USD; with its slope where one is asked for.</summary>
    /// <param name="at">Sums and contracts.</param>
    /// <param name="kind">Initial or maintenance.</param>
    /// <param name="slope">Receives a subgradient; null: not wanted.</param>
    public abstract double Bound(in FormPoint at, MarginKind kind, FormSlope? slope);

    /// <summary>The venue's own figure, USD; at most <see cref="Bound"/>.</summary>
    public virtual double Exact(in FormPoint at, MarginKind kind) => Bound(at, kind, null);

    /// <summary>Groups and their coins from a key of each column; null: in no group.</summary>
    protected static (ImmutableArray<int> GroupOf, ImmutableArray<string> CoinOf) GroupBy<T>(
        ImmutableArray<Instrument> instruments,
        Func<Instrument, T?> key
    )
        where T : class
    {
        var known = new Dictionary<T, int>();
        var coins = ImmutableArray.CreateBuilder<string>();
        var groups = ImmutableArray.CreateBuilder<int>(instruments.Length);
        foreach (var instrument in instruments)
        {
            if (key(instrument) is not { } own)
            {
                groups.Add(-1);
                continue;
            }
            if (!known.TryGetValue(own, out int group))
            {
                known[own] = group = known.Count;
                coins.Add(instrument.Underlying);
            }
            groups.Add(group);
        }
        return (groups.MoveToImmutable(), coins.ToImmutable());
    }
}

/// <summary>Sums of a book at one market.</summary>
public readonly ref struct FormPoint
{
    static readonly double[] Nothing = new double[128];

    /// <summary>
    /// Groups to look at, ascending: those in which something is held, and all of them where a slope is wanted.
    /// </summary>
    public required ReadOnlySpan<int> Active { get; init; }

    /// <summary>Sums of each group from <see cref="Offset"/> on; null where nothing was held yet.</summary>
    public required double[]?[] Sums { get; init; }

    /// <summary>Where this market's sums begin in each group's array.</summary>
    public required int Offset { get; init; }

    /// <summary>By column.</summary>
    public required ReadOnlySpan<double> Contracts { get; init; }

    /// <summary>What <see cref="ConvexForm.Fixed"/> says of the contracts.</summary>
    public required ReadOnlySpan<double> Fixed { get; init; }

    /// <summary>Index by group's coin, USD.</summary>
    public required ReadOnlySpan<double> SpotUsd { get; init; }

    /// <summary>Time left by group; 0 for what does not expire.</summary>
    public required ReadOnlySpan<double> TYears { get; init; }

    /// <summary>The sums of a group.</summary>
    public ReadOnlySpan<double> Of(int group, int rows) =>
        Sums[group] is { } sums ? sums.AsSpan(Offset, rows) : Nothing.AsSpan(0, rows);
}

/// <summary>Slope of a requirement in the sums and, apart from them, in the contracts.</summary>
/// <param name="groups">Of the form.</param>
/// <param name="rows">Of the form.</param>
/// <param name="columns">Of the form.</param>
public sealed class FormSlope(int groups, int rows, int columns)
{
    /// <summary>By group, then row.</summary>
    public double[] Sums { get; } = new double[groups * rows];

    /// <summary>By column, on top of what the sums bring.</summary>
    public double[] Contracts { get; } = new double[columns];

    /// <summary>Adds to the slope in one sum.</summary>
    public void Add(int group, int row, double slope) => Sums[group * rows + row] += slope;

    /// <summary>Slope in the sums of a group.</summary>
    public ReadOnlySpan<double> Of(int group) => Sums.AsSpan(group * rows, rows);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(Sums);
        Array.Clear(Contracts);
    }
}
