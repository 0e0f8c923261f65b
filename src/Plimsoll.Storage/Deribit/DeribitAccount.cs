using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Makes an account of saved answers.</summary>
/// <remarks>
/// The venue books futures' gains daily, so a position's average price is not what its unrealised gain is reckoned
/// from. Where an answer states equity and option value, cash is their difference, which holds every gain so far, and
/// futures carry no entry price; else cash is <c>balance</c> and the average price stands.
/// </remarks>
sealed class DeribitAccount(DeribitFolder folder, DeribitTerms terms)
{
    static readonly Dictionary<string, MarginMode> Modes = new()
    {
        ["segregated_sm"] = MarginMode.SegregatedStandard,
        ["segregated_pm"] = MarginMode.SegregatedPortfolio,
        ["cross_sm"] = MarginMode.CrossStandard,
        ["cross_pm"] = MarginMode.CrossPortfolio,
    };

    /// <summary>The account; faults go to the folder's list.</summary>
    public Account Account()
    {
        bool exact = folder.Currencies.All(row => row is { Equity: not null, OptionsValue: not null });
        return new()
        {
            Subaccounts =
            [
                new()
                {
                    Name = folder.AccountName is { Length: > 0 } name ? name : "main",
                    Venue = ContractsFile.Deribit.Venue,
                    MarginMode = Mode(),
                    Balances =
                    [
                        .. folder
                            .Currencies.Select(row => new Balance(
                                new Currency(row.Currency),
                                exact ? row.Equity!.Value - row.OptionsValue!.Value : row.Balance
                            ))
                            .Where(balance => balance.Amount != 0)
                            .DistinctBy(balance => balance.Currency),
                    ],
                    Positions = [.. Positions(exact)],
                    OpenOrders = [.. Orders()],
                },
            ],
        };
    }

    MarginMode Mode()
    {
        string[] models = [.. folder.Currencies.Select(row => row.MarginModel).OfType<string>().Distinct()];
        if (models.Length == 0)
            return MarginMode.SegregatedStandard;
        if (models.Length == 1 && Modes.TryGetValue(models[0], out var mode))
            return mode;
        folder.Faults.Add(
            new("answers", null, "margin_model", string.Join(", ", models), "one of " + string.Join(", ", Modes.Keys))
        );
        return default;
    }

    IEnumerable<Position> Positions(bool exact)
    {
        var seen = new HashSet<string>();
        foreach (var (place, row) in folder.Positions)
        {
            if (row.Size == 0 || row.Direction == "zero")
                continue;
            if (row.Direction is not ("buy" or "sell"))
                folder.Faults.Add(
                    new(place, null, $"{row.InstrumentName}.direction", row.Direction, "buy, sell or zero")
                );
            else if (terms.Find(row.InstrumentName, out string expected) is not { } instrument)
                folder.Faults.Add(new(place, null, "instrument_name", row.InstrumentName, expected));
            else if (!seen.Add(row.InstrumentName))
                folder.Faults.Add(new(place, null, "instrument_name", row.InstrumentName, "each position once"));
            else
            {
                decimal contracts = Math.Abs(row.Size) / instrument.OrderAmountPerContract;
                bool booked = exact && instrument is not OptionInstrument;
                yield return new(
                    instrument.Name,
                    row.Direction == "sell" ? -contracts : contracts,
                    booked || row.AveragePrice is not > 0 ? null : row.AveragePrice
                );
            }
        }
    }

    IEnumerable<OpenOrder> Orders()
    {
        foreach (var (place, row) in folder.Orders)
        {
            decimal amount = row.Amount - (row.FilledAmount ?? 0);
            if (row.OrderState is not ("open" or "untriggered") || amount <= 0)
                continue;
            if (terms.Find(row.InstrumentName, out string expected) is not { } instrument)
                folder.Faults.Add(new(place, null, "instrument_name", row.InstrumentName, expected));
            else if (row.Direction is not ("buy" or "sell"))
                folder.Faults.Add(new(place, null, $"{row.OrderId}.direction", row.Direction, "buy or sell"));
            else if (Price(row) is not { } price)
                folder.Faults.Add(new(place, null, $"{row.OrderId}.price", "", "a price, or a trigger price"));
            else
                yield return new(
                    row.OrderId,
                    instrument.Name,
                    row.Direction == "buy" ? Side.Buy : Side.Sell,
                    amount / instrument.OrderAmountPerContract,
                    price,
                    row.ReduceOnly ?? false
                );
        }
    }

    /// <summary>The limit; where the order is at market once triggered, the trigger.</summary>
    static decimal? Price(DeribitOrderRow row) =>
        row.Price is { ValueKind: JsonValueKind.Number } price && price.TryGetDecimal(out decimal limit) && limit > 0
            ? limit
            : row.TriggerPrice;
}
