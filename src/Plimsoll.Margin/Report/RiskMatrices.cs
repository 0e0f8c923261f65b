using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>The matrices of one report, computed once, and the views of books on them.</summary>
sealed class RiskMatrices
{
    readonly RiskRequest request;
    readonly ImmutableArray<Instrument> instruments;
    readonly bool hasMargin;
    readonly PnlMatrix risk;
    readonly PnlMatrix stress;
    readonly SortedDictionary<string, TailRange> tails = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, TailRange> closedTails = new(StringComparer.Ordinal);

    public RiskMatrices(RiskRequest request, ImmutableArray<Instrument> instruments, bool hasMargin)
    {
        (this.request, this.instruments, this.hasMargin) = (request, instruments, hasMargin);
        risk = Matrix(request.Scenarios);
        stress = Matrix(request.Stress ?? StillScenarios.OneCoin(request.Market.Snapshot, "", []));
        var coins = instruments
            .Select(instrument => instrument.Underlying)
            .Concat(request.Account.Subaccounts.SelectMany(sub => sub.Balances).Select(b => b.Currency.Code));
        foreach (string underlying in coins.Distinct())
            if (request.Market.Prices.IndexUsd(underlying) is not null)
            {
                tails[underlying] = Tail(underlying, null);
                if (request.Deleveraging is { } assumed)
                    closedTails[underlying] = Tail(underlying, assumed.Closing);
            }
    }

    TailRange Tail(string underlying, TailClosing? closing) =>
        TailRange.InHome(
            underlying,
            instruments,
            request.Market.Prices,
            HomePrices,
            request.TailLow,
            request.TailHigh,
            closing: closing
        );

    public HomePrices HomePrices => risk.Prices!;

    public RiskView View(Book book)
    {
        double equity = book.EquityNow(HomePrices);
        bool isStated = hasMargin && request.Rule.States(request.Account, book);
        double[] weights = request.Scenarios.Weights;
        double[] gain = Gain(book, risk);
        var law = new LossDistribution(gain, weights);
        var (worst, loss) = RiskMeasures.WorstScenario(gain);
        var underlyings = tails.Keys.Where(coin => Touches(book, coin)).ToList();
        var view = new RiskView
        {
            Book = book,
            Equity = equity,
            EquityByCurrency = book.EquityByCurrency(),
            Greeks = AccountGreeks.Of(book, request.Market.Prices, HomePrices),
            Grids = [.. underlyings.Select(coin => Grid(book, coin))],
            MeanGain = RiskMeasures.Mean(gain, weights),
            StandardDeviation = RiskMeasures.StandardDeviation(gain, weights),
            TailLosses =
            [
                .. request.Levels.Select(level => new TailLoss(
                    level,
                    law.ValueAtRisk(level),
                    law.ExpectedShortfall(level)
                )),
            ],
            WorstScenario = new WorstCase("account", Math.Max(0, loss), request.Scenarios.Origins[worst]),
            WorstStress = WorstStress(book),
            WorstTail = [.. underlyings.Select(coin => WorstTail(book, coin, tails[coin]))],
            WorstByUnit = WorstCases.By(book, stress, tails, request.RiskUnit),
            WorstByUnderlying = WorstCases.By(book, stress, tails, instrument => instrument.Underlying),
            WorstByContract = WorstCases.By(book, stress, tails, instrument => instrument.Name),
            Drawdown = equity > 0 ? Drawdown(gain, equity) : null,
            Pools = isStated
                ? AccountMargin.Now(
                    request.Account,
                    book,
                    request.Margin,
                    request.Market.Prices,
                    HomePrices,
                    request.Rule
                )
                : [],
            Liquidation = isStated ? [.. underlyings.SelectMany(coin => Distance(book, coin))] : [],
            LiquidationProbability = isStated ? LiquidationProbability(book) : null,
            Exit = [.. book.Holdings.Select(Exit)],
        };
        if (request.Deleveraging is { } assumed)
            view = view with
            {
                Deleveraging = DeleveragingRisk.Of(
                    assumed,
                    request,
                    book,
                    (risk, gain),
                    (stress, Gain(book, stress)),
                    view.Pools
                ) with
                {
                    WorstTail = [.. underlyings.Select(coin => WorstTail(book, coin, closedTails[coin]))],
                },
            };
        if (request.DistanceModel is { } modelOf)
            view = view with { Distances = [.. Distances(book, modelOf)] };
        return view with { Figures = RiskFigures.Of(view, request) };
    }

