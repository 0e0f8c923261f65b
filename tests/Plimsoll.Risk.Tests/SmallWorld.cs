using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk.Tests;

/// <summary>A made-up market with every kind of contract, small enough to check by hand.</summary>
static class SmallWorld
{
    public static readonly DateTimeOffset AsOf = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Near = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Middle = new(2026, 3, 27, 8, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Far = new(2026, 12, 25, 8, 0, 0, TimeSpan.Zero);
    public static readonly Currency Btc = new("BTC");
    public static readonly Currency Eth = new("ETH");

    static readonly FeeSchedule OptionFees = new(0.0003m, 0.0003m, 0.00015m, 0.125m);
    static readonly FeeSchedule FutureFees = new(0m, 0.0005m, 0.00025m, null);

    public static readonly ImmutableSortedDictionary<string, VolatilitySurface> Surfaces = ImmutableSortedDictionary
        .Create<string, VolatilitySurface>(StringComparer.Ordinal)
        .Add("BTC", Surface("BTC", 60_000))
        .Add("ETH", Surface("ETH", 2_000));

    public static double ForwardUsd(double indexUsd, DateTimeOffset expiry) =>
        indexUsd * Math.Exp(0.05 * Years.Between(AsOf, expiry).Value);

    public static OptionInstrument Option(
        string underlying,
        double strike,
        OptionRight right,
        DateTimeOffset expiry,
        PayoffShape shape = PayoffShape.Inverse,
        decimal size = 1
    ) =>
        new()
        {
            Name = FormattableString.Invariant(
                $"{underlying}{(shape == PayoffShape.Linear ? "_USDC" : "")}-{expiry:ddMMMyy}-{strike}-{right}"
            ),
            Venue = "deribit",
            Underlying = underlying,
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency(underlying) : Currency.Usdc,
            ContractSize = size,
            LotContracts = 0.1m,
            MinimumOrderContracts = 0.1m,
            Ticks = TickSchedule.Uniform(0.0001m),
            Fees = OptionFees,
            OrderAmountPerContract = 1,
            OrderAmountUnit = underlying,
            StrikeUsd = (decimal)strike,
            Right = right,
            Expiry = expiry,
        };

    public static FutureInstrument Future(
        string underlying,
        DateTimeOffset expiry,
        PayoffShape shape = PayoffShape.Inverse,
        decimal size = 10
    ) =>
        new()
        {
            Name = FormattableString.Invariant(
                $"{underlying}{(shape == PayoffShape.Linear ? "_USDC" : "")}-{expiry:ddMMMyy}"
            ),
            Venue = "deribit",
            Underlying = underlying,
            Shape = shape,
            Settlement = shape == PayoffShape.Inverse ? new Currency(underlying) : Currency.Usdc,
            ContractSize = size,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.5m),
            Fees = FutureFees,
            OrderAmountPerContract = size,
            OrderAmountUnit = "USD",
            Expiry = expiry,
        };

