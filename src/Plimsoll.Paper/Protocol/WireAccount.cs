using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Positions and account summaries as the API shows them.</summary>
static class WireAccount
{
    public static JsonObject Position(Venue venue, PaperAccount account, ListedInstrument book)
    {
        var held = account.Positions.GetValueOrDefault(book.Name) ?? new HeldPosition(book);
        held.AccrueFunding();
        var (initial, maintenance) = venue.PositionMargin(held);
        bool isOption = book.Instrument is OptionInstrument;
        decimal floating = held.Size == 0 || book.Mark == 0 ? 0 : held.SessionGain(book.Mark);
        if (isOption)
            floating = held.Size == 0 ? 0 : held.OpenGain(book.Mark);
        decimal realized = held.Realized + held.Funding;
        var row = new JsonObject
        {
            ["instrument_name"] = book.Name,
            ["kind"] = Wire.Kind(book),
            ["direction"] =
                held.Size > 0 ? "buy"
                : held.Size < 0 ? "sell"
                : "zero",
            ["size"] = Wire.Number(held.Size),
            ["average_price"] = Wire.Number(held.AveragePrice, 8),
            ["mark_price"] = Wire.Number(book.Mark),
            ["index_price"] = Wire.Number(book.IndexUsd),
            ["settlement_price"] = Wire.Number(book.SettlementPrice ?? held.AveragePrice, 8),
            ["floating_profit_loss"] = Wire.Number(floating, 8),
            ["realized_profit_loss"] = Wire.Number(realized, 8),
            ["total_profit_loss"] = Wire.Number(held.Size == 0 ? 0 : held.OpenGain(book.Mark), 8),
            ["initial_margin"] = Wire.Number(initial),
            ["maintenance_margin"] = Wire.Number(maintenance),
            ["delta"] = Delta(venue, held),
        };
        if (isOption)
        {
            AddGreeks(venue, held, row);
            decimal usd = book.Instrument.Shape == PayoffShape.Inverse ? book.IndexUsd : 1;
            row["average_price_usd"] = Wire.Number(held.AveragePrice * usd, 2);
            row["floating_profit_loss_usd"] = Wire.Number(floating * usd, 2);
        }
        else
        {
            row["size_currency"] = Wire.Number(Coins(held), 8);
            row["realized_funding"] = Wire.Number(held.Funding, 8);
            row["leverage"] = 50;
            row["interest_value"] = Wire.Number(book.Basis, 8);
            if (venue.LiquidationPrice(account, held) is { } price)
                row["estimated_liquidation_price"] = Wire.Number(price, 2);
        }
        return row;
    }

    public static JsonObject Summary(Venue venue, PaperAccount account, Currency currency, RateLimits? limits)
    {
        var held = account.Positions.Values.ToDictionary(position => position.Listed, position => position.Size);
        var row = Summary(venue, venue.Wallet(account, currency), held);
        if (limits is not null)
            AddExtended(account, limits, row);
        return row;
    }

    /// <summary>A wallet with the Greeks of positions, held or simulated.</summary>
    public static JsonObject Summary(
        Venue venue,
        WalletFigures wallet,
        IReadOnlyDictionary<ListedInstrument, decimal> sizes
    )
    {
        var currency = wallet.Currency;
        var totals = Totals.Of(venue, sizes, currency);
        decimal cash = Payoff.Rounded(currency, wallet.Balance);
        var row = new JsonObject
        {
            ["currency"] = currency.Code,
            ["balance"] = Wire.Number(cash),
            ["equity"] = Wire.Number(wallet.Equity, 8),
            ["margin_balance"] = Wire.Number(wallet.MarginBalance, 8),
            ["available_funds"] = Wire.Number(wallet.Available, 8),
            ["available_withdrawal_funds"] = Wire.Number(Math.Max(0, Math.Min(wallet.Available, cash)), 8),
            ["initial_margin"] = Wire.Number(wallet.Initial),
            ["maintenance_margin"] = Wire.Number(wallet.Maintenance),
            ["projected_initial_margin"] = Wire.Number(wallet.Initial),
            ["projected_maintenance_margin"] = Wire.Number(wallet.Maintenance),
            ["session_rpl"] = Wire.Number(wallet.FuturesRealized + wallet.OptionsRealized, 8),
            ["session_upl"] = Wire.Number(wallet.FuturesUnrealized + wallet.OptionsUnrealized, 8),
            ["total_pl"] = Wire.Number(
                wallet.FuturesRealized + wallet.FuturesUnrealized + wallet.OptionsRealized + wallet.OptionsUnrealized,
                8
            ),
            ["futures_session_rpl"] = Wire.Number(wallet.FuturesRealized, 8),
            ["futures_session_upl"] = Wire.Number(wallet.FuturesUnrealized, 8),
            ["futures_pl"] = Wire.Number(wallet.FuturesRealized + wallet.FuturesUnrealized, 8),
            ["options_session_rpl"] = Wire.Number(wallet.OptionsRealized, 8),
            ["options_session_upl"] = Wire.Number(wallet.OptionsUnrealized, 8),
            ["options_pl"] = Wire.Number(wallet.OptionsRealized + wallet.OptionsUnrealized, 8),
            ["options_value"] = Wire.Number(wallet.OptionsValue, 8),
            ["options_delta"] = Wire.Real(totals.OptionsDelta, 6),
            ["options_gamma"] = Wire.Real(totals.Gamma, 8),
            ["options_vega"] = Wire.Real(totals.Vega, 6),
            ["options_theta"] = Wire.Real(totals.Theta, 6),
            ["delta_total"] = Wire.Real(totals.Delta, 6),
            ["projected_delta_total"] = Wire.Real(totals.Delta, 6),
            ["fee_balance"] = 0,
            ["spot_reserve"] = 0,
            ["additional_reserve"] = 0,
            ["margin_model"] = "segregated_sm",
            ["portfolio_margining_enabled"] = false,
            ["cross_collateral_enabled"] = false,
        };
        return row;
    }

