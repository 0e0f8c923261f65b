namespace Plimsoll.Venues.Tests;

/// <summary>Credits, pauses.</summary>
public sealed class CallCreditsTests
{
    [Fact]
    public void Others_leave_the_reserve_and_wait_in_turn_while_urgent_calls_go_first()
    {
        var time = new VirtualTime();
        var order = new List<string>();
        time.Run(
            async () =>
            {
                var credits = new CallCredits(time, perSecond: 5, burst: 20, reserve: 5);
                for (int i = 0; i < 15; i++)
                    Assert.True(credits.TryTake(urgent: false));
                Assert.False(credits.TryTake(urgent: false));
                var first = Note(credits.TakeAsync(urgent: false), "first");
                var second = Note(credits.TakeAsync(urgent: false), "second");
                for (int i = 0; i < 5; i++)
                    Assert.True(credits.TryTake(urgent: true));
                Assert.False(credits.TryTake(urgent: true));
                await Note(credits.TakeAsync(urgent: true), "urgent");
                await Task.WhenAll(first, second);

                async Task Note(Task<bool> taken, string name)
                {
                    Assert.True(await taken);
                    order.Add(FormattableString.Invariant($"{name} {time.GetTimestamp() / 1e7:0.0}"));
                }
            },
            TimeSpan.FromMinutes(1)
        );
        // Six more are needed for the reserve and one; the urgent call took one of what came back.
        Assert.Equal(["urgent 0.2", "first 1.4", "second 1.6"], order);
    }

    [Fact]
    public void Nobody_waits_for_what_will_come_too_late()
    {
        var time = new VirtualTime();
        time.Run(
            async () =>
            {
                var credits = new CallCredits(time, perSecond: 1, burst: 2);
                Assert.True(credits.TryTake(false) && credits.TryTake(false));
                Assert.False(await credits.TakeAsync(false, time.GetUtcNow().AddSeconds(0.9)));
                Assert.Equal(0, time.GetTimestamp());
                Assert.True(await credits.TakeAsync(false, time.GetUtcNow().AddSeconds(1.1)));
                credits.Empty();
                Assert.False(credits.TryTake(urgent: true));
                credits.Learn(100, 50);
                Assert.True(await credits.TakeAsync(false, time.GetUtcNow().AddSeconds(0.1)));
            },
            TimeSpan.FromMinutes(1)
        );
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_are_drawn_by_the_seed()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 3);
        var pauses = Enumerable.Range(0, 12).Select(_ => backoff.Next().TotalSeconds).ToList();
        for (int i = 0; i < pauses.Count; i++)
            Assert.InRange(pauses[i], Math.Min(30, Math.Pow(2, i)) / 2, Math.Min(30, Math.Pow(2, i)));
        Assert.Equal(pauses.Count, pauses.Distinct().Count());
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
        var same = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 3);
        Assert.Equal(pauses, Enumerable.Range(0, 12).Select(_ => same.Next().TotalSeconds));
    }
}
