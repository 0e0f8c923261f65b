using Plimsoll.Markets;

namespace Plimsoll.Backtest;

/// <summary>Contracts of one instrument and the mark up to which its gains are in cash.</summary>
sealed record Held(Instrument Instrument, decimal Contracts, decimal Mark);

/// <summary>One subaccount's books: exact cash by currency and positions by name.</summary>
sealed class SubaccountBooks
{
    const int Digits = 12;

    public SubaccountBooks(Subaccount from, Func<string, Instrument?> contract)
    {
        Source = from;
        foreach (var balance in from.Balances)
            Cash[balance.Currency] = balance.Amount;
        foreach (var position in from.Positions)
        {
            var instrument =
                contract(position.Instrument)
                ?? throw new InvalidOperationException($"{position.Instrument}: no such contract in the records");
            if (position.Contracts != 0)
                Positions[position.Instrument] = new Held(instrument, position.Contracts, position.EntryPrice ?? 0);
        }
    }

    public Subaccount Source { get; }

    public SortedDictionary<Currency, decimal> Cash { get; } = [];

    public SortedDictionary<string, Held> Positions { get; } = new(StringComparer.Ordinal);

    public void Pay(Currency currency, decimal amount) =>
        Cash[currency] = Cash.GetValueOrDefault(currency) + Math.Round(amount, Digits);

    /// <summary>The subaccount as it stands, futures marked up to their last mark.</summary>
    public Subaccount State() =>
        Source with
        {
            Balances = [.. Cash.Select(entry => new Balance(entry.Key, entry.Value))],
            Positions =
            [
                .. Positions.Values.Select(held => new Position(held.Instrument.Name, held.Contracts, held.Mark)),
            ],
            OpenOrders = [],
        };

    /// <summary>
    /// Gain of one contract of a future between two prices, settlement currency, exact to the last digit.
    /// </summary>
    public static decimal Gain(Instrument instrument, decimal from, decimal to) =>
        instrument.Shape == PayoffShape.Inverse
            ? instrument.ContractSize / from - instrument.ContractSize / to
            : instrument.ContractSize * (to - from);
}
