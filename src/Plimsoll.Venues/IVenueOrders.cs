using Plimsoll.Controls;

namespace Plimsoll.Venues;

/// <summary>Orders of one account at one venue; how they stand is told as events.</summary>
interface IVenueOrders
{
    /// <summary>Whether a cancellation of everything is still to be confirmed by the venue.</summary>
    bool MustCancelAll { get; }

    /// <summary>Sends an order once.</summary>
    Task SendAsync(Approved<OrderIntent> approved);

    /// <summary>Cancels one order.</summary>
    Task CancelAsync(string label);

    /// <summary>Cancels every order of the account, until the venue has confirmed it.</summary>
    Task CancelAllAsync();

    /// <summary>Reads one order back.</summary>
    Task ReadAsync(string label);
}
