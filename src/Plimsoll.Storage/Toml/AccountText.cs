using System.Globalization;
using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Text of an account; <see cref="AccountFile"/> reads the same account again.</summary>
public static class AccountText
{
    /// <summary>The account as TOML.</summary>
    public static string Write(Account account)
    {
        var text = new StringBuilder();
        if (account.HomeCurrency is { } home)
            Line(text, "home-currency", Quoted(home.Code));
        if (account.HighWaterMark is { } mark)
            Line(text, "high-water-mark", Number(mark));
        foreach (var sub in account.Subaccounts)
        {
            text.Append("\n[[subaccount]]\n");
            Line(text, "name", Quoted(sub.Name));
            Line(text, "venue", Quoted(sub.Venue));
            Line(text, "margin-mode", Quoted(Mode(sub.MarginMode)));
            if (sub.MarginModel is { } model)
                Line(text, "margin-model", Quoted(model));
            if (sub.MarginParameters is { } parameters)
                Line(text, "margin-parameters", Quoted(parameters.Name));
            var balances = sub.Balances.Select(balance => $"{balance.Currency.Code} = {Number(balance.Amount)}");
            Line(text, "balances", $"{{ {string.Join(", ", balances)} }}");
            foreach (var position in sub.Positions)
                Write(text, position);
            foreach (var order in sub.OpenOrders)
                Write(text, order);
        }
        return text.ToString().TrimStart('\n');
    }

    static void Write(StringBuilder text, Position position)
    {
        text.Append("\n[[subaccount.positions]]\n");
        Line(text, "instrument", Quoted(position.Instrument));
        Line(text, "contracts", Number(position.Contracts));
        if (position.EntryPrice is { } entry)
            Line(text, "entry-price", Number(entry));
        if (position.Leverage is { } leverage)
            Line(text, "leverage", Number(leverage));
        if (position.IsolatedMargin is { } isolated)
            Line(text, "isolated-margin", Number(isolated));
    }

    static void Write(StringBuilder text, OpenOrder order)
    {
        text.Append("\n[[subaccount.open-orders]]\n");
        Line(text, "id", Quoted(order.Id));
        Line(text, "instrument", Quoted(order.Instrument));
        Line(text, "side", Quoted(order.Side == Side.Buy ? "buy" : "sell"));
        Line(text, "contracts", Number(order.Contracts));
        Line(text, "limit-price", Number(order.LimitPrice));
        Line(text, "reduce-only", order.ReduceOnly ? "true" : "false");
    }

    static void Line(StringBuilder text, string key, string value) =>
        text.Append(key).Append(" = ").Append(value).Append('\n');

    static string Mode(MarginMode mode) =>
        mode switch
        {
            MarginMode.SegregatedStandard => "segregated_sm",
            MarginMode.SegregatedPortfolio => "segregated_pm",
            MarginMode.CrossStandard => "cross_sm",
            _ => "cross_pm",
        };

    static string Number(decimal number) =>
        number.ToString("0.############################", CultureInfo.InvariantCulture);

    static string Quoted(string text) =>
        "\""
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        + "\"";
}
