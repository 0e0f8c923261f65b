namespace Plimsoll.Venues;

/// <summary>Text frames both ways over one connection; a test may hold the other end itself.</summary>
interface IFrames : IAsyncDisposable
{
    /// <summary>Sends one frame whole.</summary>
    Task SendAsync(string frame, CancellationToken cancel);

    /// <summary>The next frame; null when the other side has closed.</summary>
    Task<string?> ReceiveAsync(CancellationToken cancel);

    /// <summary>Status and words of the other side's close frame; null without one.</summary>
    (int Status, string Words)? Closed => null;
}

/// <summary>Opens a connection.</summary>
delegate Task<IFrames> OpenFrames(Uri address, CancellationToken cancel);