    public static PerpetualInstrument Perpetual(
        string underlying,
        PayoffShape shape = PayoffShape.Inverse,
        decimal size = 10
    ) =>
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
            Fees = FutureFees,
            OrderAmountPerContract = size,
            OrderAmountUnit = "USD",
        };

    public static SpotInstrument Spot(string underlying) =>
        new()
        {
            Name = $"{underlying}_USDC",
            Venue = "deribit",
            Underlying = underlying,
            Shape = PayoffShape.Linear,
            Settlement = Currency.Usdc,
            ContractSize = 1,
            LotContracts = 0.0001m,
            MinimumOrderContracts = 0.0001m,
            Ticks = TickSchedule.Uniform(1),
            Fees = FutureFees,
            OrderAmountPerContract = 1,
            OrderAmountUnit = underlying,
        };

    /// <summary>Marks: perpetuals 0.1% above the index; funding 0.01% for 8 hours; options two-sided around the model.</summary>
    public static MarketSnapshot Market(params Instrument[] instruments) =>
        new()
        {
            AsOf = AsOf,
            Venue = "deribit",
            Source = "small world",
            Underlyings = [Coin("BTC", 60_000), Coin("ETH", 2_000)],
            Quotes = [.. instruments.OrderBy(i => i.Name, StringComparer.Ordinal).Select(Quote)],
        };

    /// <summary>A weighted set with given log returns for BTC; ETH moves 1.2 times as far; volatility against spot.</summary>
    public static ScenarioSet Scenarios(double[] btcLogReturn, double horizonDays = 1, bool weighted = true)
    {
        int count = btcLogReturn.Length;
        return new ScenarioSet
        {
            Horizon = Years.FromDays(horizonDays),
            Count = count,
            Weights = weighted ? [.. Enumerable.Repeat(1.0 / count, count)] : [],
            Origins = [.. Enumerable.Range(0, count).Select(s => $"test:{s}")],
            Underlyings =
            [
                Moves("BTC", btcLogReturn, horizonDays),
                Moves("ETH", [.. btcLogReturn.Select(r => 1.2 * r)], horizonDays),
            ],
        };
    }

    /// <summary>Log returns from −1.2 to 1.2 in even steps.</summary>
    public static double[] Spread(int count) =>
        [.. Enumerable.Range(0, count).Select(s => -1.2 + 2.4 * s / (count - 1))];

    static UnderlyingScenarios Moves(string underlying, double[] logReturn, double horizonDays) =>
        new()
        {
            Underlying = underlying,
            LogReturn = logReturn,
            LogVolatilityMove = [.. logReturn.Select(r => r == 0 ? 0 : -0.8 * r)],
            SkewMove = [.. logReturn.Select(r => 0.02 * r)],
            PathLow = [.. logReturn.Select(r => Math.Min(0, r))],
            PathHigh = [.. logReturn.Select(r => Math.Max(0, r))],
            DeliveryLogReturn =
                horizonDays * 24 >= 23
                    ? ImmutableSortedDictionary<DateTimeOffset, double[]>.Empty.Add(
                        Near,
                        [.. logReturn.Select(r => 0.9 * r)]
                    )
                    : ImmutableSortedDictionary<DateTimeOffset, double[]>.Empty,
        };

    static UnderlyingMarket Coin(string underlying, double indexUsd) =>
        new()
        {
            Underlying = underlying,
            IndexUsd = indexUsd,
            Forwards =
            [
                .. new[] { Near, Middle, Far }.Select(expiry => new ForwardQuote(
                    expiry,
                    ForwardUsd(indexUsd, expiry),
                    ForwardSource.Venue
                )),
            ],
        };

    static InstrumentQuote Quote(Instrument instrument)
    {
        double indexUsd = instrument.Underlying == "BTC" ? 60_000 : 2_000;
        decimal mark = instrument switch
        {
            OptionInstrument option => (decimal)ModelPrice(option),
            FutureInstrument future => (decimal)ForwardUsd(indexUsd, future.Expiry),
            PerpetualInstrument => (decimal)(indexUsd * 1.001),
            _ => (decimal)indexUsd,
        };
        return new InstrumentQuote
        {
            Instrument = instrument,
            Mark = mark,
            Bid = mark * 0.99m,
            Ask = mark * 1.01m,
            DailyVolumeContracts = 1000,
            FundingRate8h = instrument is PerpetualInstrument ? 0.0001 : null,
        };
    }

    static double ModelPrice(OptionInstrument option)
    {
        var slice = Surfaces[option.Underlying].Find(option.Expiry)!;
        double usd = Black76.PriceUsd(
            slice.ForwardUsd,
            (double)option.StrikeUsd,
            slice.TYears,
            slice.VolatilityAnnual(Math.Log((double)option.StrikeUsd / slice.ForwardUsd)),
            option.Right
        );
        return option.Shape == PayoffShape.Inverse ? usd / slice.ForwardUsd : usd;
    }

    static VolatilitySurface Surface(string underlying, double indexUsd) =>
        new()
        {
            Underlying = underlying,
            AsOf = AsOf,
            Slices = [.. new[] { Near, Middle, Far }.Select(expiry => Slice(indexUsd, expiry))],
            Fit = new SurfaceFitReport(0, 0, 0, 0, "", 0, 0),
        };

    static SviSlice Slice(double indexUsd, DateTimeOffset expiry)
    {
        double t = Years.Between(AsOf, expiry).Value;
        double width = Math.Sqrt(t);
        return new SviSlice(
            expiry,
            t,
            ForwardUsd(indexUsd, expiry),
            0.1 * t,
            0.15 * width,
            -0.3,
            0.02 * width,
            0.8 * width
        );
    }
}
