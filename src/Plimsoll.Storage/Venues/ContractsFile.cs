using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Contract terms as they stand in <c>data/venues/*/contracts.json</c>.</summary>
public static class ContractsFile
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    static readonly Lazy<VenueContracts> deribit = new(() => Parse(EmbeddedFile.Text("venues/deribit/contracts.json")));

    /// <summary>Deribit's terms as embedded in the program.</summary>
    public static VenueContracts Deribit => deribit.Value;

    static VenueContracts Parse(string json)
    {
        var file = JsonSerializer.Deserialize<FileRow>(json, Options)!;
        return new(file.Venue, file.Dated, file.Source, [.. file.Products.Select(row => row.Terms(file.Venue))]);
    }

    sealed record FileRow(
        string Venue,
        DateOnly Dated,
        string Source,
        string FeesSource,
        string Note,
        ImmutableArray<ProductRow> Products
    );

    sealed record StepRow(decimal AbovePrice, decimal TickSize);

    sealed record FeeRow(decimal Maker, decimal Taker, decimal Delivery, decimal? OptionPriceCap);

    sealed record ProductRow(
        string Product,
        ContractKind Kind,
        string Underlying,
        PayoffShape Shape,
        string Settlement,
        decimal ContractSize,
        decimal LotContracts,
        decimal MinimumOrderContracts,
        decimal TickSize,
        ImmutableArray<StepRow> TickSizeSteps,
        decimal OrderAmountPerContract,
        string OrderAmountUnit,
        FeeRow Fees
    )
    {
        public ContractTerms Terms(string venue) =>
            new(
                Product,
                Kind,
                new SpotInstrument
                {
                    Name = Product,
                    Venue = venue,
                    Underlying = Underlying,
                    Shape = Shape,
                    Settlement = new Currency(Settlement),
                    ContractSize = ContractSize,
                    LotContracts = LotContracts,
                    MinimumOrderContracts = MinimumOrderContracts,
                    Ticks = new(
                        TickSize,
                        [.. TickSizeSteps.Select(step => new TickStep(step.AbovePrice, step.TickSize))]
                    ),
                    Fees = new(Fees.Maker, Fees.Taker, Fees.Delivery, Fees.OptionPriceCap),
                    OrderAmountPerContract = OrderAmountPerContract,
                    OrderAmountUnit = OrderAmountUnit,
                }
            );
    }
}