    PnlMatrix Matrix(ScenarioSet scenarios) =>
        Revaluation.Compute(
            request.Market.Snapshot,
            request.Market.Surfaces,
            scenarios,
            instruments,
            request.Home,
            request.Threads
        );

    static bool Touches(Book book, string underlying) =>
        book.Holdings.Any(held => held.Instrument.Underlying == underlying)
        || book.Wallets.Any(wallet => wallet.Currency.Code == underlying && wallet.Equity != 0);

    SpotVolatilityGrid Grid(Book book, string underlying) =>
        SpotVolatilityGrid.Of(
            request.Market,
            book,
            request.Home,
            underlying,
            request.SpotMoves,
            request.VolatilityMoves
        );

    ImmutableArray<LiquidationPoint> Distance(Book book, string underlying) =>
        LiquidationDistance.Of(
            request.Market,
            request.Account,
            book,
            request.Margin,
            request.Home,
            underlying,
            request.Rule
        );

    IEnumerable<AccountDistance> Distances(Book book, Func<Subaccount, IVenueMargin?> modelOf)
    {
        foreach (var subaccount in request.Account.Subaccounts)
        {
            var portfolio = MarginPortfolios.OfBook(subaccount, book, request.Market);
            yield return modelOf(subaccount) is { } model
                ? AccountDistance.Of(portfolio, model, request.Scenarios, request.Threads)
                : AccountDistance.Undetermined(portfolio.Name, $"{subaccount.Venue}: no margin model");
        }
    }

    WorstCase? WorstStress(Book book)
    {
        if (stress.Scenarios.Count == 0)
            return null;
        var (scenario, loss) = RiskMeasures.WorstScenario(Gain(book, stress));
        return new WorstCase("account", Math.Max(0, loss), stress.Scenarios.Origins[scenario]);
    }

    /// <summary>Gains, isolated positions losing no more than their margin.</summary>
    double[] Gain(Book book, PnlMatrix matrix)
    {
        double[] gain = book.GainInScenarios(matrix);
        double[] spared = IsolatedMargin.Spared(request.Account, book, matrix, request.Market.Prices);
        for (int s = 0; s < gain.Length; s++)
            gain[s] += spared[s];
        return gain;
    }

    WorstCase WorstTail(Book book, string underlying, TailRange tail)
    {
        var contracts = TailContracts.Of(new double[instruments.Length]);
        var isolated = request.Account.Subaccounts.Where(one => one.IsIsolated).Select(one => one.Name).ToHashSet();
        foreach (var held in book.Holdings.Where(held => !isolated.Contains(held.Subaccount)))
            if (tail.ColumnOf(held.Instrument) is { } column)
                contracts.Add(column, held.Contracts);
        var worst = tail.WorstLoss(contracts, tail.CollateralSlope(book.EquityByCurrency(), HomePrices));
        return new WorstCase(
            underlying,
            worst.Loss + IsolatedMargin.WorstTail(request.Account, book, tail, HomePrices),
            FormattableString.Invariant($"tail:{underlying} {worst.PriceUsd:0.####}")
        );
    }

    DrawdownBound Drawdown(double[] gain, double equity)
    {
        var gross = new double[gain.Length];
        for (int s = 0; s < gross.Length; s++)
            gross[s] = 1 + gain[s] / equity;
        double periods = Math.Max(1, request.DrawdownWithin.Value / request.Scenarios.Horizon.Value);
        return DrawdownBound.Of(gross, request.Scenarios.Weights, request.DrawdownLoss, periods);
    }

    double LiquidationProbability(Book book)
    {
        var pools = AccountMargin.InScenarios(
            request.Account,
            book,
            request.Margin,
            risk,
            request.Market.Prices,
            request.Rule
        );
        double probability = 0;
        for (int s = 0; s < request.Scenarios.Count; s++)
            if (pools.Any(pool => pool.Balance[s] < pool.Maintenance[s]))
                probability += request.Scenarios.Weights[s];
        return probability;
    }

    /// <summary>Cost and time of leaving a position; spot has no column and is taken without impact.</summary>
    public ExitEstimate Exit(Holding held)
    {
        int column = instruments.IndexOf(held.Instrument);
        double deviation =
            column < 0
                ? 0
                : RiskMeasures.StandardDeviation(risk.Gain.Column(column), request.Scenarios.Weights)
                    / Math.Sqrt(request.Scenarios.Horizon.Days);
        return ExitCost.Of(held, request.Market.Prices, HomePrices, deviation, request.Exit);
    }
}
