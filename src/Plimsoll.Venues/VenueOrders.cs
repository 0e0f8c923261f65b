using Plimsoll.Controls;
using Plimsoll.Engine;

namespace Plimsoll.Venues;

/// <summary>Orders of one account at one venue; how they stand is told as events.</summary>
/// <remarks>
/// An order is sent once. What is not known of it is read back by its label; nothing here sends it again.
/// </remarks>
abstract class VenueOrders(VenueLine line, OrderReports reports, Action<EngineEvent> learned)
{
    /// <summary>Whether a cancellation of everything is still to be confirmed by the venue.</summary>
    public bool MustCancelAll { get; protected set; }

    /// <summary>The way to the venue.</summary>
    protected VenueLine Line => line;

    /// <summary>What has been said of orders.</summary>
    protected OrderReports Reports => reports;

    /// <summary>Takes what was learned.</summary>
    protected Action<EngineEvent> Learned => learned;

    /// <summary>Sends an order once, or says why it did not leave.</summary>
    public async Task SendAsync(Approved<OrderIntent> approved)
    {
        var order = approved.Value;
        if (!Lists(order.Instrument))
        {
            Refuse(order.Label, "the venue does not list this instrument", RefusalKind.Instrument);
            return;
        }
        reports.Expect(order.Label, order.Instrument);
        bool isUrgent = order.ReduceOnly || order.Purpose == OrderPurpose.Cut;
        if (await line.WhyNotSentAsync(isUrgent, order.ValidUntil) is { } why)
            Refuse(order.Label, why, RefusalKind.NotSent);
        else
            await PlaceAsync(order);
    }

    /// <summary>Changes an order that rests, once, or says why it was not changed.</summary>
    public async Task EditAsync(Approved<OrderIntent> approved)
    {
        var order = approved.Value;
        bool isUrgent = order.ReduceOnly || order.Purpose == OrderPurpose.Cut;
        if (await line.WhyNotSentAsync(isUrgent, order.ValidUntil) is { } why)
            Refuse(order.Label, why, RefusalKind.NotSent);
        else
            await ChangeAsync(order);
    }

    /// <summary>Cancels one order; how it stands then is told.</summary>
    public abstract Task CancelAsync(string label);

    /// <summary>Cancels every order of the account until the venue has confirmed it, over reconnections too.</summary>
    public async Task CancelAllAsync()
    {
        MustCancelAll = true;
        while (line.IsUp && MustCancelAll)
        {
            MustCancelAll = !await TryCancelAllAsync();
            if (MustCancelAll && line.IsUp)
                await line.PauseAsync();
        }
        foreach (string label in reports.Alive.ToList())
            await ReadAsync(label);
    }

    /// <summary>Reads one order back.</summary>
    public abstract Task ReadAsync(string label);

    /// <summary>Whether the terms of an instrument are known.</summary>
    protected abstract bool Lists(string instrument);

    /// <summary>Sends an order that may be sent now.</summary>
    protected abstract Task PlaceAsync(OrderIntent order);

    /// <summary>Changes an order that may be changed now.</summary>
    protected abstract Task ChangeAsync(OrderIntent order);

    /// <summary>One try to cancel everything; true once the venue has confirmed that nothing rests.</summary>
    protected abstract Task<bool> TryCancelAllAsync();

    /// <summary>The order was certainly not taken.</summary>
    protected void Refuse(string label, string why, RefusalKind kind) =>
        learned(new SendFailed(label, false, why, kind));

    /// <summary>Nobody knows whether the order was taken.</summary>
    protected void Lose(string label, string why) => learned(new SendFailed(label, true, why));
}