    /// <summary>Fields of a user that stand beside the wallets.</summary>
    public static void AddUser(PaperAccount account, JsonObject row)
    {
        row["id"] = account.Id;
        row["username"] = account.Name;
        row["system_name"] = account.Name;
        row["email"] = $"{account.Name}@paper.invalid";
        row["type"] = "main";
        row["login_enabled"] = true;
        row["security_keys_enabled"] = false;
        row["mmp_enabled"] = false;
        row["interuser_transfers_enabled"] = false;
        row["referrer_id"] = null;
        row["self_trading_reject_mode"] = Wire.Word(account.SelfTrade);
        row["self_trading_extended_to_subaccounts"] = false;
        row["block_rfq_self_match_prevention"] = true;
    }

    static void AddExtended(PaperAccount account, RateLimits limits, JsonObject row)
    {
        AddUser(account, row);
        static JsonObject Rate(CreditRule rule) =>
            new() { ["rate"] = Wire.Number(rule.Rate / rule.Cost), ["burst"] = Wire.Number(rule.Burst / rule.Cost) };
        row["limits"] = new JsonObject
        {
            ["limits_per_currency"] = false,
            ["non_matching_engine"] = Rate(limits.NonMatching),
            ["matching_engine"] = new JsonObject
            {
                ["trading"] = new JsonObject { ["total"] = Rate(limits.Matching) },
                ["cancel_all"] = Rate(limits.Matching),
            },
        };
        row["fees"] = new JsonArray();
        row["is_direct_access_allowed"] = false;
    }

    static JsonNode Delta(Venue venue, HeldPosition held) =>
        held.Listed.Instrument is OptionInstrument option
            ? Wire.Real((double)held.Size * WireMarket.Greeks(venue, held.Listed, option).Delta, 6)
            : Wire.Number(Coins(held), 8);

    static void AddGreeks(Venue venue, HeldPosition held, JsonObject row)
    {
        var greeks = WireMarket.Greeks(venue, held.Listed, (OptionInstrument)held.Listed.Instrument);
        double size = (double)held.Size;
        row["gamma"] = Wire.Real(size * greeks.GammaPerUsd, 8);
        row["vega"] = Wire.Real(size * greeks.VegaUsdPerVolPoint, 6);
        row["theta"] = Wire.Real(size * greeks.ThetaUsdPerDay, 6);
    }

    /// <summary>Coins that a future is worth at its mark.</summary>
    static decimal Coins(HeldPosition held) => Coins(held.Listed, held.Size);

    /// <summary>Coins of an order amount at the mark.</summary>
    public static decimal Coins(ListedInstrument book, decimal size) =>
        book.Mark == 0 ? 0
        : Payoff.IsReciprocal(book.Instrument) ? size / book.Mark
        : size;

    readonly record struct Totals(double Delta, double OptionsDelta, double Gamma, double Vega, double Theta)
    {
        public static Totals Of(Venue venue, IReadOnlyDictionary<ListedInstrument, decimal> sizes, Currency currency)
        {
            double delta = 0,
                options = 0,
                gamma = 0,
                vega = 0,
                theta = 0;
            foreach (var (book, amount) in sizes.OrderBy(row => row.Key.Name, StringComparer.Ordinal))
            {
                if (book.Currency != currency || amount == 0)
                    continue;
                if (book.Instrument is not OptionInstrument option)
                {
                    delta += (double)Coins(book, amount);
                    continue;
                }
                var greeks = WireMarket.Greeks(venue, book, option);
                double size = (double)amount;
                options += size * greeks.Delta;
                gamma += size * greeks.GammaPerUsd;
                vega += size * greeks.VegaUsdPerVolPoint;
                theta += size * greeks.ThetaUsdPerDay;
            }
            return new Totals(delta + options, options, gamma, vega, theta);
        }
    }
}
