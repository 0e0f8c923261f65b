using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>All that the engine knows, in order of name; <see cref="EngineCore.Step"/> alone changes it.</summary>
/// <remarks>Not thread safe. The digest is over a canonical text of every field that decides.</remarks>
public sealed class EngineState
{
    internal EngineSettings? Settings { get; set; }

    internal SortedDictionary<string, InstrumentState> Instruments { get; } = new(StringComparer.Ordinal);

    /// <summary>Coins by name; none under the first rules.</summary>
    internal SortedDictionary<string, CoinState> Coins { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, OrderState> Orders { get; } = new(StringComparer.Ordinal);

    internal TradeIds Trades { get; } = new();

    /// <summary>Trades booked since the last reading of the venue.</summary>
    internal HashSet<string> FreshTrades { get; } = new(StringComparer.Ordinal);

    internal Queue<DateTimeOffset> Messages { get; } = new();

    /// <summary>Sequence of the last event.</summary>
    public ulong Sequence { get; internal set; }

    /// <summary>Time of the last event.</summary>
    public DateTimeOffset Now { get; internal set; }

    /// <summary>What the engine may do.</summary>
    public EngineMode Mode { get; internal set; } = EngineMode.Disconnected;

    /// <summary>Why it may not do more, in words.</summary>
    public string ModeCause { get; internal set; } = "not started";

    internal bool IsArmed { get; set; }

    /// <summary>Whether the process before said that it ends; not so after a crash.</summary>
    public bool EndedWell { get; internal set; }

    internal string? HaltCause { get; set; }
    internal bool IsFlattening { get; set; }
    internal string? AskedReduceOnly { get; set; }
    internal bool SessionIsUp { get; set; }
    internal bool IsForced { get; set; }
    internal bool IsCutting { get; set; }

    /// <summary>Whether the venue closed a leg since the last solve was asked for.</summary>
    internal bool IsDeleveraged { get; set; }

    /// <summary>Whether the core follows these rules or newer ones.</summary>
    internal bool Follows(int rules) => Settings!.Rules >= rules;

    internal string? Difference { get; set; }
    internal TimeSpan ClockOffset { get; set; }
    internal DateTimeOffset? SaferSince { get; set; }

    internal decimal? EquityUsd { get; set; }
    internal ImmutableArray<Balance> Equities { get; set; } = [];
    internal decimal InitialMarginUsd { get; set; }
    internal decimal MaintenanceMarginUsd { get; set; }
    internal DateTimeOffset? AccountAt { get; set; }
    internal decimal HighWaterUsd { get; set; }
    internal decimal DayStartUsd { get; set; }
    internal DateOnly Day { get; set; }

    internal DateTimeOffset? ReconcileAskedAt { get; set; }
    internal ulong ReconcileAskedSequence { get; set; }
    internal DateTimeOffset? ReconciledAt { get; set; }

    internal DateTimeOffset? SolveAskedAt { get; set; }
    internal ulong SolveAskedSequence { get; set; }
    internal string SolveDigest { get; set; } = "";
    internal decimal SolveKeep { get; set; } = 1;
    internal DateTimeOffset? TargetsAt { get; set; }
    internal SortedDictionary<string, decimal> SolveIndex { get; } = new(StringComparer.Ordinal);
    internal SortedDictionary<string, decimal> SolveVolatility { get; } = new(StringComparer.Ordinal);
    internal SortedDictionary<string, decimal> SolveMark { get; } = new(StringComparer.Ordinal);

    /// <summary>Errors of margin models that the venue's simulator showed.</summary>
    internal MarginCheck MarginCheck { get; } = new();

    /// <summary>Fall from the high-water mark as a share of it; 0 before the first account figures.</summary>
    public decimal Drawdown => EquityUsd is { } equity && HighWaterUsd > 0 ? Math.Max(0, 1 - equity / HighWaterUsd) : 0;

    /// <summary>Maintenance margin over equity; null when not known, 1 or more where equity is gone.</summary>
    public decimal? MarginRatio =>
        EquityUsd is { } equity
            ? equity > 0
                ? MaintenanceMarginUsd / equity
                : MaintenanceMarginUsd > 0
                    ? decimal.MaxValue
                    : 0
            : null;

    /// <summary>The same with maintenance margin widened by the models' observed error; cuts go by it.</summary>
    public decimal? BufferedRatio =>
        MarginRatio is { } ratio and < decimal.MaxValue / 1_000_000 ? ratio * MarginCheck.Factor : MarginRatio;

    /// <summary>Share of the risk limits that the drawdown keeps.</summary>
    public decimal Keep
    {
        get
        {
            decimal keep = 1;
            foreach (var step in Settings?.Drawdowns ?? [])
                if (Drawdown >= step.Drawdown)
                    keep = step.Keep;
            return keep;
        }
    }

    /// <summary>Contracts held of an instrument; null when it is not known to the engine.</summary>
    public decimal? Position(string instrument) => Instruments.GetValueOrDefault(instrument)?.Position;

    /// <summary>Labels of the orders that may be alive, in order.</summary>
    public IEnumerable<string> AliveOrders => Orders.Values.Where(o => o.IsAlive).Select(o => o.Intent.Label);

    /// <summary>SHA-256 of the state as canonical text: equal for equal histories, on any machine.</summary>
    public string Digest()
    {
        var text = new StringBuilder();
        void Add(params ReadOnlySpan<object?> fields)
        {
            foreach (object? field in fields)
                text.Append(
                        field switch
                        {
                            null => "-",
                            decimal number => Canonical(number),
                            DateTimeOffset at => at.UtcTicks.ToString(CultureInfo.InvariantCulture),
                            IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                            _ => field.ToString(),
                        }
                    )
                    .Append('|');
            text.Append('\n');
        }
        Add(
            Mode,
            ModeCause,
            IsArmed,
            HaltCause,
            IsFlattening,
            AskedReduceOnly,
            SessionIsUp,
            IsForced,
            IsCutting,
            EndedWell
        );
        Add(Difference, ClockOffset.Ticks, SaferSince, EquityUsd, InitialMarginUsd, MaintenanceMarginUsd, AccountAt);
        Add(HighWaterUsd, DayStartUsd, Day.DayNumber, ReconcileAskedAt, ReconciledAt, SolveAskedAt, TargetsAt);
        Add(SolveKeep, Messages.Count, Trades.Count, FreshTrades.Count);
        if (Trades.Horizon is { } horizon)
            Add(horizon);
        foreach (var balance in Equities)
            Add(balance.Currency, balance.Amount);
        foreach (var (name, own) in Instruments)
        {
            Add(own.ForwardUsd, own.Funding8h, own.DailyVolumeContracts, own.OpenInterestContracts);
            Add(name, own.Mark, own.Suspect, own.IndexUsd, own.Top, own.BidContracts, own.AskContracts);
            Add(own.MarkVolatility, own.Position, own.PositionAt, Words(own.Target), own.LastCutAt, own.CutMisses);
            // Members of newer rules stand only where they say something: older journals keep their digests.
            if (own is { IsOwed: true } or { DeleveragedAt: not null } or { ResizeMisses: > 0 })
                Add(own.IsOwed, own.DeleveragedAt, own.ResizeMisses);
            if (own is { RestingSince: not null } or { RestedAt: not null })
                Add(own.RestingSince, own.RestedAt);
            if (own is { Refusal: not null } or { VenueRank: not null } or { FundUsd: not null } or { Base: not null })
                Add(own.Refusal, own.VenueRank, own.FundUsd, own.FundPeakUsd, own.FundPeakAt, own.Base, own.EntryPrice);
            foreach (var sent in own.Recent)
                Add(sent.At, sent.Side, sent.Contracts, sent.LimitPrice, sent.Rejected);
        }
        foreach (var (name, coin) in Coins)
        {
            Add(name, coin.SampleUsd, coin.SampleAt, coin.Variance, coin.LawVolatility, coin.Scale, coin.ScaleCause);
            Add(coin.SolveScale, coin.HeldScale);
            Add(IsDeleveraged);
        }
        if (MarginCheck.IsUsed)
        {
            var check = MarginCheck;
            Add(check.AskedAt, check.AskedSequence, check.AnsweredAt, check.ComparedAt, check.Trouble);
            Add(check.SolveWidening);
            foreach (var (name, contracts) in check.Book)
                Add(name, contracts);
            foreach (var (model, shares) in check.Shortfalls)
                Add([model, .. shares]);
            foreach (var error in check.Last)
                Add(error);
        }
        foreach (var order in Orders.Values)
        {
            Add(
                order.Intent,
                order.Phase,
                order.Filled,
                order.Booked,
                order.EndedAt,
                order.ReadAt,
                order.TimesMissing,
                order.CancelAskedAt
            );
            if (order.DueAt is not null)
                Add(order.DueAt, order.Pending, order.EditAskedAt);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // As the text of a target was before it had more members than these.
    static string? Words(TargetContracts? target)
    {
        if (target is null)
            return null;
        var (name, contracts, maintenance, cost, binding, risk, rank) = target;
        string first = FormattableString.Invariant(
            $"TargetContracts {{ Instrument = {name}, Contracts = {contracts}, MaintenanceUsd = {maintenance}, "
        );
        first += FormattableString.Invariant($"ExitCostUsd = {cost}, Binding = {binding} }}");
        if (risk is not null)
            first += FormattableString.Invariant($" {risk.DeltaUsd} {risk.Gamma1PctUsd} {risk.Vega1PtUsd}");
        return rank is null ? first : first + FormattableString.Invariant($" rank {rank}");
    }

    // 1.0 and 1.00 are equal amounts with other digits.
    static string Canonical(decimal number) =>
        (number / 1.000000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
}
