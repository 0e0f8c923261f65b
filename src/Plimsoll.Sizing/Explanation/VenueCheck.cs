using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// The whole-lot book under the exact rule of venues whose margin the sizing bounds, with the bound's slack.
/// </summary>
static class VenueCheck
{
    /// <summary>What the exact rule lacks for the account as it is: then no size may be given.</summary>
    public static IEnumerable<string> Missing(Account account, RiskMarket market, VenueRates rates)
    {
        var book = Book.Of(account, market.Snapshot, market.Prices);
        return Statements(account, book, market, rates).SelectMany(row => row.Statement.Missing).ToList();
    }

    /// <summary>One line for each subaccount.</summary>
    public static ImmutableArray<string> Words(PreparedSizing prepared, ImmutableDictionary<int, decimal> trades)
    {
        var rates = prepared.Rates;
        var account = prepared.Input.Account;
        var market = new RiskMarket(prepared.Input.Market, prepared.Surfaces);
        var book = Book.Of(account, market.Snapshot, market.Prices)
            .After(
                trades
                    .Where(trade => trade.Value != 0)
                    .OrderBy(trade => trade.Key)
                    .Select(trade => (Line: prepared.Lines[trade.Key], trade.Value))
                    .Select(row => new BookTrade(row.Line.Subaccount, row.Line.Instrument, (double)row.Value, 0)),
                market.Prices
            );
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var (subaccount, statement) in Statements(account, book, market, rates))
        {
            // Held as it is: whether the venue would open it again is no question.
            if (subaccount.IsIsolated)
                continue;
            if (!statement.IsDetermined)
            {
                words.Add($"{subaccount.Name}: the venue's exact margin is not known: {statement.Missing[0]}");
                continue;
            }
            double initial = statement.Pools.Sum(pool => pool.Initial * pool.UnitUsd),
                maintenance = statement.Pools.Sum(pool => pool.Maintenance * pool.UnitUsd),
                balance = statement.Pools.Sum(pool => pool.Balance * pool.UnitUsd);
            var (boundInitial, boundMaintenance) = PortfolioRule.IsPortfolio(subaccount.MarginMode)
                ? BoundOf(prepared, subaccount, trades)
                : Bound(book, subaccount, market, rates);
            words.Add(
                $"{subaccount.Name}: {statement.Model} asks of the book "
                    + FormattableString.Invariant($"{initial:0.##} USD initial and {maintenance:0.##} maintenance; ")
                    + FormattableString.Invariant(
                        $"the sizing's bound is {boundInitial:0.##} and {boundMaintenance:0.##}"
                    )
            );
            if (balance < initial)
                words.Add(
                    FormattableString.Invariant(
                        $"{subaccount.Name}: the venue counts {balance:0.##} USD as margin and would not open this book"
                    )
                );
        }
        return words.ToImmutable();
    }

    static IEnumerable<(Subaccount Subaccount, MarginStatement Statement)> Statements(
        Account account,
        Book book,
        RiskMarket market,
        VenueRates rates
    )
    {
        foreach (var subaccount in account.Subaccounts)
        {
            var portfolio = MarginPortfolios.OfBook(subaccount, book, market);
            IVenueMargin? venue = PortfolioRule.IsPortfolio(subaccount.MarginMode)
                ? PortfolioRule.ModelOf(subaccount) as IConvexVenue
                : portfolio.Positions.Select(p => rates.VenueOf(p.Instrument)).FirstOrDefault(v => v is not null);
            if (venue is not null && (venue.Venue == subaccount.Venue || subaccount.MarginModel is not null))
                yield return (subaccount, venue.Assess(portfolio));
        }
    }

    /// <summary>The convex form of a pool under portfolio margin, USD.</summary>
    static (double Initial, double Maintenance) BoundOf(
        PreparedSizing prepared,
        Subaccount subaccount,
        ImmutableDictionary<int, decimal> trades
    )
    {
        double[] target = prepared.Current;
        foreach (var (line, trade) in trades)
            target[line] += (double)trade;
        var pool = prepared.PortfolioMargins.First(pool => pool?.Pool.Subaccount == subaccount.Name)!;
        double[] contracts = pool.Columns(prepared, target);
        double homePerUsd = prepared.Matrix.Prices!.Now(Currency.Usd);
        return (
            pool.Today.Bound(contracts, MarginKind.Initial) / homePerUsd,
            pool.Today.Bound(contracts, MarginKind.Maintenance) / homePerUsd
        );
    }

    static (double Initial, double Maintenance) Bound(
        Book book,
        Subaccount subaccount,
        RiskMarket market,
        VenueRates rates
    )
    {
        double initial = 0,
            maintenance = 0;
        foreach (var held in book.Holdings.Where(held => held.Subaccount == subaccount.Name))
        {
            var rate = AccountMargin.RateNow(rates, held.Instrument, market.Prices);
            double unitUsd = held.Instrument.Settlement.IsDollar
                ? 1
                : market.Prices.IndexUsd(held.Instrument.Settlement.Code)!.Value;
            initial += rate.Initial(held.Contracts) * unitUsd;
            maintenance += rate.Maintenance(held.Contracts) * unitUsd;
        }
        return (initial, maintenance);
    }
}
