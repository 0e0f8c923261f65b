using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The mandate of a walk-forward that is given none: the built-in limits and one plain belief.</summary>
public static class BacktestMandate
{
    /// <summary>Its text, TOML; it also stands in <c>examples/</c>.</summary>
    public static string Text => EmbeddedFile.Text("embedded/backtest-mandate.toml");

    /// <summary>The mandate.</summary>
    public static Mandate Shipped() => MandateFile.Parse(Text, "built-in backtest mandate").Value;
}
