using CsCheck;
using Plimsoll.Markets;

namespace Plimsoll.Paper.Tests;

/// <summary>The matching engine against <see cref="NaiveBook"/> on random sequences of commands.</summary>
public sealed class MatchingModelTests
{
    sealed record Command(int Kind, int Owner, bool IsBuy, int Tick, int Lots, int Target);

    static readonly Gen<Command[]> Commands = Gen.Select(
        Gen.Int[0, 9],
        Gen.Int[0, 2],
        Gen.Bool,
        Gen.Int[-6, 6],
        Gen.Int[1, 5],
        Gen.Int[0, 40],
        (kind, owner, isBuy, tick, lots, target) => new Command(kind, owner, isBuy, tick, lots, target)
    ).Array[0, 60];

    [Fact]
    public void Every_sequence_of_commands_trades_as_the_naive_book_does() =>
        Commands.Sample(commands => Compare(commands), iter: 3000, threads: 1);

    static void Compare(Command[] commands)
    {
        var small = new SmallVenue();
        var book = small[SmallVenue.Perpetual];
        PaperAccount[] owners = [.. Enumerable.Range(0, 3).Select(i => small.Client($"c{i}", 1000))];
        var naive = new NaiveBook();
        var ids = new List<string>();
        var replica = new BookReplica(book);
        foreach (var command in commands)
        {
            var owner = owners[command.Owner];
            decimal price = 65_000 + command.Tick * 0.5m;
            decimal amount = command.Lots * 10;
            var side = command.IsBuy ? Side.Buy : Side.Sell;
            int target = ids.Count == 0 ? 0 : command.Target % ids.Count;
            if (command.Kind == 8 && ids.Count > 0)
            {
                var order = Owned(owners, ids[target], small);
                bool done = order is not null && small.Venue.Cancel(order.Account, order.Id).Error == VenueError.None;
                Assert.Equal(naive.Cancel(target), done);
            }
            else if (command.Kind == 9 && ids.Count > 0)
            {
                var order = Owned(owners, ids[target], small);
                var change = new OrderChange(amount, price);
                var answer = order is null
                    ? OrderAnswer.Refused(VenueError.OrderNotFound)
                    : small.Venue.Edit(order.Account, order.Id, change);
                Assert.Equal(naive.Edit(target, price, amount), Outcome(answer));
            }
            else
            {
                string how = command.Kind switch
                {
                    5 => "post",
                    6 => "ioc",
                    7 => "fok",
                    _ => "limit",
                };
                var answer = command.IsBuy
                    ? small.Buy(owner, SmallVenue.Perpetual, amount, price, request => With(request, how))
                    : small.Sell(owner, SmallVenue.Perpetual, amount, price, request => With(request, how));
                Assert.Equal(naive.Place(ids.Count, command.Owner, side, price, amount, how), Outcome(answer));
                ids.Add(answer.Order?.Id ?? "");
            }
            replica.Apply(small.Venue.Drain());
        }
        Assert.Equal(
            naive.Trades.Select(trade => (trade.Price, trade.Amount)),
            book.Trades.Select(trade => (trade.Price, trade.Amount))
        );
        Assert.Equal(
            naive.Trades.Select(trade => ids[trade.Maker]),
            owners
                .SelectMany(o => o.Fills)
                .Where(f => f.Liquidity == Liquidity.Maker)
                .OrderBy(fill => fill.Trade.Sequence)
                .Select(fill => fill.Order.Id)
        );
        var levels = new[] { Side.Buy, Side.Sell }
            .SelectMany(side => book.Book.Levels(side).Select(level => (side, level.Price, level.Amount)))
            .OrderBy(level => level.side)
            .ThenBy(level => level.Price);
        Assert.Equal(naive.Levels(), levels);
        Assert.Equal(naive.Levels(), replica.Levels());
        Assert.Equal(0, small.Venue.Imbalance(SmallVenue.Btc));
        Assert.Equal(0, owners.Sum(owner => owner.SizeOf(book)));
    }

    static Order? Owned(PaperAccount[] owners, string id, SmallVenue small) =>
        owners.Select(owner => small.Venue.Find(owner, id)).FirstOrDefault(order => order is not null);

    static OrderRequest With(OrderRequest request, string how) =>
        how switch
        {
            "post" => request with { PostOnly = true, RejectPostOnly = true },
            "ioc" => request with { TimeInForce = TimeInForce.ImmediateOrCancel },
            "fok" => request with { TimeInForce = TimeInForce.FillOrKill },
            _ => request,
        };

    static string Outcome(OrderAnswer answer) =>
        answer.Error != VenueError.None
            ? "refused"
            : answer.Order!.State switch
            {
                OrderState.Filled => "filled",
                OrderState.Open => "open",
                _ => "cancelled",
            };
}

/// <summary>A book kept from events alone, as a client would keep it; breaks when the chain of ids does.</summary>
sealed class BookReplica(ListedInstrument listed)
{
    readonly SortedDictionary<(Side, decimal), decimal> levels = [];
    long last = listed.ChangeId;

    public void Apply(IEnumerable<VenueEvent> events)
    {
        foreach (var change in events.OfType<BookChanged>().Where(change => change.Listed == listed))
        {
            Assert.Equal(last, change.PreviousId);
            last = change.Id;
            foreach (var level in change.Changes)
            {
                Assert.Equal(level.Before, levels.GetValueOrDefault((level.Side, level.Price)));
                if (level.After == 0)
                    levels.Remove((level.Side, level.Price));
                else
                    levels[(level.Side, level.Price)] = level.After;
            }
        }
    }

    public IEnumerable<(Side, decimal, decimal)> Levels() =>
        levels.Select(level => (level.Key.Item1, level.Key.Item2, level.Value));
}
