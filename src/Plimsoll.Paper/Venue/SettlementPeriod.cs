using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>The venue's classes of expiry.</summary>
public enum SettlementPeriod
{
    /// <summary>No expiry.</summary>
    Perpetual,

    /// <summary>Any day but Friday.</summary>
    Day,

    /// <summary>A Friday within the month.</summary>
    Week,

    /// <summary>The last Friday of a month.</summary>
    Month,
}

/// <summary>Class of an instrument's expiry, from its date.</summary>
public static class SettlementPeriods
{
    /// <summary>The class.</summary>
    public static SettlementPeriod Of(Instrument instrument)
    {
        if (instrument.SettlesAt is not { } at)
            return SettlementPeriod.Perpetual;
        if (at.DayOfWeek != DayOfWeek.Friday)
            return SettlementPeriod.Day;
        return at.AddDays(7).Month == at.Month ? SettlementPeriod.Week : SettlementPeriod.Month;
    }
}
