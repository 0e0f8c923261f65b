using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Isolated positions by their venue's exact rule, now and in scenarios, and what they can lose.</summary>
/// <remarks>
/// One position stands in each such subaccount. At a scenario's market it is liquidated where its equity is under its
/// maintenance margin, and then all of its margin is taken: the venues close it at the bankruptcy price or take it over
/// with what is left. Nothing beyond is owed.
/// </remarks>
public static class IsolatedMargin
{
    /// <summary>What the figures lack for the isolated positions of an account.</summary>
    public static ImmutableArray<string> Missing(Account account, Book book, ModelPrices prices) =>
        [
            .. account
                .Subaccounts.Where(subaccount => subaccount.IsIsolated)
                .SelectMany(subaccount => Statement(subaccount, book, prices)?.Missing ?? []),
        ];

    /// <summary>The venue's statement now, at its mark; null where nothing is held any more.</summary>
    public static MarginStatement? Statement(Subaccount subaccount, Book book, ModelPrices prices) =>
        PositionOf(subaccount, book) is { } position && MarginPortfolios.QuoteOf(prices, position.Instrument) is { } now
            ? At(subaccount, position, now, 0, prices)
            : null;

    /// <summary>Balance and maintenance margin in each scenario, home currency.</summary>
    /// <exception cref="ArgumentException">A figure lacks: ask <see cref="Missing"/>.</exception>
    public static PoolInScenarios InScenarios(Subaccount subaccount, Book book, PnlMatrix matrix, ModelPrices prices)
    {
        int count = matrix.Scenarios.Count;
        double[] balance = new double[count],
            maintenance = new double[count];
        var own = new Wallets([.. book.Wallets.Where(wallet => wallet.Subaccount == subaccount.Name)], []);
        own.EquityInScenarios(matrix.Prices!).CopyTo(balance, 0);
        if (PositionOf(subaccount, book) is { } position)
        {
            var gain = matrix.Gain.Column(matrix.Instruments.IndexOf(position.Instrument));
            for (int s = 0; s < count; s++)
                balance[s] += position.Contracts * gain[s];
            AddMaintenance(subaccount, position, matrix, prices, maintenance);
        }
        return new PoolInScenarios(subaccount.Name, balance, maintenance);
    }

    /// <summary>
    /// What the walls change of the account's wealth in each scenario: an isolated position that is short of
    /// maintenance margin leaves nothing, neither a debt nor a rest. Home currency.
    /// </summary>
    /// <param name="account">Isolated positions apart.</param>
    /// <param name="book">What is held.</param>
    /// <param name="matrix">Has a column for every instrument held.</param>
    /// <param name="prices">Model prices now, of the same market as the matrix.</param>
    public static double[] Spared(Account account, Book book, PnlMatrix matrix, ModelPrices prices)
    {
        var spared = new double[matrix.Scenarios.Count];
        foreach (var subaccount in account.Subaccounts.Where(subaccount => subaccount.IsIsolated))
        {
            double[] own = Spared(subaccount, book, matrix, prices);
            for (int s = 0; s < spared.Length; s++)
                spared[s] += own[s];
        }
        return spared;
    }

    /// <summary>The same of one isolated position.</summary>
    public static double[] Spared(Subaccount subaccount, Book book, PnlMatrix matrix, ModelPrices prices)
    {
        var spared = new double[matrix.Scenarios.Count];
        if (Statement(subaccount, book, prices) is not { IsDetermined: true })
            return spared;
        var pool = InScenarios(subaccount, book, matrix, prices);
        for (int s = 0; s < spared.Length; s++)
            if (pool.Balance[s] < pool.Maintenance[s])
                spared[s] = -pool.Balance[s];
        return spared;
    }

