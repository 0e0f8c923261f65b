namespace Plimsoll.Venues;

/// <summary>Calls that the venue's rate limit allows, refilled continuously; some are kept for urgent ones.</summary>
sealed class CallCredits
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    readonly TimeProvider time;
    readonly double reserve;
    readonly SemaphoreSlim urgentQueue = new(1, 1);
    readonly SemaphoreSlim queueOfOthers = new(1, 1);
    int urgentWaiting;
    int othersWaiting;
    double perSecond;
    double burst;
    double credits;
    long refilledAt;

    /// <summary>Full.</summary>
    /// <param name="time">Clock.</param>
    /// <param name="perSecond">Calls that come back each second.</param>
    /// <param name="burst">Most calls at once.</param>
    /// <param name="reserve">Of these, how many only urgent calls (cuts, cancels) may use.</param>
    public CallCredits(TimeProvider time, double perSecond, double burst, double reserve = 0)
    {
        (this.time, this.perSecond, this.burst, this.reserve) = (time, perSecond, burst, reserve);
        (credits, refilledAt) = (burst, time.GetTimestamp());
    }

    /// <summary>Credits now.</summary>
    public double Now
    {
        get
        {
            Refill();
            return credits;
        }
    }

    /// <summary>Takes the venue's own figures, once they are known.</summary>
    public void Learn(double rate, double most)
    {
        Refill();
        (perSecond, burst, credits) = (rate, most, Math.Min(credits, most));
    }

    /// <summary>The venue said that there are none left, whatever was counted here.</summary>
    public void Empty()
    {
        Refill();
        credits = Math.Min(credits, 0);
    }

    /// <summary>Takes one credit, if it is there for this kind of call.</summary>
    public bool TryTake(bool urgent)
    {
        Refill();
        if (credits - 1 < (urgent ? 0 : Math.Min(reserve, burst - 1)))
            return false;
        credits--;
        return true;
    }

    /// <summary>
    /// Waits for a credit in the order of asking; false at once when none will come before an instant.
    /// </summary>
    public async Task<bool> TakeAsync(bool urgent, DateTimeOffset? before = null)
    {
        var queue = urgent ? urgentQueue : queueOfOthers;
        int ahead = urgent ? urgentWaiting : othersWaiting;
        if (ahead == 0 && TryTake(urgent))
            return true;
        if (before is { } limit && time.GetUtcNow() + Wait(urgent, ahead) >= limit)
            return false;
        Count(urgent, 1);
        await queue.WaitAsync();
        try
        {
            while (!TryTake(urgent))
            {
                var wait = Wait(urgent, 0);
                if (before is { } last && time.GetUtcNow() + wait >= last)
                    return false;
                await Task.Delay(wait, time);
            }
            return true;
        }
        finally
        {
            Count(urgent, -1);
            queue.Release();
        }
    }

    TimeSpan Wait(bool urgent, int ahead)
    {
        Refill();
        double missing = 1 + ahead + (urgent ? 0 : Math.Min(reserve, burst - 1)) - credits;
        double seconds = perSecond > 0 ? Math.Max(0.001, missing / perSecond) : Longest.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
    }

    void Count(bool urgent, int change)
    {
        if (urgent)
            urgentWaiting += change;
        else
            othersWaiting += change;
    }

    void Refill()
    {
        long now = time.GetTimestamp();
        credits = Math.Min(burst, credits + perSecond * time.GetElapsedTime(refilledAt, now).TotalSeconds);
        refilledAt = now;
    }
}
