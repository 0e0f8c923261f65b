using System.Globalization;
using Plimsoll.Engine;
using Plimsoll.Live;

namespace Plimsoll.Daemon;

/// <summary>What a run says, one line each: time, event, then keys and values.</summary>
/// <remarks>A decision that repeats the one before it of its instrument is counted, not said.</remarks>
sealed class RunLog(TextWriter output, bool sendsOrders)
{
    readonly Lock gate = new();
    readonly Dictionary<string, (Decided Last, int Repeats)> said = new(StringComparer.Ordinal);

    /// <summary>Says one thing.</summary>
    public void Say(DateTimeOffset at, string what, params ReadOnlySpan<(string Key, string Value)> values)
    {
        var line = new System.Text.StringBuilder();
        line.Append(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        line.Append(' ').Append(what);
        foreach (var (key, value) in values)
            line.Append(' ').Append(key).Append('=').Append(Quoted(value));
        lock (gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>Says what an event led to.</summary>
    public void Take(LoopNews news)
    {
        foreach (var effect in news.Effects)
            switch (effect)
            {
                case Decided decided when !Repeats(decided):
                    Say(
                        news.Next.At,
                        "decided",
                        ("instrument", decided.Instrument),
                        ("cause", decided.Cause),
                        ("held", Text(decided.Held)),
                        ("wanted", Text(decided.Wanted)),
                        ("order", Text(decided.Order)),
                        ("binding", decided.Binding)
                    );
                    break;
                case SendOrder send when sendsOrders || IsNew(send.Order.Instrument):
                    Say(
                        news.Next.At,
                        sendsOrders ? "order" : "would-order",
                        ("label", send.Order.Label),
                        ("side", send.Order.Side == Markets.Side.Buy ? "buy" : "sell"),
                        ("contracts", Text(send.Order.Contracts)),
                        ("price", Text(send.Order.LimitPrice)),
                        ("reduce_only", send.Order.ReduceOnly ? "true" : "false")
                    );
                    break;
                case EditOrder edit when sendsOrders:
                    Say(
                        news.Next.At,
                        "order-changed",
                        ("label", edit.Order.Label),
                        ("contracts", Text(edit.Order.Contracts)),
                        ("price", Text(edit.Order.LimitPrice))
                    );
                    break;
                case ModeChanged changed:
                    Say(
                        news.Next.At,
                        "mode",
                        ("before", $"{changed.Before}"),
                        ("after", $"{changed.After}"),
                        ("cause", changed.Cause)
                    );
                    break;
                case Alert alert:
                    Say(news.Next.At, "alert", ("code", alert.Code), ("words", alert.Words));
                    break;
                case CancelAll all:
                    Say(news.Next.At, sendsOrders ? "cancel-all" : "would-cancel-all", ("why", all.Why));
                    break;
                case Solve solve:
                    Say(news.Next.At, "solve", ("event", $"{news.Next.Sequence}"), ("why", solve.Why));
                    break;
            }
    }

    bool IsNew(string instrument) => !said.TryGetValue(instrument, out var one) || one.Repeats == 0;

    // In shadow the same order comes again as long as its gap is open.
    bool Repeats(Decided decided)
    {
        bool again =
            said.TryGetValue(decided.Instrument, out var before)
            && before.Last with { Order = decided.Order } == decided
            && Math.Sign(before.Last.Order) == Math.Sign(decided.Order);
        said[decided.Instrument] = (decided, again ? before.Repeats + 1 : 0);
        return again;
    }

    static string Text(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    static string Quoted(string value) =>
        value.Length > 0 && value.All(letter => letter is > ' ' and not '"' and not '=' and < (char)127)
            ? value
            : $"\"{value.Replace("\\", "\\\\").Replace("\"", "\\\"").ReplaceLineEndings(" ")}\"";
}
