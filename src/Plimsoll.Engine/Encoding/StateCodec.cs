using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Bytes of a whole state: a snapshot, from which a restart goes on with the events that follow.</summary>
/// <remarks>A cache of the journal: bytes that are not understood are answered with null; then all is read.</remarks>
public static class StateCodec
{
    const byte Version = 4;

    /// <summary>All that the state knows.</summary>
    public static byte[] Write(EngineState state)
    {
        var to = new ByteWriter();
        to.Small(Version);
        to.Sequence(state.Sequence);
        to.Time(state.Now);
        to.Flag(state.Settings is not null);
        if (state.Settings is { } settings)
            to.Settings(settings);
        Modes(to, state);
        to.Amounts(state.EquityUsd, state.InitialMarginUsd, state.MaintenanceMarginUsd);
        to.Amounts(state.HighWaterUsd, state.DayStartUsd, state.SolveKeep);
        to.Many(state.Equities, to.Cash);
        to.Whole(state.Day.DayNumber);
        foreach (
            var at in (DateTimeOffset?[])
                [state.AccountAt, state.ReconcileAskedAt, state.ReconciledAt, state.SolveAskedAt, state.TargetsAt]
        )
            to.Maybe(at, to.Time);
        to.Sequence(state.ReconcileAskedSequence);
        to.Sequence(state.SolveAskedSequence);
        to.Text(state.SolveDigest);
        Named(to, state.SolveIndex);
        Named(to, state.SolveVolatility);
        Named(to, state.SolveMark);
        to.Many(state.Messages, to.Time);
        to.Maybe(state.Trades.Horizon, to.Time);
        to.Many(
            state.Trades.All,
            trade =>
            {
                to.Text(trade.Id);
                to.Time(trade.At);
            }
        );
        to.Many([.. state.FreshTrades.Order(StringComparer.Ordinal)], to.Text);
        to.Many(state.Instruments.Values, own => Instrument(to, own));
        to.Many(state.Orders.Values, order => Order(to, order));
        to.Many(state.Coins, coin => Coin(to, coin.Key, coin.Value));
        to.Check(state.MarginCheck);
        return to.Written.ToArray();
    }

    /// <summary>The state of bytes; null where they are damaged or of another version.</summary>
    public static EngineState? Read(byte[] bytes)
    {
        var from = new ByteReader(bytes);
        try
        {
            if (from.Small() != Version)
                return null;
            var state = ReadState(from);
            from.End();
            return state;
        }
        catch (BadBytes)
        {
            return null;
        }
    }

    static EngineState ReadState(ByteReader from)
    {
        var state = new EngineState { Sequence = from.Sequence(), Now = from.Time() };
        state.Settings = from.Flag() ? from.Settings(EventCodec.SettingsVersion) : null;
        Modes(from, state);
        state.EquityUsd = from.MaybeAmount();
        (state.InitialMarginUsd, state.MaintenanceMarginUsd) = (Known(from), Known(from));
        (state.HighWaterUsd, state.DayStartUsd, state.SolveKeep) = (Known(from), Known(from), Known(from));
        state.Equities = from.Many(from.Cash);
        state.Day = DateOnly.FromDayNumber(from.Whole());
        DateTimeOffset? At() => from.Maybe(from.Time);
        (state.AccountAt, state.ReconcileAskedAt, state.ReconciledAt) = (At(), At(), At());
        (state.SolveAskedAt, state.TargetsAt) = (At(), At());
        (state.ReconcileAskedSequence, state.SolveAskedSequence) = (from.Sequence(), from.Sequence());
        state.SolveDigest = from.Text();
        Named(from, state.SolveIndex);
        Named(from, state.SolveVolatility);
        Named(from, state.SolveMark);
        foreach (var at in from.Many(from.Time))
            state.Messages.Enqueue(at);
        state.Trades.Restore(from.Maybe(from.Time), from.Many(() => (from.Text(), from.Time())));
        state.FreshTrades.UnionWith(from.Many(from.Text));
        foreach (var own in from.Many(() => Instrument(from)))
            state.Instruments[own.Terms.Name] = own;
        foreach (var order in from.Many(() => Order(from)))
            state.Orders[order.Intent.Label] = order;
        foreach (var (name, coin) in from.Many(() => Coin(from)))
            state.Coins[name] = coin;
        from.Check(state.MarginCheck);
        return state;
    }

