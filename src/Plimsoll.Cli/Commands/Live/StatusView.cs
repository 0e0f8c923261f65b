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
        Row("equity", $"{Number(status, "equity_usd")} USD, {Percent(status, "drawdown")} under its high");
        Row(
            "margin",
            $"initial {Number(status, "initial_margin_usd")}, "
                + $"maintenance {Number(status, "maintenance_margin_usd")} USD, ratio {Percent(status, "margin_ratio")}"
        );
        Row("as of", $"{Text("at")}, event {Text("sequence")}");
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
        return new Rows(head, positions);
    }

    static bool Is(JsonElement row, string name) => row.GetProperty(name).ValueKind == JsonValueKind.True;

    static string Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDecimal().ToString("#,0.########", CultureInfo.InvariantCulture)
            : "";

    static string Percent(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
            ? value.GetDecimal().ToString("0.0%", CultureInfo.InvariantCulture)
            : "not known";
}
