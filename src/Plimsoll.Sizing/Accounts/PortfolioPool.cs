using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// Portfolio margin of one pool: at today's market, at every scenario's, and on the way to a distance.
/// </summary>
/// <param name="Index">Index of the pool.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Today">Initial margin now, exact and in its convex form.</param>
/// <param name="Scenarios">Maintenance at the scenarios of the law.</param>
/// <param name="Distance">Maintenance on the way to the least distance; null without such a limit.</param>
/// <param name="CountedNow">What of the pool's equity the venue counts for initial margin, home currency.</param>
/// <param name="Missing">What the form cannot take in; then no size can be given.</param>
public sealed record PortfolioPool(
    int Index,
    MarginPool Pool,
    IPoolMargin Today,
    PortfolioScenarios Scenarios,
    PortfolioScenarios? Distance,
    double CountedNow,
    ImmutableArray<string> Missing
)
{
    /// <summary>The venue's rule of a pool under portfolio margin, or null.</summary>
    public static IVenueMargin? ModelOf(MarginPool pool) => PortfolioRule.ModelOf(pool.Owner);

    /// <summary>Whether a pool is margined by such a rule.</summary>
    public static bool Covers(MarginPool pool) => ModelOf(pool) is not null;

    /// <summary>Why the venue's figures do not cover an instrument; null: they do.</summary>
    public static string? Refuses(MarginPool pool, Instrument instrument) =>
        ModelOf(pool) is { } model ? PortfolioRule.Refuses(model, instrument) : null;

    /// <summary>The lines with those that the venue's figures do not cover closed to opening.</summary>
    public static ImmutableArray<SizingLine> Rated(
        ImmutableArray<SizingLine> lines,
        ImmutableArray<MarginPool> pools
    ) =>
        [
            .. lines.Select(line =>
                Covers(pools[line.Wallet]) && Refuses(pools[line.Wallet], line.Instrument) is { } why
                    ? line.ClosedToOpening(why)
                    : line
            ),
        ];

    /// <summary>The margin of a pool, or null where standard margin holds.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="index">Its index.</param>
    /// <param name="market">Market and surfaces.</param>
    /// <param name="matrix">The law's matrix.</param>
    /// <param name="distance">The matrix of single moves; null without such a limit.</param>
    /// <param name="lines">What is held now, of this pool and others.</param>
    /// <param name="widening">What models were seen to ask too little.</param>
    /// <param name="deleveraging">
    /// Gains that winning futures would forgo count as maintenance does; null: none are forgone.
    /// </param>
    public static PortfolioPool? Of(
        MarginPool pool,
        int index,
        RiskMarket market,
        PnlMatrix matrix,
        PnlMatrix? distance,
        ImmutableArray<SizingLine> lines,
        MarginWidening widening,
        DeleveragingStress? deleveraging = null
    )
    {
        switch (ModelOf(pool))
        {
            case DeribitPortfolioMargin deribit:
                return OfDeribit(deribit, pool, index, market, matrix, distance, deleveraging)
                    .Wider(widening.Factor(deribit.Key));
            case IConvexVenue venue:
                var held = new double[matrix.Instruments.Length];
                foreach (var line in lines.Where(line => line.Wallet == index))
                    held[line.Column] += line.CurrentContracts;
                return OfForm(venue, pool, index, market, matrix, distance, held, deleveraging)
                    .Wider(widening.Factor(venue.Key));
            default:
                return null;
        }
    }

    PortfolioPool Wider(double factor)
    {
        if (factor == 1)
            return this;
        PortfolioScenarios Of(PortfolioScenarios of) =>
            of with
            {
                Margin = new WidenedPoolScenarios(of.Margin, factor),
            };
        return this with
        {
            Today = new WidenedPoolMargin(Today, factor),
            Scenarios = Of(Scenarios),
            Distance = Distance is null ? null : Of(Distance),
        };
    }

    static PortfolioPool OfDeribit(
        DeribitPortfolioMargin model,
        MarginPool pool,
        int index,
        RiskMarket market,
        PnlMatrix matrix,
        PnlMatrix? distance,
        DeleveragingStress? deleveraging
    )
    {
        Currency? settlement = pool.IsCross ? null : pool.Wallets[0].Currency;
        var coins = PortfolioRule.EquityCoins(pool.Wallets);
        var today = new DeribitPoolMargin(
            model.Parameters,
            MarginPortfolios.MarketOf(market, matrix.Instruments.Select(instrument => instrument.Name)),
            matrix.Instruments,
            settlement,
            currency => matrix.Prices!.Now(currency)
        );
        PortfolioScenarios At(PnlMatrix of) =>
            new(
                of,
                new DeribitPoolScenarios(new DeribitScenarioMargin(model.Parameters, market, of, settlement), coins),
                pool,
                _ => CollateralShare.Full,
                deleveraging
            );
        return new PortfolioPool(
            index,
            pool,
            new DeribitPool(today, coins),
            At(matrix),
            distance is null ? null : At(distance),
            pool.EquityNow(matrix.Prices!),
            []
        );
    }

    static PortfolioPool OfForm(
        IConvexVenue venue,
        MarginPool pool,
        int index,
        RiskMarket market,
        PnlMatrix matrix,
        PnlMatrix? distance,
        double[] held,
        DeleveragingStress? deleveraging
    )
    {
        var form = venue.FormOf(matrix.Instruments, ConvexPool.Of(pool.Wallets, held));
        var prices = matrix.Prices!;
        PortfolioScenarios At(PnlMatrix of) =>
            new(
                of,
                new ConvexPoolScenarios(
                    new ConvexScenarios(form, market, of),
                    of.Prices!.InScenarios(Currency.Usd).ToArray()
                ),
                pool,
                currency => venue.Counts(currency, MarginKind.Maintenance),
                deleveraging
            );
        var quotes = MarginPortfolios.MarketOf(market, matrix.Instruments.Select(instrument => instrument.Name));
        return new PortfolioPool(
            index,
            pool,
            new ConvexPoolMargin(new ConvexToday(form, quotes), prices.Now(Currency.Usd), venue.Key),
            At(matrix),
            distance is null ? null : At(distance),
            pool.Wallets.Sum(wallet =>
                venue.Counts(wallet.Currency, MarginKind.Initial).Value(wallet.Equity) * prices.Now(wallet.Currency)
            ),
            [.. form.Missing.Select(words => $"{pool.Name}: {words}")]
        );
    }

    /// <summary>Exact initial margin of positions by line, home currency.</summary>
    public double Initial(PreparedSizing prepared, double[] positions) => Today.Exact(Columns(prepared, positions));

    /// <summary>Contracts by column of the matrix from positions by line, of this pool alone.</summary>
    public double[] Columns(PreparedSizing prepared, double[] positions)
    {
        var contracts = new double[prepared.Matrix.Instruments.Length];
        for (int i = 0; i < positions.Length; i++)
            if (prepared.Lines[i].Wallet == Index)
                contracts[prepared.Lines[i].Column] += positions[i];
        return contracts;
    }
}
