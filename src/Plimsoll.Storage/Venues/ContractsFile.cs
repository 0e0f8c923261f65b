using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Contract terms as they stand in <c>data/venues/*/contracts.json</c>.</summary>
public static class ContractsFile
{
    static readonly Lazy<VenueContracts> deribit = new(() => Parse(EmbeddedFile.Text("venues/deribit/contracts.json")));

    /// <summary>Deribit's terms as embedded in the program.</summary>
    public static VenueContracts Deribit => deribit.Value;

    static VenueContracts Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var file = new ShippedJson(document.RootElement, "venue", "dated", "source", "fees_source", "note", "products");
        string venue = file.Text("venue");
        return new(venue, file.Day("dated"), file.Text("source"), file.List("products", row => Terms(row, venue)));
    }

    static ContractTerms Terms(JsonElement element, string venue)
    {
        var row = new ShippedJson(
            element,
            "product",
            "kind",
            "underlying",
            "shape",
            "settlement",
            "contract_size",
            "lot_contracts",
            "minimum_order_contracts",
            "tick_size",
            "tick_size_steps",
            "order_amount_per_contract",
            "order_amount_unit",
            "fees"
        );
        var fees = new ShippedJson(row["fees"], "maker", "taker", "delivery", "option_price_cap");
        return new(
            row.Text("product"),
            Word<ContractKind>(row.Text("kind")),
            new SpotInstrument
            {
                Name = row.Text("product"),
                Venue = venue,
                Underlying = row.Text("underlying"),
                Shape = Word<PayoffShape>(row.Text("shape")),
                Settlement = new Currency(row.Text("settlement")),
                ContractSize = row.Exact("contract_size"),
                LotContracts = row.Exact("lot_contracts"),
                MinimumOrderContracts = row.Exact("minimum_order_contracts"),
                Ticks = new(row.Exact("tick_size"), row.List("tick_size_steps", Step)),
                Fees = new(
                    fees.Exact("maker"),
                    fees.Exact("taker"),
                    fees.Exact("delivery"),
                    fees.OptionalExact("option_price_cap")
                ),
                OrderAmountPerContract = row.Exact("order_amount_per_contract"),
                OrderAmountUnit = row.Text("order_amount_unit"),
            }
        );
    }

    static TickStep Step(JsonElement element)
    {
        var row = new ShippedJson(element, "above_price", "tick_size");
        return new(row.Exact("above_price"), row.Exact("tick_size"));
    }

    /// <summary>A word of an enumeration, in lower case.</summary>
    static T Word<T>(string word)
        where T : struct, Enum =>
        Enum.TryParse(word, ignoreCase: true, out T value) && !char.IsAsciiDigit(word[0])
            ? value
            : throw new InvalidDataException($"{word}: no {typeof(T).Name}");
}
