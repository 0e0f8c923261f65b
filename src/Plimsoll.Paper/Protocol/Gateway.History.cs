using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    IEnumerable<RpcMethod> HistoryMethods() =>
        [
            new("public/get_tradingview_chart_data", RateClass.NonMatching, Chart),
            new("public/get_funding_rate_value", RateClass.NonMatching, FundingValue),
            new("public/get_funding_rate_history", RateClass.NonMatching, FundingHistory),
            new("public/get_funding_chart_data", RateClass.NonMatching, FundingChart),
            new("public/get_delivery_prices", RateClass.NonMatching, DeliveryPrices),
            new("public/get_historical_volatility", RateClass.NonMatching, HistoricalVolatility),
            new("public/get_last_settlements_by_instrument", RateClass.NonMatching, LastSettlements),
            new("public/get_last_settlements_by_currency", RateClass.NonMatching, LastSettlements),
        ];

    JsonNode Chart(RpcCall call)
    {
        string resolution = call.Parameters.Text("resolution");
        long minutes = Bars.Minutes(resolution) ?? throw RpcRefusal.Bad("resolution", "unknown resolution");
        return Bars.Chart(
            Book(call),
            (long)call.Parameters.Number("start_timestamp"),
            Math.Min((long)call.Parameters.Number("end_timestamp"), venue.NowMs),
            minutes
        );
    }

    JsonNode FundingValue(RpcCall call) =>
        Wire.Number(
            Book(call)
                .Funding.Sum(
                    (long)call.Parameters.Number("start_timestamp"),
                    (long)call.Parameters.Number("end_timestamp")
                ),
            12
        );

    JsonNode FundingHistory(RpcCall call)
    {
        var within = Window<FundingHour>(call.Parameters, hour => hour.AtMs, _ => 0);
        var hours = Book(call).Funding.Hours;
        return Wire.List(
            hours
                .Select((hour, i) => (hour, Eight: hours.Skip(Math.Max(0, i - 7)).Take(Math.Min(8, i + 1))))
                .Where(row => within(row.hour))
                .Select(row =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["timestamp"] = row.hour.AtMs,
                            ["index_price"] = Wire.Number(row.hour.IndexUsd),
                            ["prev_index_price"] = Wire.Number(row.hour.PreviousIndexUsd),
                            ["interest_1h"] = Wire.Number(row.hour.Interest1h, 12),
                            ["interest_8h"] = Wire.Number(row.Eight.Sum(hour => hour.Interest1h), 12),
                        }
                )
        );
    }

    JsonNode FundingChart(RpcCall call)
    {
        var book = Book(call);
        call.Parameters.Text("length");
        return new JsonObject
        {
            ["current_interest"] = Wire.Number(book.FundingRate8h),
            ["interest_8h"] = Wire.Number(book.Funding.Sum(venue.NowMs - 28_800_000, venue.NowMs), 12),
            ["data"] = Wire.List(
                book.Funding.Hours.TakeLast(24)
                    .Select(hour =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["timestamp"] = hour.AtMs,
                                ["index_price"] = Wire.Number(hour.IndexUsd),
                                ["interest_8h"] = Wire.Number(hour.Interest1h * 8, 12),
                            }
                    )
            ),
        };
    }

    JsonNode DeliveryPrices(RpcCall call)
    {
        string name = call.Parameters.Text("index_name");
        var rows = venue
            .Listed.Values.Where(book => book.IndexName == name && book.DeliveryPrice is not null)
            .GroupBy(book => book.ExpiryMs!.Value)
            .OrderByDescending(day => day.Key)
            .Select(day => (Date: DateTimeOffset.FromUnixTimeMilliseconds(day.Key), day.First().DeliveryPrice))
            .ToList();
        int offset = (int)Math.Clamp(call.Parameters.Whole("offset") ?? 0, 0, int.MaxValue);
        int count = (int)Math.Clamp(call.Parameters.Whole("count") ?? 10, 1, MostTrades);
        return new JsonObject
        {
            ["records_total"] = rows.Count,
            ["data"] = Wire.List(
                rows.Skip(offset)
                    .Take(count)
                    .Select(row =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["date"] = row.Date.ToString(
                                    "yyyy-MM-dd",
                                    System.Globalization.CultureInfo.InvariantCulture
                                ),
                                ["delivery_price"] = Wire.Number(row.DeliveryPrice),
                            }
                    )
            ),
        };
    }

    /// <summary>Realised volatility a year, percent, of the index at the hours that the venue has seen.</summary>
    JsonNode HistoricalVolatility(RpcCall call)
    {
        string coin = call.Parameters.Text("currency");
        var hours = venue
            .Listed.Values.FirstOrDefault(book =>
                book.Instrument is PerpetualInstrument && book.Instrument.Underlying == coin
            )
            ?.Funding.Hours;
        return Wire.List(
            (hours ?? [])
                .Where(hour => hour.PreviousIndexUsd > 0)
                .Select(hour => new JsonArray(
                    hour.AtMs,
                    Wire.Real(
                        100 * Math.Sqrt(24 * 365) * Math.Abs(Math.Log((double)(hour.IndexUsd / hour.PreviousIndexUsd))),
                        4
                    )
                ))
        );
    }

    JsonNode LastSettlements(RpcCall call)
    {
        string? name = call.Parameters.OptionalText("instrument_name");
        return Settlements(call, venue.Accounts.SelectMany(account => account.Settlements), name);
    }

    static JsonObject Settlements(RpcCall call, IEnumerable<SettlementRow> rows, string? instrument)
    {
        string? type = call.Parameters.OptionalText("type");
        int count = (int)Math.Clamp(call.Parameters.Whole("count") ?? 20, 1, MostTrades);
        return new JsonObject
        {
            ["settlements"] = Wire.List(
                rows.Where(row =>
                        (type is null || row.Type == type) && (instrument is null || row.Instrument == instrument)
                    )
                    .Reverse()
                    .Take(count)
                    .Select(WireOrders.Settlement)
            ),
            ["continuation"] = null,
        };
    }
}
