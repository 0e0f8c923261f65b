namespace Plimsoll.Paper;

/// <summary>Credits that refill continuously up to a burst.</summary>
sealed class CreditBucket(CreditRule rule, long nowUs)
{
    decimal credits = rule.Burst;
    long lastUs = nowUs;

    /// <summary>Takes one call's credits if they are there.</summary>
    public bool TryTake(long nowUs)
    {
        if (nowUs > lastUs)
        {
            credits = Math.Min(rule.Burst, credits + rule.Rate * (nowUs - lastUs) / 1_000_000);
            lastUs = nowUs;
        }
        if (credits < rule.Cost)
            return false;
        credits -= rule.Cost;
        return true;
    }
}

/// <summary>Buckets of every account, or of every address without one, by class of call.</summary>
sealed class RateLimits(VenueFigures figures, int matchingTier)
{
    readonly Dictionary<(string Who, string Class), CreditBucket> buckets = [];

    /// <summary>The tier without any limit, for tests.</summary>
    public const int Unlimited = 0;

    /// <summary>Bucket of order commands.</summary>
    public CreditRule Matching => figures.Credits[$"matching_tier_{Math.Max(1, matchingTier)}"];

    /// <summary>Bucket of everything else.</summary>
    public CreditRule NonMatching => figures.Credits["non_matching"];

    /// <summary>Takes one call's credits.</summary>
    /// <exception cref="RpcRefusal">The bucket is empty.</exception>
    public void Take(string who, RateClass rate, long nowUs)
    {
        if (matchingTier == Unlimited)
            return;
        string key = rate switch
        {
            RateClass.Matching => $"matching_tier_{matchingTier}",
            RateClass.CancelAll => $"matching_tier_{matchingTier}",
            RateClass.Instruments => "get_instruments",
            RateClass.Subscribe => "subscribe",
            RateClass.TransactionLog => "get_transaction_log",
            _ => "non_matching",
        };
        // Cancelling everything has a bucket of its own, so that a burst of orders never stands in its way.
        string name = rate == RateClass.CancelAll ? "cancel_all" : key;
        if (!buckets.TryGetValue((who, name), out var bucket))
            buckets.Add((who, name), bucket = new CreditBucket(figures.Credits[key], nowUs));
        if (!bucket.TryTake(nowUs))
            throw new RpcRefusal(VenueError.TooManyRequests);
    }
}

/// <summary>Which bucket a method draws on.</summary>
public enum RateClass
{
    /// <summary>Everything that is not named below.</summary>
    NonMatching,

    /// <summary>Orders.</summary>
    Matching,

    /// <summary>Cancelling everything.</summary>
    CancelAll,

    /// <summary>The list of instruments.</summary>
    Instruments,

    /// <summary>Subscriptions.</summary>
    Subscribe,

    /// <summary>The ledger.</summary>
    TransactionLog,
}
