using System.Threading.Channels;

namespace Plimsoll.Venues;

/// <summary>Runs what is posted to it one after the other, so that what lives in it needs no locks.</summary>
sealed class SerialContext : SynchronizationContext, IAsyncDisposable
{
    readonly Channel<(SendOrPostCallback Work, object? State)> posted = Channel.CreateUnbounded<(
        SendOrPostCallback,
        object?
    )>(new UnboundedChannelOptions { SingleReader = true });
    readonly Task pump;

    public SerialContext() => pump = PumpAsync();

    public override void Post(SendOrPostCallback d, object? state) => posted.Writer.TryWrite((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("post to it; waiting for it would be a deadlock");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Takes nothing more; ends when what was posted is done.</summary>
    public async ValueTask DisposeAsync()
    {
        posted.Writer.TryComplete();
        if (Current != this)
            await pump;
    }

    async Task PumpAsync()
    {
        await foreach (var (work, state) in posted.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                work(state);
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
