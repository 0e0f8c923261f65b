using Plimsoll.Markets;
using Plimsoll.Sizing;
using Spectre.Console;

namespace Plimsoll.Reports;

/// <summary>One sized trade for people.</summary>
public static class SingleTradeTables
{
    /// <summary>Writes the whole page.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="trade">What to write.</param>
    /// <param name="market">The market that it was sized in.</param>
    public static void Write(IAnsiConsole console, SingleTrade trade, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(trade);
        ArgumentNullException.ThrowIfNull(market);
        string side = trade.Side == Side.Buy ? "buy" : "sell";
        string currency = trade.Currency.Code;
        ReportPage.Line(console, Headline(trade, side), HeadlineStyle(trade.Status));
        ReportPage.Line(
            console,
            $"equity {Figures.Amount(trade.Equity)} {currency}, {Figures.Instant(market.AsOf)}, {market.Source}"
        );
        if (trade.Status != DecisionStatus.Undetermined)
        {
            var table = new ReportTable("figure", "#value", "unit");
            table.Add("budget: what may be lost at the stop", Figures.Amount(trade.Budget), currency);
            table.Add("loss at the stop with costs", Figures.Amount(trade.LossAtStop), currency);
            table.Add("loss of one contract there", Figures.Amount(trade.LossPerContract), currency);
            table.Add("contracts that the budget alone allows", Figures.Amount(trade.BudgetContracts), "");
            table.Add("contracts to trade", Figures.Exact(trade.Contracts), "");
            ReportPage.Section(console, "Why", table);
            ReportPage.Paragraph(console, $"the loss is reckoned at {trade.Stop}; what binds: {trade.Binding}");
        }
        ReportPage.Missing(console, trade.Missing);
        ReportPage.List(console, "Assumptions used", trade.Assumptions);
        ReportPage.List(console, "Warnings", trade.Warnings, ReportPage.Attention);
    }

    static string Headline(SingleTrade trade, string side) =>
        trade.Status switch
        {
            DecisionStatus.Sized => $"{side} {Figures.Exact(trade.OrderAmount)} {trade.OrderAmountUnit} of "
                + $"{trade.Instrument} ({Figures.Exact(trade.Contracts)} contracts), "
                + $"limit price {Figures.Exact(trade.Price)}",
            DecisionStatus.Infeasible =>
                $"no trade: not one order of {trade.Instrument} fits; what binds: {trade.Binding}",
            _ => $"undetermined: {trade.Instrument} cannot be sized",
        };

    static Style HeadlineStyle(DecisionStatus status) =>
        status switch
        {
            DecisionStatus.Sized => ReportPage.Good,
            DecisionStatus.Infeasible => ReportPage.Bad,
            _ => ReportPage.Attention,
        };
}
