using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Reports;

/// <summary>The answer of <c>size INSTRUMENT buy|sell --json</c>; every key is described in docs/commands.md.</summary>
public static class SingleTradeJson
{
    /// <summary>The trade as text.</summary>
    /// <param name="trade">What to write.</param>
    /// <param name="market">The market that it was sized in.</param>
    public static string Write(SingleTrade trade, MarketSnapshot market)
    {
        ArgumentNullException.ThrowIfNull(trade);
        ArgumentNullException.ThrowIfNull(market);
        return JsonAnswer.Write(json =>
        {
            json.Text("status", DecisionJson.Status(trade.Status));
            json.Instant("as_of", market.AsOf);
            json.Text("market", market.Source);
            json.Number("equity", trade.Equity);
            json.Text("currency", trade.Currency.Code);
            json.Text("instrument", trade.Instrument);
            json.Text("side", trade.Side == Side.Buy ? "buy" : "sell");
            json.Number("contracts", trade.Contracts);
            json.Number("order_amount", trade.OrderAmount);
            json.Text("order_amount_unit", trade.OrderAmountUnit);
            json.Number("price", trade.Price);
            json.Number("budget", trade.Budget);
            json.Number("loss_at_stop", trade.LossAtStop);
            json.Number("loss_per_contract", trade.LossPerContract);
            json.Number("budget_contracts", trade.BudgetContracts);
            json.Text("stop", trade.Stop);
            json.Text("binding", trade.Binding);
            json.Texts("missing", trade.Missing);
            DecisionJson.WriteNotes(json, market.Repairs, trade.Assumptions, trade.Warnings);
        });
    }
}
