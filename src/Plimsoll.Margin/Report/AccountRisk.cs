using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>The risk report of an account, before and after typed trades.</summary>
public static class AccountRisk
{
    /// <summary>Reports on scenarios that were drawn already, so that a what-if costs one small matrix.</summary>
    public static RiskReport Report(RiskRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Account = request.Account.Apart(request.Market.Snapshot) };
        var missing = Missing(request, out var instruments);
        return missing.IsEmpty ? Compute(request, instruments) : Answer(request, null, null, missing, [], []);
    }

    /// <summary>
    /// What the report as a whole lacks, and what it revalues; nothing to revalue while something lacks.
    /// </summary>
    internal static ImmutableArray<string> Missing(RiskRequest request, out ImmutableArray<Instrument> instruments)
    {
        var market = request.Market;
        var missing = ImmutableArray.CreateBuilder<string>();
        missing.AddRange(Wallets.Of(request.Account, market.Snapshot, market.Prices).Missing);
        foreach (var trade in request.Trades)
            if (market.Prices.Find(trade.Instrument) is null)
                missing.Add($"{trade.Instrument}: not in the market snapshot");
        var held = request.Account.Subaccounts.SelectMany(sub => sub.Balances).Select(balance => balance.Currency);
        foreach (var currency in held.Append(request.Home).Distinct())
            if (!IsValued(currency, request))
                missing.Add($"{currency}: no index or no scenarios to value it by");
        instruments = missing.Count == 0 ? Instruments(request) : [];
        missing.AddRange(Revaluation.Missing(market.Snapshot, market.Surfaces, request.Scenarios, instruments));
        if (request.Stress is { } stress)
            missing.AddRange(Revaluation.Missing(market.Snapshot, market.Surfaces, stress, instruments));
        return [.. missing.Distinct()];
    }

    static RiskReport Compute(RiskRequest request, ImmutableArray<Instrument> instruments)
    {
        var market = request.Market;
        var warnings = ImmutableArray.CreateBuilder<string>();
        warnings.AddRange(AccountMargin.Warnings(request.Account, request.Margin, request.Rule));
        warnings.AddRange(IsolatedMargin.Words(request.Account));
        var unrated = Unrated(request, instruments);
        warnings.AddRange(unrated.Select(line => $"margin is undetermined: {line}"));
        var matrices = new RiskMatrices(request, instruments, unrated.IsEmpty);
        var book = Book.Of(request.Account, market.Snapshot, market.Prices);
        var before = matrices.View(book);
        RiskView? after = null;
        var assumed = before.Exit.SelectMany(exit => exit.Assumed).ToList();
        if (!request.Trades.IsEmpty)
        {
            var trades = request.Trades.Select(trade => Priced(request, trade, matrices, warnings, assumed)).ToList();
            after = matrices.View(book.After(trades, market.Prices));
            assumed.AddRange(after.Exit.SelectMany(exit => exit.Assumed));
            var (now, then) = (before.Figures, after.Figures);
            before = before with { Figures = RiskFigures.Aligned(now, then) };
            after = after with { Figures = RiskFigures.Aligned(then, now) };
        }
        return Answer(request, before, after, [], warnings.ToImmutable(), [.. assumed.Distinct()]);
    }

    /// <summary>What the margin of the account lacks.</summary>
    internal static ImmutableArray<string> Unrated(RiskRequest request, ImmutableArray<Instrument> instruments)
    {
        bool isWholly = request.Account.Subaccounts.All(PortfolioRule.Covers);
        return
        [
            .. isWholly ? [] : request.Margin.Missing(instruments),
            .. request.Rule.Missing(request.Account, instruments),
            .. IsolatedMargin.Missing(
                request.Account,
                Book.Of(request.Account, request.Market.Snapshot, request.Market.Prices),
                request.Market.Prices
            ),
        ];
    }

    static bool IsValued(Currency currency, RiskRequest request) =>
        currency.IsDollar
        || (
            request.Market.Snapshot.Find(currency.Code) is not null
            && request.Scenarios.Underlyings.Any(moves => moves.Underlying == currency.Code)
        );

    static RiskReport Answer(
        RiskRequest request,
        RiskView? before,
        RiskView? after,
        ImmutableArray<string> missing,
        ImmutableArray<string> warnings,
        ImmutableArray<string> assumptions
    ) =>
        new()
        {
            AsOf = request.Market.Snapshot.AsOf,
            Home = request.Home,
            Horizon = request.Scenarios.Horizon,
            EffectiveSample = RiskMeasures.EffectiveSample(request.Scenarios.Weights),
            Before = before,
            After = after,
            Missing = missing,
            Warnings = warnings,
            Assumptions = [.. request.Scenarios.Notes, .. assumptions],
        };

    /// <summary>Everything held or traded, once; spot stands in the wallets and needs no column.</summary>
    static ImmutableArray<Instrument> Instruments(RiskRequest request) =>
        [
            .. request
                .Account.Subaccounts.SelectMany(subaccount => subaccount.Positions)
                .Where(position => position.Contracts != 0)
                .Select(position => position.Instrument)
                .Concat(request.Trades.Select(trade => trade.Instrument))
                .Distinct()
                .Select(name => request.Market.Prices.Find(name)!)
                .Where(instrument => instrument is not SpotInstrument)
                .OrderBy(instrument => instrument.Name, StringComparer.Ordinal),
        ];

    /// <summary>A trade with the spread, fee and impact that it would cost now.</summary>
    static BookTrade Priced(
        RiskRequest request,
        TypedTrade trade,
        RiskMatrices matrices,
        ImmutableArray<string>.Builder warnings,
        List<string> assumed
    )
    {
        var instrument = request.Market.Prices.Find(trade.Instrument)!;
        string subaccount = trade.Subaccount ?? request.Account.Subaccounts[0].Name;
        var opposite = new Holding(subaccount, instrument, -trade.Contracts);
        var cost = matrices.Exit(opposite);
        assumed.AddRange(cost.Assumed);
        if (cost.HalfSpread is null)
            warnings.Add($"{trade.Instrument}: nobody quotes the side that the trade needs; its spread is left out");
        double home = (cost.HalfSpread ?? 0) + (cost.Fee ?? 0) + (cost.Impact ?? 0);
        return new BookTrade(
            subaccount,
            instrument,
            trade.Contracts,
            home / matrices.HomePrices.Now(instrument.Settlement)
        );
    }
}
