using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Margin;

/// <summary>A form at every scenario's own market. USD there.</summary>
/// <remarks>
/// A column's rows are filled when it is first held and kept; a book costs its changes from the last one. What settles
/// inside the horizon needs no margin. Not thread safe.
/// </remarks>
public sealed class ConvexScenarios
{
    // Sums are formed anew after so many changes, before rounding can pile up.
    const int MostChanges = 64;

    readonly ConvexForm form;
    readonly PnlMatrix matrix;
    readonly Func<int, double[]?> underlyingUsd;
    readonly double[][] spotUsd;
    readonly SurfaceMove?[] moves;
    readonly double[] yearsLeft;
    readonly double[] groupYears;
    readonly bool[] settles;
    readonly double[]?[] prices;
    readonly double[]?[] stored;
    readonly double[]?[] sums;
    readonly double[] held;
    double[] fixedFigures = [];
    int changes = int.MaxValue;

    /// <param name="form">The form, over the columns of the matrix.</param>
    /// <param name="market">Market and surfaces now.</param>
    /// <param name="matrix">Scenarios and instruments.</param>
    public ConvexScenarios(ConvexForm form, RiskMarket market, PnlMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(matrix);
        (this.form, this.matrix) = (form, matrix);
        Count = matrix.Scenarios.Count;
        int columns = form.Instruments.Length;
        (moves, yearsLeft, settles) = (new SurfaceMove?[columns], new double[columns], new bool[columns]);
        (prices, stored, held) = (new double[columns][], new double[columns][], new double[columns]);
        (sums, groupYears) = (new double[form.Groups][], new double[form.Groups]);
        var surfaces = form
            .CoinOf.Distinct()
            .Where(market.Surfaces.ContainsKey)
            .ToDictionary(
                coin => coin,
                coin =>
                    SurfaceMoves
                        .Build(market.Surfaces[coin], market.Snapshot, matrix.Scenarios, VolatilityResponses.For(coin))
                        .ToDictionary(move => move.Slice.Expiry)
            );
        for (int i = 0; i < columns; i++)
        {
            var instrument = form.Instruments[i];
            if (form.GroupOf[i] < 0)
                continue;
            var scenarios = matrix.Scenarios.Of(instrument.Underlying);
            settles[i] = instrument.SettlesAt is { } at && scenarios.DeliveryLogReturn.ContainsKey(at);
            yearsLeft[i] = instrument.SettlesAt is { } end
                ? Math.Max(0, Years.Between(market.Snapshot.AsOf, end).Value - matrix.Scenarios.Horizon.Value)
                : 0;
            groupYears[form.GroupOf[i]] = yearsLeft[i];
            if (instrument is OptionInstrument option && !settles[i])
                moves[i] = surfaces[option.Underlying][option.Expiry];
        }
        underlyingUsd = column =>
            market.Prices.UnderlyingPriceUsd(form.Instruments[column]) is { } now
                ? Moved(
                    now,
                    matrix
                        .Scenarios.Of(form.Instruments[column].Underlying)
                        .LogMove(form.Instruments[column], yearsLeft[column])
                )
                : null;
        spotUsd =
        [
            .. form.CoinOf.Select(coin =>
                Moved(market.Prices.IndexUsd(coin)!.Value, matrix.Scenarios.Of(coin).LogReturn)
            ),
        ];
    }

    /// <summary>Number of scenarios.</summary>
    public int Count { get; }

    /// <summary>The convex requirement in every scenario.</summary>
    public double[] Bound(double[] contracts, MarginKind kind) =>
        Each(contracts, (in FormPoint at) => form.Bound(at, kind, null));

    /// <summary>The venue's own requirement in every scenario.</summary>
    public double[] Exact(double[] contracts, MarginKind kind) =>
        Each(contracts, (in FormPoint at) => form.Exact(at, kind));

