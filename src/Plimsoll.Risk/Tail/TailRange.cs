using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>
/// Rows that bound a book of one underlying over a range of prices far wider than any sample: expiry intrinsic.
/// </summary>
/// <remarks>
/// Variable x: the price S in USD where the unit does not move with the coin, 1/S where the unit is the coin itself. In
/// it every gain is piecewise linear with kinks at strikes only, so the knots are exact. Perpetuals, spot and
/// collateral are linear in x and vanish at x0. Different expiries may see different prices; a linear position h may be
/// split among them, hence for any split the loss is at most
/// <c>Σ_e max_k −(Gain_e[k]·q + h_e·(X_e[k] − x0)) + max_ends −((LinearSlope·q + collateral − Σ h_e)·(x − x0))</c>,
/// linear rows with one auxiliary h_e and one epigraph per expiry. The least such bound over h equals, by duality, the
/// largest sum of the concave hulls of the expiries' losses at one common mean price, which <c>WorstLoss</c>
/// evaluates exactly.
/// </remarks>
public sealed class TailRange
{
    readonly double unitPerDollar;

    TailRange(double unitPerDollar) => this.unitPerDollar = unitPerDollar;

    /// <summary>Ticker.</summary>
    public required string Underlying { get; init; }

    /// <summary>Currency of every gain.</summary>
    public required Currency Unit { get; init; }

    /// <summary>Whether x is 1/S rather than S.</summary>
    public required bool IsInverse { get; init; }

    /// <summary>x at today's index.</summary>
    public required double X0 { get; init; }

    /// <summary>Least x of the range; 0 when unbounded.</summary>
    public required double LowX { get; init; }

    /// <summary>Largest knot of the range.</summary>
    public required double HighX { get; init; }

    /// <summary>Whether slopes as x grows without bound are to be kept from losing.</summary>
    public required bool IsUnbounded { get; init; }

    /// <summary>By instant of settlement.</summary>
    public required ImmutableArray<TailExpiry> Expiries { get; init; }

    /// <summary>
    /// Gain per contract and unit of x of what never settles; one entry per instrument, 0 for the others.
    /// </summary>
    public required double[] LinearSlope { get; init; }

    /// <summary>Places in the list of the instruments whose rows these are: those on the coin.</summary>
    public required ImmutableDictionary<string, int> Columns { get; init; }

    /// <summary>Column of an instrument on the coin that counts here, or null.</summary>
    public int? ColumnOf(Instrument instrument) => Columns.TryGetValue(instrument.Name, out int column) ? column : null;

    /// <summary>
    /// Per instrument: gain forgone where a venue closes what wins; null for what it never closes, or closes not.
    /// </summary>
    public required TailForgone?[] Forgone { get; init; }

    /// <summary>Rows of one underlying in the home currency, over every instrument of the list on it.</summary>
    /// <param name="underlying">Ticker.</param>
    /// <param name="instruments">
    /// The list whose columns are meant; other underlyings' instruments are passed over.
    /// </param>
    /// <param name="prices">Model prices now.</param>
    /// <param name="homePrices">Gives the home currency and what a dollar is worth in it.</param>
    /// <param name="lowMultiple">Lowest price as a multiple of the index, in (0, 1).</param>
    /// <param name="highMultiple">Highest, above 1.</param>
    /// <param name="unbounded">The range is from 0 without end.</param>
    /// <param name="closing">Closing of what wins; null: none.</param>
    public static TailRange InHome(
        string underlying,
        ImmutableArray<Instrument> instruments,
        ModelPrices prices,
        HomePrices homePrices,
        double lowMultiple,
        double highMultiple,
        bool unbounded = false,
        TailClosing? closing = null
    ) =>
        TailRows.Build(
            underlying,
            homePrices.Home,
            homePrices.Home.Code == underlying,
            homePrices.Now(Currency.Usd),
            _ => true,
            instruments,
            prices,
            (lowMultiple, highMultiple, unbounded),
            closing
        );

    /// <summary>The same in a settlement currency, over the instruments that settle in it: one wallet's view.</summary>
    public static TailRange InSettlement(
        string underlying,
        Currency settlement,
        ImmutableArray<Instrument> instruments,
        ModelPrices prices,
        double lowMultiple,
        double highMultiple,
        bool unbounded = false,
        TailClosing? closing = null
    ) =>
        TailRows.Build(
            underlying,
            settlement,
            settlement.Code == underlying,
            1,
            instrument => instrument.Settlement == settlement,
            instruments,
            prices,
            (lowMultiple, highMultiple, unbounded),
            closing
        );

    /// <summary>
    /// Gain per unit of x of collateral held in some currencies: coins of the underlying move with S, everything else
    /// moves with x when the unit is the coin.
    /// </summary>
    /// <param name="equity">Units of each currency.</param>
    /// <param name="homePrices">Prices now.</param>
    public double CollateralSlope(IReadOnlyDictionary<Currency, double> equity, HomePrices homePrices)
    {
        double slope = 0;
        foreach (var (currency, amount) in equity)
            if (currency.Code == Underlying)
                slope += IsInverse ? 0 : amount * unitPerDollar;
            else if (IsInverse)
                slope += amount * homePrices.Now(currency) / homePrices.Now(Currency.Usd);
        return slope;
    }

    /// <summary>Price at a value of x.</summary>
    public double PriceUsd(double x) => IsInverse ? 1 / x : x;

