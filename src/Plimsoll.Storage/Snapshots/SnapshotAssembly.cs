using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Makes a snapshot of bound rows and checks what the rows say of each other.</summary>
sealed class SnapshotAssembly(SnapshotRows rows, JsonBinding binding)
{
    readonly Dictionary<string, SpotInstrument> terms = [];

    /// <summary>The raw snapshot; of use only where no fault was added.</summary>
    public MarketSnapshot Snapshot()
    {
        for (int i = 0; i < rows.Terms.Length; i++)
            if (rows.Terms[i] is { } row)
                AddTerms(row, FormattableString.Invariant($"terms[{i}]"));
        var underlyings = Underlyings();
        var known = underlyings.Select(coin => coin.Underlying).ToHashSet();
        var quotes = ImmutableArray.CreateBuilder<InstrumentQuote>(rows.Quotes.Length);
        for (int i = 0; i < rows.Quotes.Length; i++)
        {
            string path = FormattableString.Invariant($"quotes[{i}]");
            if (rows.Quotes[i] is not { } row)
                continue;
            if (!known.Contains(row.Underlying) && !rows.Underlyings.Contains(null!))
                binding.Add($"{path}.underlying", $"\"{row.Underlying}\"", "one of the file's underlyings");
            if (Instrument(row, path) is { } instrument)
                quotes.Add(Quote(row, instrument));
        }
        return new()
        {
            AsOf = rows.AsOf,
            Venue = rows.Venue,
            Source = rows.Source,
            Underlyings = underlyings,
            Quotes = quotes.ToImmutable(),
            Repairs =
            [
                .. (rows.Repairs ?? [])
                    .Where(repair => repair is not null)
                    .Select(repair => new Repair(repair.Instrument, repair.Kind, repair.Detail)),
            ],
        };
    }

    ImmutableArray<UnderlyingMarket> Underlyings()
    {
        var coins = new Dictionary<string, UnderlyingMarket>();
        for (int i = 0; i < rows.Underlyings.Length; i++)
        {
            if (rows.Underlyings[i] is not { } row)
                continue;
            string path = FormattableString.Invariant($"underlyings[{i}]");
            for (int k = 0; k < row.Forwards.Length; k++)
                if (row.Forwards[k] is { } late && late.Expiry <= rows.AsOf)
                    binding.Add(
                        FormattableString.Invariant($"{path}.forwards[{k}].expiry"),
                        FormattableString.Invariant($"\"{row.Forwards[k].Expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}\""),
                        "an expiry after as_of"
                    );
            var forwards = row
                .Forwards.Where(forward => forward is not null)
                .Select(forward => new ForwardQuote(
                    forward.Expiry,
                    forward.PriceUsd,
                    forward.Source ?? ForwardSource.Venue
                ));
            var coin = new UnderlyingMarket
            {
                Underlying = row.Underlying,
                IndexUsd = row.IndexUsd,
                Forwards = [.. forwards],
            };
            if (!coins.TryAdd(row.Underlying, coin))
                binding.Add($"{path}.underlying", $"\"{row.Underlying}\"", "each underlying once");
        }
        return [.. coins.Values];
    }

    void AddTerms(TermsRow row, string path)
    {
        if (row.MinimumOrderContracts % row.LotContracts != 0)
            binding.Add(
                $"{path}.minimum_order_contracts",
                FormattableString.Invariant($"{row.MinimumOrderContracts}"),
                "a multiple of lot_contracts"
            );
        var steps = (row.TickSizeSteps ?? [])
            .Where(step => step is not null)
            .Select(step => new TickStep(step.AbovePrice, step.TickSize));
        var carrier = new SpotInstrument
        {
            Name = row.Id,
            Venue = row.Venue ?? rows.Venue,
            Underlying = "",
            Shape = row.Shape,
            Settlement = new Currency(row.Settlement),
            ContractSize = row.ContractSize,
            LotContracts = row.LotContracts,
            MinimumOrderContracts = row.MinimumOrderContracts,
            Ticks = new(row.TickSize, [.. steps]),
            Fees = new(row.MakerFee, row.TakerFee, row.DeliveryFee, row.OptionFeeCap),
            OrderAmountPerContract = row.OrderAmountPerContract,
            OrderAmountUnit = row.OrderAmountUnit,
        };
        if (!terms.TryAdd(row.Id, carrier))
            binding.Add($"{path}.id", $"\"{row.Id}\"", "each id once");
    }

    Instrument? Instrument(QuoteRow row, string path)
    {
        int before = binding.Faults.Count;
        bool option = row.Kind == ContractKind.Option;
        bool dated = option || row.Kind == ContractKind.Future;
        Check(row.Expiry is not null, dated, $"{path}.expiry");
        Check(row.StrikeUsd is not null, option, $"{path}.strike_usd");
        Check(row.Right is not null, option, $"{path}.right");
        if (!terms.TryGetValue(row.Terms, out var carrier))
        {
            if (rows.Terms.Contains(null!))
                return null;
            binding.Add($"{path}.terms", $"\"{row.Terms}\"", "the id of terms in this file");
        }
        if (row.Expiry <= rows.AsOf)
            binding.Add(
                $"{path}.expiry",
                FormattableString.Invariant($"\"{row.Expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}\""),
                "an expiry after as_of"
            );
        if (carrier?.Venue == ContractsFile.Deribit.Venue && binding.Faults.Count == before)
            CheckName(row, path);
        if (binding.Faults.Count > before)
            return null;
        var own = carrier! with { Underlying = row.Underlying };
        return row.Kind switch
        {
            ContractKind.Option => new OptionInstrument(
                own,
                row.Instrument,
                row.StrikeUsd!.Value,
                row.Right!.Value,
                row.Expiry!.Value
            ),
            ContractKind.Future => new FutureInstrument(own, row.Instrument, row.Expiry!.Value),
            ContractKind.Perpetual => new PerpetualInstrument(own, row.Instrument),
            _ => new SpotInstrument(own, row.Instrument),
        };
    }

    void Check(bool present, bool needed, string path)
    {
        if (present != needed)
            binding.Add(path, present ? "a value" : "", needed ? "a value; it is missing" : "none for this kind");
    }

    void CheckName(QuoteRow row, string path)
    {
        if (DeribitNames.Parse(row.Instrument, out string expected) is not { } name)
        {
            binding.Add($"{path}.instrument", $"\"{row.Instrument}\"", expected);
            return;
        }
        bool same =
            name.Kind == row.Kind
            && name.Base == row.Underlying
            && name.Expiry == row.Expiry
            && name.StrikeUsd == row.StrikeUsd
            && name.Right == row.Right;
        if (!same)
            binding.Add(
                $"{path}.instrument",
                $"\"{row.Instrument}\"",
                "a name that agrees with kind, underlying, expiry, strike_usd and right"
            );
    }

    static InstrumentQuote Quote(QuoteRow row, Instrument instrument) =>
        new()
        {
            Instrument = instrument,
            Bid = row.Bid,
            Ask = row.Ask,
            BidContracts = row.BidContracts,
            AskContracts = row.AskContracts,
            Mark = row.Mark,
            MarkImpliedVolatility = row.MarkImpliedVolatility,
            OpenInterestContracts = row.OpenInterestContracts,
            DailyVolumeContracts = row.DailyVolumeContracts,
            BidDepthContracts = row.BidDepthContracts,
            AskDepthContracts = row.AskDepthContracts,
            FundingRate8h = row.FundingRate8h,
        };
}
