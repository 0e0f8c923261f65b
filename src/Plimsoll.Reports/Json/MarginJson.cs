using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Reports;

/// <summary>
/// The answer of <c>margin --json</c>; every key is described in docs/commands.md, and a test compares the two.
/// </summary>
public static class MarginJson
{
    /// <summary>The report as text.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static string Write(MarginReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        return JsonAnswer.Write(json =>
        {
            json.Text("status", Status(report));
            json.Instant("as_of", report.AsOf);
            json.Text("market", market.Source);
            json.Objects("subaccounts", report.Subaccounts, row => WriteSubaccount(json, row));
            json.Objects("reconciliation", report.Errors, error => WriteError(json, error));
            DecisionJson.WriteNotes(json, market.Repairs, [], report.Warnings);
        });
    }

    static void WriteError(JsonAnswer json, MarginError error)
    {
        json.Text("model", error.Model);
        json.Text("pool", error.Pool);
        json.Text("currency", error.Currency.Code);
        json.Number("initial", error.Initial);
        json.Number("stated_initial", error.StatedInitial);
        json.Number("maintenance", error.Maintenance);
        json.Number("stated_maintenance", error.StatedMaintenance);
        json.Number("difference", double.IsFinite(error.Difference) ? error.Difference : null);
        json.Number("shortfall", double.IsFinite(error.Shortfall) ? error.Shortfall : null);
    }

    static string Status(MarginReport report) =>
        !report.IsDetermined ? "undetermined"
        : report.IsShort ? "short_of_margin"
        : "ok";

    static void WriteSubaccount(JsonAnswer json, SubaccountMargin row)
    {
        var note = row.Model.Note;
        json.Text("subaccount", row.Statement.Portfolio);
        json.Text("venue", row.Model.Venue);
        json.Text("model", row.Model.Key);
        json.Text("parameters_dated", note.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Text("parameters_source", note.Source);
        json.Objects(
            "parameters_parts",
            note.Parts,
            part =>
            {
                json.Text("part", part.Part);
                json.Text("dated", part.Dated.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                json.Text("source", part.Source);
            }
        );
        json.Flag("convex", row.Model.IsConvex);
        json.Objects("pools", row.Statement.Pools, pool => WritePool(json, pool));
        json.Objects("liquidation", row.Liquidation, step => WriteStep(json, step));
        json.Objects(
            "distances",
            row.Distance is { } distance ? [distance] : Array.Empty<AccountDistance>(),
            each => DistanceJson.Write(json, each)
        );
        json.Objects(
            "improvements",
            row.Improvement is { } improvement ? [improvement] : Array.Empty<MarginImprovement>(),
            each => ImprovementJson.Write(json, each)
        );
        json.Texts("missing", row.Statement.Missing);
        json.Texts("doubts", note.Doubts);
    }

    static void WriteStep(JsonAnswer json, PoolLadderStep of)
    {
        json.Text("pool", of.Pool);
        json.Flag("now", of.IsNow);
        DistanceJson.WriteStep(json, of.Step);
    }

    static void WritePool(JsonAnswer json, PoolStatement pool)
    {
        json.Text("pool", pool.Name);
        json.Text("currency", pool.Currency.Code);
        json.Number("unit_usd", pool.UnitUsd);
        json.Number("equity", pool.Equity);
        json.Number("balance", pool.Balance);
        json.Number("maintenance_balance", pool.MaintenanceBalance);
        json.Number("initial_margin", pool.Initial);
        json.Number("maintenance_margin", pool.Maintenance);
        json.Number("available", pool.Available);
        json.Number("maintenance_ratio", pool.MaintenanceRatio);
        json.Objects(
            "charges",
            pool.Charges,
            charge =>
            {
                json.Text("unit", charge.Unit);
                json.Text("charge", charge.Name);
                json.Number("initial", charge.Initial);
                json.Number("maintenance", charge.Maintenance);
            }
        );
        json.Objects("grids", pool.Grids, grid => WriteGrid(json, grid));
    }

    static void WriteGrid(JsonAnswer json, MarginGrid grid)
    {
        json.Text("unit", grid.Unit);
        json.Text("worst", grid.Worst is { } worst ? grid.Cells[worst].Name : null);
        json.Objects(
            "cells",
            grid.Cells,
            cell =>
            {
                json.Text("scenario", cell.Name);
                json.Number("price_move", cell.PriceMove);
                json.Text("volatility", cell.VolatilityMove.ToString().ToLowerInvariant());
                json.Number("gain", cell.Gain);
                json.Number("raw_gain", cell.RawGain);
                json.Flag("extended", cell.IsExtended);
            }
        );
    }
}