    static void Modes(ByteWriter to, EngineState state)
    {
        to.Choice(state.Mode);
        to.Text(state.ModeCause);
        foreach (
            bool flag in (bool[])
                [state.IsArmed, state.IsFlattening, state.SessionIsUp, state.IsForced, state.IsCutting, state.EndedWell]
        )
            to.Flag(flag);
        to.Flag(state.IsDeleveraged);
        to.MaybeText(state.HaltCause);
        to.MaybeText(state.AskedReduceOnly);
        to.MaybeText(state.Difference);
        to.Span(state.ClockOffset);
        to.Maybe(state.SaferSince, to.Time);
    }

    static void Modes(ByteReader from, EngineState state)
    {
        (state.Mode, state.ModeCause) = (from.Choice<EngineMode>(), from.Text());
        (state.IsArmed, state.IsFlattening, state.SessionIsUp) = (from.Flag(), from.Flag(), from.Flag());
        (state.IsForced, state.IsCutting, state.EndedWell) = (from.Flag(), from.Flag(), from.Flag());
        state.IsDeleveraged = from.Flag();
        (state.HaltCause, state.AskedReduceOnly) = (from.MaybeText(), from.MaybeText());
        (state.Difference, state.ClockOffset) = (from.MaybeText(), from.Span());
        state.SaferSince = from.Maybe(from.Time);
    }

    static void Named(ByteWriter to, SortedDictionary<string, decimal> values) =>
        to.Many(
            values,
            pair =>
            {
                to.Text(pair.Key);
                to.Amount(pair.Value);
            }
        );

    static void Named(ByteReader from, SortedDictionary<string, decimal> values)
    {
        foreach (var (name, value) in from.Many(() => (from.Text(), from.Amount())))
            values[name] = value;
    }

    static void Seen<T>(ByteWriter to, Observed<T>? seen, Action<T> write) =>
        to.Maybe(
            seen,
            known =>
            {
                write(known.Value);
                to.Time(known.At);
            }
        );

    static Observed<T>? Seen<T>(ByteReader from, Func<T> read) =>
        from.Maybe(() => new Observed<T>(read(), from.Time()));

    static void Instrument(ByteWriter to, InstrumentState own)
    {
        to.Terms(own.Terms);
        Seen(to, own.Mark, to.Amount);
        Seen(to, own.Suspect, to.Amount);
        Seen(to, own.IndexUsd, to.Amount);
        Seen(to, own.Top, to.Top);
        to.Amount(own.BidContracts);
        to.Amount(own.AskContracts);
        to.Amounts(own.MarkVolatility, own.ForwardUsd, own.Funding8h);
        to.Amounts(own.DailyVolumeContracts, own.OpenInterestContracts);
        to.Amount(own.Position);
        to.Maybe(own.PositionAt, to.Time);
        to.Flag(own.Target is not null);
        if (own.Target is { } target)
            to.Target(target);
        to.Maybe(own.LastCutAt, to.Time);
        to.Whole(own.CutMisses);
        to.MaybeText(own.Refusal);
        to.Amounts(own.EntryPrice, own.VenueRank, own.FundUsd, own.FundPeakUsd);
        to.Maybe(own.FundPeakAt, to.Time);
        to.Flag(own.IsOwed);
        to.Maybe(own.DeleveragedAt, to.Time);
        to.Whole(own.ResizeMisses);
        to.Flag(own.Base is not null);
        if (own.Base is { } then)
            to.Amounts(then.IndexUsd, then.Mark, then.Volatility);
        to.Maybe(own.RestingSince, to.Time);
        to.Maybe(own.RestedAt, to.Time);
        to.Many(
            own.Recent,
            sent =>
            {
                to.Time(sent.At);
                to.Choice(sent.Side);
                to.Amount(sent.Contracts);
                to.Amount(sent.LimitPrice);
                to.Flag(sent.Rejected);
            }
        );
    }

