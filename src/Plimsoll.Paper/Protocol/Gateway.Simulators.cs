using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Margin;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    const string Cross = "CROSS";

    IEnumerable<RpcMethod> SimulatorMethods() =>
        [Reading("private/simulate_portfolio", SimulatePortfolio), Reading("private/pme/simulate", SimulateMatrix)];

    /// <summary>
    /// The wallet with positions added to those held, or in place of them: dollars of inverse futures.
    /// </summary>
    JsonNode SimulatePortfolio(RpcCall call)
    {
        var sizes = Sizes(call, (_, size) => size);
        return WireAccount.Summary(venue, venue.Simulate(call.Account, CurrencyOf(call), sizes), sizes);
    }

    /// <summary>
    /// The risk matrix of portfolio margin, whatever the account is margined by; everything in coins.
    /// </summary>
    /// <remarks>
    /// Shaped as the recorded answers of 2024-06-17 and 2026-02-15, without the vectors of single instruments.
    /// <c>margins</c> of <c>CROSS</c> stands under <c>usd</c>, which no recorded answer shows.
    /// </remarks>
    JsonNode SimulateMatrix(RpcCall call)
    {
        string currency = call.Parameters.Text("currency");
        bool isCross = currency == Cross;
        var sizes = Sizes(call, (book, coins) => Payoff.IsReciprocal(book.Instrument) ? coins * book.Mark : coins)
            .Where(row => row.Value != 0 && (isCross || row.Key.Currency.Code == currency))
            .OrderBy(row => row.Key.Name, StringComparer.Ordinal)
            .ToList();
        var model = DeribitPortfolioMargin.Shipped;
        var statement = model.Assess(Portfolio(call.Account, sizes, currency, isCross));
        if (!statement.IsDetermined)
            throw RpcRefusal.Bad("currency", statement.Missing[0]);
        var pool =
            statement.Pools.FirstOrDefault(own => isCross || own.Currency.Code == currency)
            ?? throw RpcRefusal.Bad("currency", "must be a currency of the account, or CROSS");
        var underlyings = sizes.Select(row => row.Key.Instrument.Underlying).Distinct(StringComparer.Ordinal);
        return new JsonObject
        {
            ["model_params"] = new JsonObject
            {
                ["general"] = new JsonObject
                {
                    ["mm_factor"] = model.Parameters.MaintenanceFactor,
                    ["buckets_count"] = model.Parameters.BucketsPerSide,
                    ["timestamp"] = venue.NowMs,
                },
            },
            ["aggregated_risk_vectors"] = Named(pool.Grids, grid => Vectors(grid), grid => Pair(grid.Unit)),
            ["margins"] = new JsonObject { [pool.Currency.Code.ToLowerInvariant()] = Margins(pool) },
            ["portfolio"] = new JsonObject
            {
                ["currency"] = new JsonObject(),
                ["position"] = Named(
                    sizes,
                    row => Wire.Number(WireAccount.Coins(row.Key, row.Value), 9),
                    row => row.Key.Name
                ),
            },
            ["index_price"] = Named(
                underlyings,
                coin => Wire.Number(sizes.First(row => row.Key.Instrument.Underlying == coin).Key.IndexUsd),
                coin => $"{coin.ToLowerInvariant()}_usd"
            ),
            ["ticker"] = Named(
                sizes,
                row => new JsonObject
                {
                    ["mark_price"] = Wire.Number(row.Key.Mark),
                    ["index_price"] = Wire.Number(row.Key.IndexUsd),
                },
                row => row.Key.Name
            ),
        };
    }

    /// <summary>Order amounts by book: those that are asked about, and those held unless they are replaced.</summary>
    Dictionary<ListedInstrument, decimal> Sizes(RpcCall call, Func<ListedInstrument, decimal, decimal> amountOf)
    {
        var sizes = new Dictionary<ListedInstrument, decimal>();
        if (call.Parameters.Flag("add_positions") ?? true)
            foreach (var held in call.Account.Positions.Values)
                sizes[held.Listed] = held.Size;
        foreach (var (name, size) in call.Parameters.Numbers("simulated_positions"))
        {
            var book = Book(name);
            sizes[book] = sizes.GetValueOrDefault(book) + amountOf(book, size);
        }
        return sizes;
    }

    MarginPortfolio Portfolio(
        PaperAccount account,
        List<KeyValuePair<ListedInstrument, decimal>> sizes,
        string currency,
        bool isCross
    ) =>
        new()
        {
            Name = account.Name,
            IsCross = isCross,
            Positions =
            [
                .. sizes.Select(row => new MarginPosition(row.Key.Instrument, (double)row.Key.Contracts(row.Value))),
            ],
            Balances =
            [
                .. Venue
                    .Currencies(account)
                    .Where(own => isCross || own.Code == currency)
                    .Select(own => new CollateralBalance(own, (double)venue.Wallet(account, own).Balance)),
            ],
            Market = new MarginMarket
            {
                AsOf = DateTimeOffset.FromUnixTimeMilliseconds(venue.NowMs),
                IndexUsd = venue
                    .Listed.Values.GroupBy(book => book.Instrument.Underlying, StringComparer.Ordinal)
                    .ToImmutableDictionary(coin => coin.Key, coin => (double)coin.First().IndexUsd)
                    .Add("USDC", 1),
                Quotes = sizes.ToImmutableDictionary(
                    row => row.Key.Name,
                    row => new MarginQuote(
                        (double)row.Key.UnderlyingUsd,
                        (double)row.Key.Mark,
                        row.Key.MarkVolatility > 0 ? row.Key.MarkVolatility : null
                    )
                ),
            },
        };

    static JsonObject Margins(PoolStatement pool)
    {
        double Charge(string name) => pool.Charges.Where(charge => charge.Name == name).Sum(charge => charge.Initial);
        return new JsonObject
        {
            ["initial_margin"] = Wire.Real(pool.Initial, 9),
            ["maintenance_margin"] = Wire.Real(pool.Maintenance, 12),
            ["initial_margin_details"] = new JsonObject
            {
                ["risk_matrix_margin"] = Wire.Real(pool.Initial, 12),
                ["spot_margin"] = 0,
                ["mmp_margin"] = 0,
                ["open_orders_margin"] = 0,
                ["risk_matrix_margin_details"] = new JsonObject
                {
                    ["worst_case"] = Wire.Real(Charge("worst-scenario"), 12),
                    ["roll_shock"] = Wire.Real(Charge("roll-shock"), 12),
                    ["delta_shock"] = Wire.Real(Charge("delta-shock"), 12),
                    ["correlation_contingency"] = 0,
                },
            },
        };
    }

    static JsonObject Vectors(MarginGrid grid) =>
        new()
        {
            ["standard"] = Wire.List(
                grid.Cells.Where(cell => !cell.IsExtended).Select(cell => Wire.Real(cell.Gain, 12))
            ),
            ["extended"] = Wire.List(
                grid.Cells.Where(cell => cell.IsExtended).Select(cell => Wire.Real(cell.Gain, 12))
            ),
        };

    // BTC: coin for coin, as the venue writes btc_btc; linear pairs as btc_usdc.
    static string Pair(string unit) =>
        (unit.Contains('_', StringComparison.Ordinal) ? unit : $"{unit}_{unit}").ToLowerInvariant();

    static JsonObject Named<T>(IEnumerable<T> rows, Func<T, JsonNode?> value, Func<T, string> name)
    {
        var made = new JsonObject();
        foreach (var row in rows)
            made[name(row)] = value(row);
        return made;
    }
}
