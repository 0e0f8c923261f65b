using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Reports;

/// <summary>
/// The answer of <c>risk --json</c>; every key is described in docs/commands.md, and a test compares the two.
/// </summary>
public static class RiskJson
{
    /// <summary>The report as text.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="market">The market that it was made in.</param>
    public static string Write(RiskReport report, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(market);
        var view = report.After ?? report.Before;
        return JsonAnswer.Write(json =>
        {
            json.Text("status", Status(view));
            json.Instant("as_of", report.AsOf);
            json.Text("market", market.Source);
            json.Number("equity", view?.Equity);
            json.Text("currency", report.Home.Code);
            json.Number("horizon_days", report.Horizon.Days);
            json.Number("effective_sample", report.EffectiveSample);
            DecisionJson.WriteFigures(json, "before", report.Before?.Figures ?? []);
            DecisionJson.WriteFigures(json, "after", report.After?.Figures ?? []);
            DecisionJson.WriteLegend(json, view?.Figures ?? []);
            json.Objects("grids", view?.Grids ?? [], grid => WriteGrid(json, grid));
            json.Objects("exits", view?.Exit ?? [], exit => WriteExit(json, exit));
            json.Objects("distances", view?.Distances ?? [], account => DistanceJson.Write(json, account));
            json.Texts("missing", report.Missing);
            DecisionJson.WriteNotes(json, market.Repairs, report.Assumptions, report.Warnings);
        });
    }

    static string Status(RiskView? view) =>
        view is null ? "undetermined"
        : view.Pools.Any(pool => pool.IsShort) ? "short_of_margin"
        : "ok";

    static void WriteGrid(JsonAnswer json, SpotVolatilityGrid grid)
    {
        json.Text("underlying", grid.Underlying);
        var cells =
            from row in Enumerable.Range(0, grid.SpotMoves.Length)
            from column in Enumerable.Range(0, grid.VolatilityMoves.Length)
            select (row, column);
        json.Objects(
            "cells",
            cells,
            cell =>
            {
                json.Number("spot_move", grid.SpotMoves[cell.row]);
                json.Number("volatility_move", grid.VolatilityMoves[cell.column]);
                json.Number("gain", grid.GainHome[cell.row, cell.column]);
                json.Number("positions_gain", grid.PositionGainHome[cell.row, cell.column]);
                json.Number("positions_gain_coin", grid.PositionGainCoin[cell.row, cell.column]);
            }
        );
    }

    static void WriteExit(JsonAnswer json, ExitEstimate exit)
    {
        json.Text("instrument", exit.Instrument);
        json.Number("contracts", exit.Contracts);
        json.Number("half_spread", exit.HalfSpread);
        json.Number("fee", exit.Fee);
        json.Number("impact", exit.Impact);
        json.Number("days", exit.Days);
    }
}