    static InstrumentState Instrument(ByteReader from)
    {
        var own = new InstrumentState(from.Terms());
        (own.Mark, own.Suspect) = (Seen(from, from.Amount), Seen(from, from.Amount));
        (own.IndexUsd, own.Top) = (Seen(from, from.Amount), Seen(from, from.Top));
        (own.BidContracts, own.AskContracts) = (from.Amount(), from.Amount());
        (own.MarkVolatility, own.ForwardUsd) = (from.MaybeAmount(), from.MaybeAmount());
        own.Funding8h = from.MaybeAmount();
        (own.DailyVolumeContracts, own.OpenInterestContracts) = (from.MaybeAmount(), from.MaybeAmount());
        (own.Position, own.PositionAt) = (from.Amount(), from.Maybe(from.Time));
        own.Target = from.Flag() ? from.Target() : null;
        (own.LastCutAt, own.CutMisses) = (from.Maybe(from.Time), from.Whole());
        (own.Refusal, own.EntryPrice, own.VenueRank) = (from.MaybeText(), from.MaybeAmount(), from.MaybeAmount());
        (own.FundUsd, own.FundPeakUsd) = (from.MaybeAmount(), from.MaybeAmount());
        (own.FundPeakAt, own.IsOwed) = (from.Maybe(from.Time), from.Flag());
        (own.DeleveragedAt, own.ResizeMisses) = (from.Maybe(from.Time), from.Whole());
        own.Base = from.Flag() ? new SurfaceBase(Known(from), Known(from), from.MaybeAmount()) : null;
        (own.RestingSince, own.RestedAt) = (from.Maybe(from.Time), from.Maybe(from.Time));
        own.Recent.AddRange(
            from.Many(() =>
                new RecentOrder(from.Time(), from.Choice<Side>(), from.Amount(), from.Amount(), from.Flag())
            )
        );
        return own;
    }

    static decimal Known(ByteReader from) => from.MaybeAmount() ?? throw new BadBytes("a figure is missing");

    static void Coin(ByteWriter to, string name, CoinState coin)
    {
        to.Text(name);
        to.Amounts(coin.SampleUsd, coin.Variance, coin.LawVolatility);
        to.Maybe(coin.SampleAt, to.Time);
        foreach (decimal share in (decimal[])[coin.Scale, coin.SolveScale, coin.HeldScale])
            to.Amount(share);
        to.Text(coin.ScaleCause);
    }

    static (string, CoinState) Coin(ByteReader from) =>
        (
            from.Text(),
            new CoinState
            {
                SampleUsd = from.MaybeAmount(),
                Variance = from.MaybeAmount(),
                LawVolatility = from.MaybeAmount(),
                SampleAt = from.Maybe(from.Time),
                Scale = from.Amount(),
                SolveScale = from.Amount(),
                HeldScale = from.Amount(),
                ScaleCause = from.Text(),
            }
        );

    static void Order(ByteWriter to, OrderState order)
    {
        to.Intent(order.Intent);
        to.Time(order.SentAt);
        to.Choice(order.Phase);
        to.Amount(order.Filled);
        to.Amount(order.Booked);
        to.Whole(order.TimesMissing);
        foreach (
            var at in (DateTimeOffset?[])
                [order.ReadAt, order.CancelAskedAt, order.EndedAt, order.EditAskedAt, order.DueAt]
        )
            to.Maybe(at, to.Time);
        to.Flag(order.Pending is not null);
        if (order.Pending is { } asked)
            to.Intent(asked);
    }

    static OrderState Order(ByteReader from)
    {
        var order = new OrderState(from.Intent(), from.Time())
        {
            Phase = from.Choice<OrderPhase>(),
            Filled = from.Amount(),
            Booked = from.Amount(),
            TimesMissing = from.Whole(),
        };
        DateTimeOffset? At() => from.Maybe(from.Time);
        (order.ReadAt, order.CancelAskedAt, order.EndedAt) = (At(), At(), At());
        (order.EditAskedAt, order.DueAt) = (At(), At());
        order.Pending = from.Flag() ? from.Intent() : null;
        return order;
    }
}
