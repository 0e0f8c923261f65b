using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>Contracts of every kind, with a price to margin them at.</summary>
static class Samples
{
    public static readonly DateTimeOffset Expiry = new(2026, 12, 25, 8, 0, 0, TimeSpan.Zero);

    static readonly FeeSchedule Fees = new(0.0003m, 0.0003m, 0.00015m, 0.125m);

    public static OptionInstrument Option(
        string underlying,
        double strikeUsd,
        OptionRight right,
        PayoffShape shape,
        decimal size
    ) =>
        new()
        {
            Name = FormattableString.Invariant(
                $"{underlying}{(shape == PayoffShape.Linear ? "_USDC" : "")}-{strikeUsd}-{right}"
            ),
            Venue = "deribit",
            Underlying = underlying,
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency(underlying) : Currency.Usdc,
            ContractSize = size,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.0001m),
            Fees = Fees,
            OrderAmountPerContract = 1,
            OrderAmountUnit = underlying,
            StrikeUsd = (decimal)strikeUsd,
            Right = right,
            Expiry = Expiry,
        };

    public static PerpetualInstrument Perpetual(string underlying, PayoffShape shape, decimal size) =>
        new()
        {
            Name = shape == PayoffShape.Linear ? $"{underlying}_USDC-PERPETUAL" : $"{underlying}-PERPETUAL",
            Venue = "deribit",
            Underlying = underlying,
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency(underlying) : Currency.Usdc,
            ContractSize = size,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.5m),
            Fees = Fees,
            OrderAmountPerContract = size,
            OrderAmountUnit = "USD",
        };

    public static IEnumerable<(Instrument Instrument, MarginPrice Price)> EveryKind()
    {
        foreach (var shape in new[] { PayoffShape.Inverse, PayoffShape.Linear })
        {
            double unit = shape == PayoffShape.Inverse ? 1 : 60_000;
            yield return (Option("BTC", 50_000, OptionRight.Call, shape, 1), new MarginPrice(60_000, 0.2 * unit));
            yield return (Option("BTC", 90_000, OptionRight.Call, shape, 2), new MarginPrice(60_000, 0.001 * unit));
            yield return (Option("BTC", 50_000, OptionRight.Put, shape, 0.1m), new MarginPrice(60_000, 0.01 * unit));
            yield return (Option("BTC", 150_000, OptionRight.Put, shape, 1), new MarginPrice(60_000, 1.5 * unit));
            yield return (
                Perpetual("BTC", shape, shape == PayoffShape.Inverse ? 10 : 0.001m),
                new MarginPrice(60_000, 60_000)
            );
        }
    }
}