    /// <summary>
    /// The least upper bound, over all splits of the linear part, of the book's loss within the range.
    /// </summary>
    /// <param name="contracts">Contracts of each instrument of the list.</param>
    /// <param name="collateralSlope">From <see cref="CollateralSlope"/>; 0 leaves collateral out.</param>
    /// <returns>An infinite loss when the range is unbounded and the book loses without end.</returns>
    public TailWorst WorstLoss(ReadOnlySpan<double> contracts, double collateralSlope) =>
        WorstLoss(TailContracts.Of(contracts), collateralSlope);

    /// <summary>The same of what is held long and short of each instrument, in several accounts at once.</summary>
    public TailWorst WorstLoss(TailContracts contracts, double collateralSlope)
    {
        double slope = collateralSlope;
        for (int i = 0; i < LinearSlope.Length; i++)
            slope += LinearSlope[i] * contracts.Net(i);
        if (IsUnbounded && SlopeAtInfinity(contracts, collateralSlope) < 0)
            return new TailWorst(double.PositiveInfinity, PriceUsd(double.PositiveInfinity), []);
        var hulls = new List<ConcaveHull>();
        var candidates = new SortedSet<double> { LowX, X0, HighX };
        candidates.UnionWith(LinearKinks());
        foreach (var expiry in Expiries)
        {
            var hull = new ConcaveHull(
                expiry.X,
                Losses(expiry, contracts),
                IsUnbounded ? -SlopeAtInfinity(expiry, contracts) : null
            );
            candidates.UnionWith(hull.Knots);
            hulls.Add(hull);
        }
        var worst = (Loss: 0.0, X: X0);
        foreach (double x in candidates)
        {
            double loss = LinearForgone(contracts, x) - slope * (x - X0);
            foreach (var hull in hulls)
                loss += hull.At(x);
            if (loss > worst.Loss)
                worst = (loss, x);
        }
        return new TailWorst(
            worst.Loss,
            PriceUsd(worst.X),
            [.. Expiries.Select((expiry, e) => (expiry.Expiry, hulls[e].At(worst.X)))]
        );
    }

    /// <summary>
    /// Whether the book gains or holds as x grows without bound (the coin falls to nothing where x is 1/S, rises
    /// without end where x is S), each expiry by itself needing no help but the linear part's.
    /// </summary>
    public double SlopeAtInfinity(TailContracts contracts, double collateralSlope)
    {
        double slope = collateralSlope;
        for (int i = 0; i < LinearSlope.Length; i++)
            slope += LinearSlope[i] * contracts.Net(i) - (IsLinear(i) ? ForgoneAtInfinity(contracts, i) : 0);
        foreach (var expiry in Expiries)
            slope += SlopeAtInfinity(expiry, contracts);
        return slope;
    }

    /// <summary>Where the gain of what never settles turns because it may be closed.</summary>
    public IEnumerable<double> LinearKinks()
    {
        for (int i = 0; i < LinearSlope.Length; i++)
            if (IsLinear(i) && Forgone[i] is { } hinges)
                foreach (double x in (double[])[hinges.Long.Kink, hinges.Short.Kink])
                    if (x > LowX && (IsUnbounded || x < HighX))
                        yield return x;
    }

    /// <summary>Gain that closed positions which never settle forgo at x.</summary>
    public double LinearForgone(TailContracts contracts, double x)
    {
        double sum = 0;
        for (int i = 0; i < LinearSlope.Length; i++)
            if (IsLinear(i) && Forgone[i] is { } hinges)
                sum += contracts.Long[i] * hinges.Long.At(x) + contracts.Short[i] * hinges.Short.At(x);
        return sum;
    }

    bool IsLinear(int column) => LinearSlope[column] != 0;

    double ForgoneAtInfinity(TailContracts contracts, int column) =>
        Forgone[column] is { } hinges
            ? contracts.Long[column] * hinges.Long.SlopeAtInfinity
                + contracts.Short[column] * hinges.Short.SlopeAtInfinity
            : 0;

    internal static TailRange Create(
        double unitPerDollar,
        string underlying,
        Currency unit,
        bool inverse,
        (double X0, double Low, double High) range,
        bool unbounded,
        ImmutableArray<TailExpiry> expiries,
        double[] linearSlope,
        TailForgone?[] forgone,
        ImmutableDictionary<string, int> columns
    ) =>
        new(unitPerDollar)
        {
            Underlying = underlying,
            Unit = unit,
            IsInverse = inverse,
            X0 = range.X0,
            LowX = range.Low,
            HighX = range.High,
            IsUnbounded = unbounded,
            Expiries = expiries,
            LinearSlope = linearSlope,
            Forgone = forgone,
            Columns = columns,
        };

    double SlopeAtInfinity(TailExpiry expiry, TailContracts contracts)
    {
        double slope = 0;
        for (int j = 0; j < expiry.Columns.Length; j++)
        {
            int column = expiry.Columns[j];
            slope += expiry.SlopeAtInfinity[j] * contracts.Net(column) - ForgoneAtInfinity(contracts, column);
        }
        return slope;
    }

    /// <summary>Loss of an expiry's instruments at its knots, with what the closed ones forgo.</summary>
    public double[] Losses(TailExpiry expiry, TailContracts contracts)
    {
        var loss = new double[expiry.X.Length];
        for (int j = 0; j < expiry.Columns.Length; j++)
        {
            int column = expiry.Columns[j];
            var (longs, shorts) = (contracts.Long[column], contracts.Short[column]);
            if (longs == 0 && shorts == 0)
                continue;
            var gain = expiry.Gain.Column(j);
            for (int k = 0; k < loss.Length; k++)
            {
                loss[k] -= (longs - shorts) * gain[k];
                if (Forgone[column] is { } hinges)
                    loss[k] += longs * hinges.Long.At(expiry.X[k]) + shorts * hinges.Short.At(expiry.X[k]);
            }
        }
        return loss;
    }
}
