using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plimsoll.Backtest;

namespace Plimsoll.Storage;

/// <summary>Names a walk by everything that its answer depends on; a checkpoint goes on only in its own walk.</summary>
public static class WalkFingerprint
{
    /// <summary>Hash of the records' times and bars, of the request and of the files that it was read from.</summary>
    /// <param name="timeline">Records.</param>
    /// <param name="request">What to do.</param>
    /// <param name="texts">Account, mandate and views as they were written.</param>
    public static string Of(IMarketTimeline timeline, BacktestRequest request, params IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        ArgumentNullException.ThrowIfNull(request);
        var text = new StringBuilder();
        void Add(string part) => text.Append(part).Append('\n');
        void Number(double value) => Add(value.ToString("R", CultureInfo.InvariantCulture));
        Add(timeline.Source);
        foreach (var time in timeline.Times)
            Add(time.UtcTicks.ToString(CultureInfo.InvariantCulture));
        foreach (var history in timeline.Histories)
        {
            Add(history.Underlying);
            Number(history.Bars.Length);
            Number(history.Bars.Sum(bar => bar.Close));
        }
        foreach (var method in request.Methods)
            Add(method.Name);
        foreach (double value in new double[] { request.Every.Ticks, request.Scenarios, request.Seed })
            Number(value);
        Add(request.Venue.ToString());
        Add(request.SweepsGains ? "sweep" : "");
        foreach (var subaccount in request.Account.Subaccounts)
            Add(subaccount.MarginParameters?.Text ?? "");
        foreach (string part in texts)
            Add(part);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
