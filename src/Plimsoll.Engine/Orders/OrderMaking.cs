using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Turns a wish into an order: label, lots, tick, valid-until, and the gate.</summary>
static class OrderMaking
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Shows an order to the gate and sends it, or says which control refused it.</summary>
    /// <returns>The name of the control that refused, null when the order went out.</returns>
    public static string? Try(EngineState state, InstrumentState own, OrderIntent order, List<EngineEffect> effects)
    {
        var answer = PreTradeGate.Check(order, Input(state, own, order, null), state.Settings!.Controls);
        if (answer.Approved is not { } approved)
            return answer.Refused!.Value.Control;
        state.Orders[order.Label] = new OrderState(order, state.Now)
        {
            DueAt = order.Life == OrderLife.Rests ? own.RestingSince + state.Settings.Resting.Deadline : null,
        };
        state.Messages.Enqueue(state.Now);
        own.Recent.Add(new RecentOrder(state.Now, order.Side, order.Contracts, order.LimitPrice, false));
        effects.Add(new SendOrder(order, approved));
        return null;
    }

    /// <summary>
    /// Shows a resting order as it shall be to the gate and asks for the change, or says what refused it.
    /// </summary>
    /// <remarks>Until the venue has said which terms stand, the larger size and the nearer price count.</remarks>
    /// <returns>The name of the control that refused, null when the change was asked for.</returns>
    public static string? TryChange(
        EngineState state,
        InstrumentState own,
        OrderState order,
        OrderIntent wanted,
        List<EngineEffect> effects
    )
    {
        var answer = PreTradeGate.Check(wanted, Input(state, own, wanted, order), state.Settings!.Controls);
        if (answer.Approved is not { } approved)
            return answer.Refused!.Value.Control;
        (order.Pending, order.EditAskedAt) = (wanted, state.Now);
        state.Messages.Enqueue(state.Now);
        effects.Add(new EditOrder(wanted, approved));
        return null;
    }

    /// <summary>Orders of an instrument that rest at the venue, or are meant to.</summary>
    public static IEnumerable<OrderState> AtRest(EngineState state, string instrument) =>
        state.Orders.Values.Where(order =>
            order.IsAlive && order.Intent.Life == OrderLife.Rests && order.Intent.Instrument == instrument
        );

    /// <summary>Messages of the last second.</summary>
    public static int MessagesLastSecond(EngineState state)
    {
        while (state.Messages.TryPeek(out var sent) && state.Now - sent >= Second)
            state.Messages.Dequeue();
        return state.Messages.Count;
    }

    /// <summary>An order of signed contracts; null where rounding down leaves less than the least order.</summary>
    public static OrderIntent? Of(
        EngineState state,
        InstrumentState own,
        decimal contracts,
        decimal price,
        bool reduceOnly,
        OrderLife life,
        OrderPurpose purpose,
        bool postOnly = false
    )
    {
        var terms = own.Terms;
        decimal lots = Math.Floor(Math.Abs(contracts) / terms.LotContracts) * terms.LotContracts;
        if (lots < terms.MinimumOrderContracts || lots == 0)
            return null;
        var side = contracts > 0 ? Side.Buy : Side.Sell;
        decimal tick = terms.Ticks.At(price);
        decimal onTick = side == Side.Buy ? terms.Ticks.RoundDown(price) : terms.Ticks.RoundUp(price);
        return new OrderIntent(
            FormattableString.Invariant($"{state.Settings!.EngineId}-{state.Sequence}-{terms.Name}"),
            terms.Name,
            side,
            lots,
            Math.Max(onTick, tick),
            reduceOnly,
            postOnly,
            life,
            state.Now + state.Settings.OrderLife,
            purpose
        );
    }

    /// <summary>Orders of an instrument that may still change its position.</summary>
    public static ImmutableArray<WorkingOrder> Working(EngineState state, string instrument) =>
        [
            .. state
                .Orders.Values.Where(o => o.Remaining > 0 && o.Intent.Instrument == instrument)
                .Select(o => o.Working),
        ];

    // What is changed is looked at as it shall be, not as it is.
    static PreTradeInput Input(EngineState state, InstrumentState own, OrderIntent order, OrderState? changed)
    {
        var horizon = state.Settings!.Controls.RejectWindow + state.Settings.Controls.DuplicateWindow;
        own.Recent.RemoveAll(sent => state.Now - sent.At > horizon);
        var (permission, reason) = ModeRules.Permission(state);
        return new PreTradeInput
        {
            Now = state.Now,
            Permission = permission,
            PermissionReason = reason,
            Instrument = own.Terms,
            Mark = own.Mark,
            IndexUsd = own.IndexUsd,
            Book = own.Top,
            Position = own.PositionAt is { } at ? new Observed<decimal>(own.Position, Later(at, state)) : null,
            Working = Working(state, own.Terms.Name).RemoveAll(o => o.Label == changed?.Intent.Label),
            Done = changed?.Booked ?? 0,
            WorkingInAccount = state.Orders.Values.Count(o => o.IsAlive && !ReferenceEquals(o, changed)),
            EquityUsd = state is { EquityUsd: { } equity, AccountAt: { } seen }
                ? new Observed<decimal>(equity, seen)
                : null,
            OtherGrossNotionalUsd = OtherGross(state, own),
            InitialMarginShareAfter = InitialMarginAfter(state, own, order, changed),
            LossTodayShare = AccountFigures.LossToday(state),
            MessagesLastSecond = MessagesLastSecond(state),
            Recent = [.. own.Recent],
        };
    }

    // A position that nothing traded is as fresh as the last reading of the whole account.
    static DateTimeOffset Later(DateTimeOffset at, EngineState state) =>
        state.AccountAt is { } account && account > at ? account : at;

    static decimal? OtherGross(EngineState state, InstrumentState except)
    {
        // Once over the orders, once over the instruments: an account may have thousands of the latter.
        var alive = new Dictionary<string, (decimal Buys, decimal Sales)>(StringComparer.Ordinal);
        foreach (var order in state.Orders.Values)
            if (order.Remaining is not 0 and var left)
            {
                var (bought, sold) = alive.GetValueOrDefault(order.Intent.Instrument);
                alive[order.Intent.Instrument] =
                    order.Intent.Side == Side.Buy ? (bought + left, sold) : (bought, sold + left);
            }
        decimal sum = 0;
        foreach (var other in state.Instruments.Values)
        {
            if (ReferenceEquals(other, except))
                continue;
            var (buys, sales) = alive.Count == 0 ? default : alive.GetValueOrDefault(other.Terms.Name);
            decimal worst = Math.Max(Math.Abs(other.Position + buys), Math.Abs(other.Position - sales));
            if (worst == 0)
                continue;
            if (other.ContractUsd is not { } each)
                return null;
            sum += worst * each;
        }
        return sum;
    }

    /// <summary>
    /// Initial margin with this order and everything alive, by the venue's own figure and, for what is added, the
    /// maintenance margin that the solve states of a contract, scaled as the account's own margins are.
    /// </summary>
    static decimal? InitialMarginAfter(EngineState state, InstrumentState own, OrderIntent order, OrderState? changed)
    {
        if (state.EquityUsd is not { } equity || equity <= 0 || own.Target?.MaintenanceUsd is not { } maintenance)
            return null;
        decimal initialOverMaintenance =
            state.MaintenanceMarginUsd > 0 ? Math.Max(1, state.InitialMarginUsd / state.MaintenanceMarginUsd) : 2;
        decimal added = order.Contracts - (changed?.Booked ?? 0);
        foreach (var alive in state.Orders.Values)
            if (
                !ReferenceEquals(alive, changed)
                && alive.Intent.Instrument == own.Terms.Name
                && alive.Intent.Side == order.Side
            )
                added += alive.Remaining;
        return (state.InitialMarginUsd + added * maintenance * initialOverMaintenance) / equity;
    }
}