    /// <summary>
    /// Most that the isolated positions on a coin lose over a tail range, home currency: each by itself, and no more
    /// than its equity. A position may be taken before the price turns, so none hedges anything there.
    /// </summary>
    public static double WorstTail(Account account, Book book, TailRange tail, HomePrices prices)
    {
        double worst = 0;
        foreach (var subaccount in account.Subaccounts.Where(subaccount => subaccount.IsIsolated))
            if (book.Holdings.FirstOrDefault(one => one.Subaccount == subaccount.Name) is { } held)
            {
                var contracts = TailContracts.Of(new double[tail.LinearSlope.Length]);
                if (tail.ColumnOf(held.Instrument) is not { } column)
                    continue;
                contracts.Add(column, held.Contracts);
                double equity = book
                    .Wallets.Where(wallet => wallet.Subaccount == subaccount.Name)
                    .Sum(wallet => wallet.Equity * prices.Now(wallet.Currency));
                worst += Math.Min(tail.WorstLoss(contracts, 0).Loss, Math.Max(0, equity));
            }
        return worst;
    }

    /// <summary>What is said of each isolated position.</summary>
    public static IEnumerable<string> Words(Account account) =>
        account
            .Subaccounts.Where(subaccount => subaccount.IsIsolated)
            .Select(subaccount =>
                FormattableString.Invariant($"{subaccount.Name}: its loss ends with its own margin of ")
                + FormattableString.Invariant(
                    $"{subaccount.Balances[0].Amount:0.##} {subaccount.Balances[0].Currency} "
                )
                + "in scenarios and over the tail range; on the way and in worst cases of positions alone "
                + "it is counted without that end"
            );

    static void AddMaintenance(
        Subaccount subaccount,
        MarginPosition position,
        PnlMatrix matrix,
        ModelPrices prices,
        double[] maintenance
    )
    {
        var instrument = position.Instrument;
        var moves = matrix.Scenarios.Of(instrument.Underlying);
        if (instrument.SettlesAt is { } at && moves.DeliveryLogReturn.ContainsKey(at))
            return;
        var now = MarginPortfolios.QuoteOf(prices, instrument)!;
        double[] move = moves.LogMove(instrument, 0);
        var dollar = matrix.Prices!.InScenarios(Currency.Usd);
        for (int s = 0; s < maintenance.Length; s++)
            foreach (var pool in At(subaccount, position, now, move[s], prices).Pools)
                maintenance[s] += pool.Maintenance * pool.UnitUsd * dollar[s];
    }

    /// <summary>The position with the market moved by a log return.</summary>
    static MarginStatement At(
        Subaccount subaccount,
        MarginPosition position,
        MarginQuote now,
        double logMove,
        ModelPrices prices
    )
    {
        double factor = Math.Exp(logMove);
        var instrument = position.Instrument;
        var model =
            VenueMargins.Of(subaccount)
            ?? throw new ArgumentException($"no margin model of {subaccount.Venue}", nameof(subaccount));
        var index = ImmutableDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (string stable in (string[])["USDC", "USDT"])
            index[stable] = 1;
        if (prices.IndexUsd(instrument.Underlying) is { } spot)
            index[instrument.Underlying] = spot * factor;
        var quote = now with { UnderlyingUsd = now.UnderlyingUsd * factor, Mark = now.Mark * factor };
        return model.Assess(
            new MarginPortfolio
            {
                Name = subaccount.Name,
                IsCross = true,
                IsIsolated = true,
                Positions = [position],
                Balances =
                [
                    .. subaccount.Balances.Select(each => new CollateralBalance(each.Currency, (double)each.Amount)),
                ],
                Market = new MarginMarket
                {
                    AsOf = prices.AsOf,
                    IndexUsd = index.ToImmutable(),
                    Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(instrument.Name, quote),
                },
            }
        );
    }

    static MarginPosition? PositionOf(Subaccount subaccount, Book book)
    {
        if (book.Holdings.FirstOrDefault(held => held.Subaccount == subaccount.Name) is not { Contracts: not 0 } held)
            return null;
        var stated = subaccount.Positions.FirstOrDefault(one => one.Instrument == held.Instrument.Name);
        return new MarginPosition(held.Instrument, held.Contracts, (double?)stated?.EntryPrice)
        {
            Leverage = (double?)stated?.Leverage,
        };
    }
}
