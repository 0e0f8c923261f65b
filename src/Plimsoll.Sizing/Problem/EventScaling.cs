using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>A moment ahead of which the account is made smaller.</summary>
/// <param name="Name">What happens.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Before">How long before it the limits tighten.</param>
/// <param name="After">How long after it they stay so.</param>
/// <param name="Keep">Share of the risk limits that is kept; in (0, 1].</param>
public sealed record MarketEvent(string Name, DateTimeOffset At, Years Before, Years After, double Keep)
{
    /// <summary>Whether the limits are tight at a moment.</summary>
    public bool IsNear(DateTimeOffset now) => now >= At - Span(Before) && now < At + Span(After);

    static TimeSpan Span(Years years) => TimeSpan.FromSeconds(years.Value * Years.SecondsPerYear);
}

/// <summary>How limits tighten ahead of expiries of options that are held.</summary>
/// <param name="Before">How long before.</param>
/// <param name="Keep">Share of the risk limits that is kept.</param>
public sealed record ExpiryAhead(Years Before, double Keep);

/// <summary>
/// Scales the risk limits ahead of events of the calendar and of expiries held, so that the account is smaller when
/// they
/// come: the same scaling as a throttle's, and the tightest of all that are near.
/// </summary>
public static class EventScaling
{
    /// <summary>Share of the risk limits that is kept now, with what is near in words.</summary>
    /// <param name="mandate">Calendar and expiry rule.</param>
    /// <param name="account">What is held.</param>
    /// <param name="market">Its time is now.</param>
    public static (double Keep, ImmutableArray<string> Words) Kept(
        Mandate mandate,
        Account account,
        MarketSnapshot market
    )
    {
        double keep = 1;
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var each in mandate.Events.Concat(Expiries(mandate, account, market)))
        {
            if (!each.IsNear(market.AsOf))
                continue;
            keep = Math.Min(keep, each.Keep);
            double hours = (each.At - market.AsOf).TotalHours;
            string when =
                hours >= 0
                    ? FormattableString.Invariant($"in {hours:0.#} hours")
                    : FormattableString.Invariant($"{-hours:0.#} hours ago");
            words.Add(
                FormattableString.Invariant(
                    $"event: {each.Name} {when}: risk limits are scaled to {each.Keep * 100:0.##}%"
                )
            );
        }
        return (keep, words.ToImmutable());
    }

    static IEnumerable<MarketEvent> Expiries(Mandate mandate, Account account, MarketSnapshot market)
    {
        if (mandate.ExpiryAhead is not { } rule)
            yield break;
        var held = account
            .Subaccounts.SelectMany(subaccount => subaccount.Positions)
            .Where(position => position.Contracts != 0)
            .Select(position => position.Instrument)
            .ToHashSet(StringComparer.Ordinal);
        var expiries = market
            .Quotes.Select(quote => quote.Instrument)
            .Where(instrument => instrument is OptionInstrument && held.Contains(instrument.Name))
            .Select(instrument => instrument.SettlesAt!.Value)
            .Distinct()
            .Order();
        foreach (var at in expiries)
            yield return new MarketEvent(
                FormattableString.Invariant($"expiry of {at:yyyy-MM-dd HH:mm} UTC"),
                at,
                rule.Before,
                Years.FromDays(0),
                rule.Keep
            );
    }
}