    /// <summary>
    /// Adds Σ weights·∂requirement/∂contracts, by column: with the value at the book a linear function that is nowhere
    /// above the convex requirement.
    /// </summary>
    /// <param name="contracts">The book, by column.</param>
    /// <param name="kind">Initial or maintenance.</param>
    /// <param name="weights">By scenario; only positive ones are looked at.</param>
    /// <param name="into">By column.</param>
    public void Slope(double[] contracts, MarginKind kind, ReadOnlySpan<double> weights, double[] into)
    {
        MoveTo(contracts);
        int[] all = [.. Enumerable.Range(0, form.Groups)];
        var slope = new FormSlope(form.Groups, form.Rows, contracts.Length);
        Span<double> spot = stackalloc double[form.Groups];
        var row = new double[form.Rows];
        for (int s = 0; s < Count; s++)
        {
            if (!(weights[s] > 0))
                continue;
            slope.Clear();
            form.Bound(At(s, all, spot), kind, slope);
            for (int i = 0; i < into.Length; i++)
            {
                into[i] += weights[s] * slope.Contracts[i];
                if (form.GroupOf[i] is not (>= 0 and var group) || settles[i])
                    continue;
                var of = slope.Of(group);
                if (!of.ContainsAnyExcept(0))
                    continue;
                Fill(i, s, row);
                for (int r = 0; r < row.Length; r++)
                    into[i] += weights[s] * of[r] * row[r];
            }
        }
    }

    delegate double Requirement(in FormPoint at);

    double[] Each(double[] contracts, Requirement requirement)
    {
        int[] active = MoveTo(contracts);
        var all = new double[Count];
        Span<double> spot = stackalloc double[form.Groups];
        for (int s = 0; s < all.Length; s++)
            all[s] = requirement(At(s, active, spot));
        return all;
    }

    FormPoint At(int s, int[] active, Span<double> spot)
    {
        for (int g = 0; g < spot.Length; g++)
            spot[g] = spotUsd[g][s];
        return new FormPoint
        {
            Active = active,
            Sums = sums,
            Offset = s * form.Rows,
            Contracts = held,
            Fixed = fixedFigures,
            SpotUsd = spot,
            TYears = groupYears,
        };
    }

    /// <summary>Brings the sums to a book; answers the groups in which something is held.</summary>
    int[] MoveTo(double[] contracts)
    {
        bool isAnew = changes > MostChanges;
        if (isAnew)
        {
            foreach (double[]? group in sums)
                if (group is not null)
                    Array.Clear(group);
            Array.Clear(held);
            changes = 0;
        }
        var active = new SortedSet<int>();
        for (int i = 0; i < held.Length; i++)
        {
            if (form.GroupOf[i] is not (>= 0 and var group) || settles[i])
                continue;
            if (contracts[i] != 0)
                active.Add(group);
            if (contracts[i] == held[i])
                continue;
            double[] sum = sums[group] ??= new double[Count * form.Rows];
            ColumnProducts.AddScaled(contracts[i] - held[i], stored[i] ??= FillAll(i), sum);
            held[i] = contracts[i];
            changes += isAnew ? 0 : 1;
        }
        fixedFigures = form.Fixed(held);
        return [.. active];
    }

    double[] FillAll(int column)
    {
        var all = new double[Count * form.Rows];
        for (int s = 0; s < Count; s++)
            Fill(column, s, all.AsSpan(s * form.Rows, form.Rows));
        return all;
    }

    void Fill(int column, int s, Span<double> row)
    {
        if (form.Instruments[column] is not OptionInstrument option)
        {
            prices[column] ??= underlyingUsd(column)!;
            form.Fill(column, new ContractMarket(prices[column]![s], 0, yearsLeft[column]), row);
            return;
        }
        var move = moves[column]!;
        double deviation = 0;
        ScanSmiles.Deviations(
            move.Slice,
            (double)option.StrikeUsd,
            move.LogForward.AsSpan(s, 1),
            move.VarianceScale.AsSpan(s, 1),
            move.Tilt.AsSpan(s, 1),
            new Span<double>(ref deviation)
        );
        double volatility = deviation / Math.Sqrt(yearsLeft[column]);
        form.Fill(column, new ContractMarket(Scalar.Exp(move.LogForward[s]), volatility, yearsLeft[column]), row);
    }

    static double[] Moved(double now, double[] logMove) => [.. logMove.Select(move => now * Scalar.Exp(move))];
}
