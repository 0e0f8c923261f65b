using System.Globalization;
using System.Text;
using Plimsoll.Engine;
using Plimsoll.Live;

namespace Plimsoll.Daemon;

/// <summary>Metrics in Prometheus' text format 0.0.4; base units.</summary>
static class MetricsText
{
    const int Digits = 9;

    /// <summary>Content type.</summary>
    public const string Type = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All of them.</summary>
    public static string Write(RunPlan plan, RunStage stage)
    {
        var text = new StringBuilder();
        var (view, meters) = (stage.View, stage.Loop?.Meters ?? new LoopMeters());
        Gauge(
            text,
            "info",
            "The run.",
            1,
            $"account=\"{plan.Configuration.Account}\",venue=\"{plan.Options.Place.Name}\""
        );
        Gauge(text, "sends_orders", "1 when orders are sent, 0 in shadow.", plan.Options.SendsOrders ? 1 : 0);
        Head(text, "mode", "gauge", "1 for the mode that holds.");
        foreach (var mode in Enum.GetValues<EngineMode>())
            Row(text, "mode", stage.Loop is not null && view.Mode == mode ? 1 : 0, $"mode=\"{mode}\"");
        Row(text, "mode", stage.Loop is null ? 1 : 0, $"mode=\"{RunStage.Replaying}\"");
        if (view.EquityUsd is { } equity)
            Gauge(text, "equity_usd", "Equity of the account.", equity);
        Gauge(text, "initial_margin_usd", "Initial margin.", view.InitialMarginUsd);
        Gauge(text, "maintenance_margin_usd", "Maintenance margin.", view.MaintenanceMarginUsd);
        Head(text, "margin_widening_ratio", "gauge", "Most by which the venue's simulator was seen to ask more.");
        foreach (var (model, share) in view.MarginCheck.Widening)
            if (share is { } known)
                Row(text, "margin_widening_ratio", known, $"model=\"{model}\"");
        if (view.MarginCheck.ComparedAt is { } compared)
            Gauge(text, "margin_compared_seconds", "When that was last compared, since 1970.", Seconds(compared));
        Gauge(text, "high_water_usd", "Highest equity so far.", view.HighWaterUsd);
        Gauge(text, "drawdown_ratio", "Fall from the high-water mark.", view.Drawdown);
        Gauge(text, "keep_ratio", "Share of the risk limits that the drawdown keeps.", view.Keep);
        Gauge(text, "orders_alive", "Orders that may be alive.", view.Orders.Length);
        Gauge(text, "inbox_events", "Events that wait.", meters.Waiting);
        Gauge(text, "journal_records", "Records in the journal.", meters.Records);
        Coins(text, "delta_usd", "Gain per unit of simple return of the index.", view, coin => coin.DeltaUsd);
        Coins(text, "gamma_1pct_usd", "Change of the delta for a move of 1%.", view, coin => coin.Gamma1PctUsd);
        Coins(text, "vega_1pt_usd", "Gain for one point of implied volatility.", view, coin => coin.Vega1PtUsd);
        Coins(
            text,
            "surface_error_usd",
            "Gain since the last solve by its Greeks, less that by the venue's marks.",
            view,
            coin => coin.EstimatedGainUsd - coin.MarkedGainUsd
        );
        Coins(text, "volatility_annual_ratio", "Forecast of volatility a year.", view, coin => coin.Volatility);
        Coins(text, "target_scale_ratio", "Share of the coin's targets that is gone to.", view, coin => coin.Scale);
        Head(text, "position_contracts", "gauge", "Contracts held, signed.");
        foreach (var own in view.Instruments.Where(own => own.Position != 0))
            Row(text, "position_contracts", own.Position, $"instrument=\"{own.Terms.Name}\"");
        Counter(text, "tickers_replaced_total", "Tickers replaced by newer ones before they were applied.");
        Row(text, "tickers_replaced_total", meters.Replaced);
        Counts(text, "events_total", "Events applied.", "kind", meters.Events);
        Counts(text, "effects_total", "Effects asked for.", "kind", meters.Effects);
        Counts(text, "alerts_total", "Alerts raised.", "code", meters.Alerts);
        Histogram(text, "step_seconds", "Time of a step with its appends.", meters.Steps);
        Histogram(text, "flush_seconds", "Time until records are durable.", meters.Flushes);
        Histogram(text, "solve_seconds", "Time of a solve.", meters.Solves);
        return text.ToString();
    }

    static decimal Seconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000m;

    static void Coins(StringBuilder text, string name, string help, EngineView view, Func<CoinRisk, decimal?> figure)
    {
        Head(text, name, "gauge", help);
        foreach (var coin in view.Coins)
            if (figure(coin) is { } value)
                Row(text, name, value, $"underlying=\"{coin.Underlying}\"");
    }

    static void Counts(
        StringBuilder text,
        string name,
        string help,
        string label,
        IReadOnlyDictionary<string, long> counts
    )
    {
        Counter(text, name, help);
        foreach (var (key, count) in counts.OrderBy(one => one.Key, StringComparer.Ordinal))
            Row(text, name, count, $"{label}=\"{key}\"");
    }

    static void Histogram(StringBuilder text, string name, string help, DurationMeter meter)
    {
        Head(text, name, "histogram", help);
        var counts = meter.Cumulative;
        for (int i = 0; i < DurationMeter.Bounds.Count; i++)
            Row(
                text,
                $"{name}_bucket",
                counts[i],
                $"le=\"{((decimal)DurationMeter.Bounds[i]).ToString(CultureInfo.InvariantCulture)}\""
            );
        Row(text, $"{name}_bucket", counts[^1], "le=\"+Inf\"");
        Row(text, $"{name}_sum", (decimal)meter.SumSeconds);
        Row(text, $"{name}_count", counts[^1]);
    }

    static void Gauge(StringBuilder text, string name, string help, decimal value, string labels = "")
    {
        Head(text, name, "gauge", help);
        Row(text, name, value, labels);
    }

    static void Counter(StringBuilder text, string name, string help) => Head(text, name, "counter", help);

    static void Head(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP plimsoll_")
            .Append(name)
            .Append(' ')
            .Append(help)
            .Append('\n')
            .Append("# TYPE plimsoll_")
            .Append(name)
            .Append(' ')
            .Append(type)
            .Append('\n');

    static void Row(StringBuilder text, string name, decimal value, string labels = "")
    {
        text.Append("plimsoll_").Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Math.Round(value, Digits).ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
