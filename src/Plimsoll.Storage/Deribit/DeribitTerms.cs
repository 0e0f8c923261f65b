using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Contracts by name: as the venue's own answers state them, else from the program's dated data.</summary>
sealed class DeribitTerms
{
    readonly Dictionary<string, Instrument> stated = [];
    readonly SortedDictionary<string, Repair> repairs = new(StringComparer.Ordinal);

    /// <param name="rows">Rows of <c>get_instruments</c>.</param>
    public DeribitTerms(IEnumerable<DeribitInstrumentRow> rows)
    {
        foreach (var row in rows)
            if (Instrument(row) is { } instrument)
                stated[instrument.Name] = instrument;
    }

    /// <summary>One repair for each product whose terms no answer states.</summary>
    public IEnumerable<Repair> Repairs => repairs.Values;

    /// <summary>The contract of a name, or null and what was expected in words.</summary>
    public Instrument? Find(string text, out string expected)
    {
        if (stated.TryGetValue(text, out var known))
        {
            expected = "";
            return known;
        }
        if (DeribitNames.Parse(text, out expected) is not { } name)
            return null;
        expected = "a contract that get_instruments states or whose terms are built in";
        if (ContractsFile.Deribit.Instrument(name) is not { } instrument)
            return null;
        string product = $"{name.Product} {name.Kind}".ToLowerInvariant();
        repairs.TryAdd(
            product,
            new(
                name.Product,
                "assumed-terms",
                FormattableString.Invariant(
                    $"no get_instruments answer for {product}; terms of {ContractsFile.Deribit.Dated:yyyy-MM-dd} used"
                )
            )
        );
        return instrument;
    }

    /// <summary>
    /// The contract that a row states; null for combinations, closed books and names that are no single contract.
    /// </summary>
    internal static Instrument? Instrument(DeribitInstrumentRow row)
    {
        if (row.IsActive == false || DeribitNames.Parse(row.InstrumentName, out _) is not { } name)
            return null;
        bool future = name.Kind is ContractKind.Future or ContractKind.Perpetual;
        var settlement = new Currency(row.SettlementCurrency ?? name.Quote ?? row.BaseCurrency);
        bool inverse =
            name.Kind != ContractKind.Spot
            && (row.InstrumentType is { } type ? type == "reversed" : settlement.Code == row.BaseCurrency);
        decimal size = name.Kind == ContractKind.Spot ? 1 : row.ContractSize ?? 1;
        decimal minimum = row.MinTradeAmount / size;
        var builtIn = ContractsFile.Deribit.Instrument(name)?.Fees;
        bool option = name.Kind == ContractKind.Option;
        var terms = new SpotInstrument
        {
            Name = row.InstrumentName,
            Venue = ContractsFile.Deribit.Venue,
            Underlying = row.BaseCurrency,
            Shape = inverse ? PayoffShape.Inverse : PayoffShape.Linear,
            Settlement = settlement,
            ContractSize = size,
            LotContracts = future ? 1 : minimum,
            MinimumOrderContracts = future ? Math.Max(1, Math.Ceiling(minimum)) : minimum,
            Ticks = new(
                row.TickSize,
                [.. (row.TickSizeSteps ?? []).Select(step => new TickStep(step.AbovePrice, step.TickSize))]
            ),
            Fees = new(
                row.MakerCommission,
                row.TakerCommission,
                builtIn?.DeliveryRate ?? 0,
                option ? builtIn?.OptionPriceCap ?? 0.125m : null
            ),
            OrderAmountPerContract = size,
            OrderAmountUnit = inverse && future ? "USD" : row.BaseCurrency,
        };
        return new ContractTerms(name.Product, name.Kind, terms).Instrument(name);
    }
}
