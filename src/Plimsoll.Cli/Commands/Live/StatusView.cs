using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Plimsoll.Cli;

/// <summary>How a run stands, for people.</summary>
static class StatusView
{
    public static IRenderable Of(JsonElement status)
    {
        string Text(string name) => status.GetProperty(name).ToString();
        var head = new Grid().AddColumn().AddColumn();
        void Row(string name, string value) => head.AddRow(new Text(name), new Text(value));
        Row("account", $"{Text("account")} at {Text("venue")}, {(Is(status, "sends_orders") ? "live" : "shadow")}");
        Row("mode", $"{Text("mode")}: {Text("cause")}{(Is(status, "armed") ? "" : " (not armed)")}");
        Row("blocks", Text("blocks"));
        Row("equity", $"{Usd(status, "equity_usd")} USD, {Percent(status, "drawdown")} under its high");
        Row(
            "margin",
            $"initial {Usd(status, "initial_margin_usd")}, "
                + $"maintenance {Usd(status, "maintenance_margin_usd")} USD, ratio {Percent(status, "margin_ratio")}"
        );
        Row("margin model", Checked(status.GetProperty("margin_error")));
        var at = status.GetProperty("at").GetDateTimeOffset().UtcDateTime;
        Row(
            "as of",
            $"{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, event {Text("sequence")}"
        );
        var positions = new Table().AddColumns("instrument", "held", "target", "mark", "held back by");
        foreach (int column in (int[])[1, 2, 3])
            positions.Columns[column].RightAligned();
        foreach (var row in status.GetProperty("positions").EnumerateArray())
            positions.AddRow(
                new Text(row.GetProperty("instrument").ToString()),
                new Text(Number(row, "contracts")),
                new Text(Number(row, "target")),
                new Text(Number(row, "mark")),
                new Text(row.GetProperty("binding").ToString())
            );
        var surface = new Table().AddColumns("coin", "delta USD", "gamma 1%", "vega 1 pt", "volatility", "of targets");
        foreach (int column in (int[])[1, 2, 3, 4, 5])
            surface.Columns[column].RightAligned();
        foreach (var row in status.GetProperty("surface").EnumerateArray())
            surface.AddRow(
                new Text(row.GetProperty("underlying").ToString()),
                new Text(Usd(row, "delta_usd")),
                new Text(Usd(row, "gamma_1pct_usd")),
                new Text(Usd(row, "vega_1pt_usd")),
                new Text(Percent(row, "volatility_annual")),
                new Text($"{Percent(row, "scale")} {row.GetProperty("scale_cause")}".TrimEnd())
            );
        return new Rows(head, surface, positions);
    }

    /// <summary>What the venue's simulator showed of the margin model.</summary>
    static string Checked(JsonElement error)
    {
        string trouble = error.GetProperty("trouble").ToString();
        if (error.GetProperty("compared_at").ValueKind == JsonValueKind.Null)
            return trouble.Length > 0 ? $"not compared with the venue: {trouble}" : "not compared with the venue yet";
        var words = error
            .GetProperty("widening")
            .EnumerateObject()
            .Select(of =>
                of.Value.ValueKind == JsonValueKind.Null
                    ? $"{of.Name} asks nothing where the venue asks something"
                    : $"{of.Name} widened by {of.Value.GetDecimal().ToString("0.####%", CultureInfo.InvariantCulture)}"
            );
        string at = error
            .GetProperty("compared_at")
            .GetDateTimeOffset()
            .UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        string line = $"{string.Join(", ", words)}, by the venue's simulator at {at}";
        return trouble.Length > 0 ? $"{line}; since then: {trouble}" : line;
    }

    static bool Is(JsonElement row, string name) => row.GetProperty(name).ValueKind == JsonValueKind.True;

    static string Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDecimal().ToString("#,0.########", CultureInfo.InvariantCulture)
            : "";

    static string Usd(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDecimal().ToString("#,0.00", CultureInfo.InvariantCulture)
            : "not known";

    static string Percent(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDecimal().ToString("0.0%", CultureInfo.InvariantCulture)
            : "not known";
}
