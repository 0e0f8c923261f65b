using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>
/// Each thing that is done with an order, through each thing that can happen on the way, while the market fills or does
/// not fill it: what is known here is what the venue has, and nothing was done twice.
/// </summary>
public sealed class OrderFaultMatrixTests
{
    const decimal Near = 64_980;
    const decimal Far = 60_000;

    public static IEnumerable<TheoryDataRow<string, string, string>> Cells() =>
        from operation in (string[])["submit", "submit and take", "edit", "edit and take", "cancel"]
        from fault in (string[])
            [
                "request lost",
                "answer lost",
                "answer late",
                "answer later than its valid-until",
                "answers twice",
                "answers out of order",
                "book gaps",
                "garbage",
                "line breaks before it arrives",
                "line breaks after it was done",
                "slow line",
                "no credits",
            ]
        from race in (string[])["quiet", "filled meanwhile"]
        select new TheoryDataRow<string, string, string>(operation, fault, race);

    [Theory, MemberData(nameof(Cells))]
    public void What_is_known_is_what_the_venue_has(string operation, string fault, string race)
    {
        string label = "";
        Ledger? book = null;
        int edits = 0;
        var faults = FaultPlan.None;
        var follower = Follower.Run(
            async follower =>
            {
                book = new Ledger(follower);
                await follower.UpAsync();
                bool isSubmit = operation.StartsWith("submit", StringComparison.Ordinal);
                if (!isSubmit)
                {
                    label = book.Send(SmallVenue.Perpetual, Side.Buy, 5, Far, OrderLife.Rests);
                    await follower.UntilAsync(() => follower.World.Client.OpenOrders.Count == 1, "it rests");
                    await follower.WaitAsync(0.1);
                }
                Begin(follower, fault);
                decimal price = operation.EndsWith("take", StringComparison.Ordinal) ? 65_500 : Near - 500;
                switch (operation)
                {
                    case "cancel":
                        book.Cancel(label);
                        break;
                    case "edit" or "edit and take":
                        edits = 1;
                        book.Edit(label, 7, price);
                        break;
                    default:
                        label = book.Send(SmallVenue.Perpetual, Side.Buy, 5, price, OrderLife.Rests);
                        break;
                }
                await follower.WaitAsync(0.004);
                if (fault == "line breaks before it arrives")
                    follower.World.Faults = SessionTests.Faults("disconnect=100%");
                if (race != "quiet")
                    follower.World.Trade(SmallVenue.Perpetual, Side.Sell, 5_000);
                await follower.WaitAsync(6.5);
                faults = follower.World.Faults;
                (follower.World.Faults, follower.World.LostRequests) = (FaultPlan.None, 0);
                await follower.UntilAsync(() => book.IsSettled, "every order settled", 60);
                await follower.UpAsync();
                follower.Client.Start(new Reconcile(), 777);
                await follower.UntilAsync(() => follower.Last<ReconcileSeen>()?.AskedAt == 777, "read back");
            },
            tier: fault == "no credits" ? 4 : 0
        );
        string what = $"{operation}, {fault}, {race}";
        book!.MustAgreeWithTheVenue(what);
        Assert.True(follower.World.Requests.Count(sent => sent == label) <= 1, $"{what}: sent twice");
        Assert.True(follower.World.Edits <= edits, $"{what}: changed {follower.World.Edits} times");
        // The fault that the cell is about did happen.
        bool happened = fault switch
        {
            "request lost" => follower.Of<SendFailed>().Any() || operation == "cancel",
            "no credits" => operation == "cancel"
                || follower.Of<SendFailed>().Any(failed => failed.Refusal == RefusalKind.RateLimit),
            _ => Enum.GetValues<FaultKind>().Sum(faults.Count) > 0,
        };
        Assert.True(happened, $"{what}: nothing went wrong");
        var atVenue = follower.World.Client.ClosedOrders.Where(order => order.Label == label).ToList();
        Assert.True(atVenue.Count <= 1, $"{what}: twice at the venue");
        Assert.Equal((true, atVenue.Sum(order => order.Filled) / 10), book.Of(label));
    }

    /// <summary>Without any fault a change is done: the price and the total are the new ones, under the same id.</summary>
    [Fact]
    public void A_change_keeps_the_order_and_its_label()
    {
        string before = "",
            after = "";
        decimal price = 0,
            amount = 0;
        var follower = Follower.Run(async follower =>
        {
            var book = new Ledger(follower);
            await follower.UpAsync();
            string label = book.Send(SmallVenue.Perpetual, Side.Buy, 5, Far, OrderLife.Rests);
            await follower.UntilAsync(() => follower.World.Client.OpenOrders.Count == 1, "it rests");
            await follower.WaitAsync(0.1);
            before = follower.World.Client.OpenOrders.Single().Id;
            book.Edit(label, 7, Far + 10);
            await follower.WaitAsync(0.1);
            var order = follower.World.Client.OpenOrders.Single();
            (after, price, amount) = (order.Id, order.Price, order.Amount);
            book.Edit(label, 7, Far + 10.25m);
            await follower.UntilAsync(() => book.IsSettled, "settled", 60);
        });
        Assert.Equal((before, Far + 10, 70m), (after, price, amount));
        Assert.Equal(2, follower.World.Edits);
        // The second change was off the tick: the venue refused it, the order went on resting until its end.
        Assert.Equal(RefusalKind.Tick, Assert.Single(follower.Of<SendFailed>()).Refusal);
    }

    [Fact]
    public void An_order_that_nobody_knows_is_not_changed()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            var now = follower.Time.GetUtcNow();
            var order = new OrderIntent(
                "stranger",
                SmallVenue.Perpetual,
                Side.Buy,
                1,
                Far,
                false,
                false,
                OrderLife.Rests,
                now.AddSeconds(5),
                OrderPurpose.Resize
            );
            var approved = Orders.Approved(order, follower.Terms(order.Instrument), now);
            follower.Client.Start(new EditOrder(order, approved.Approval), 1);
            await follower.UntilAsync(() => follower.Of<SendFailed>().Any(), "refused");
        });
        Assert.Equal(RefusalKind.NotSent, Assert.Single(follower.Of<SendFailed>()).Refusal);
        Assert.Equal(0, follower.World.Edits);
    }

    static void Begin(Follower follower, string fault)
    {
        var world = follower.World;
        world.LostRequests = fault == "request lost" ? 1 : 0;
        if (fault == "no credits")
            world.Drain();
        string plan = fault switch
        {
            "answer lost" => "drop=100%",
            "answer late" => "delay=100%:900ms",
            "answer later than its valid-until" => "delay=100%:6s",
            "answers twice" => "duplicate=100%",
            "answers out of order" => "reorder=50%",
            "book gaps" => "gap=100%",
            "garbage" => "garbage=100%",
            "line breaks after it was done" => "disconnect=100%",
            "slow line" => "slow=100%:2s",
            _ => "drop=0%",
        };
        world.Faults = SessionTests.Faults(plan);
    }
}
