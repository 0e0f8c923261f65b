using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>A venue's rule with the contracts and sizes for which its promises are tested.</summary>
/// <param name="Key">Key of the model.</param>
/// <param name="MostUsd">Largest size of a contract; ten times as much may lie beyond a bound of the rule.</param>
/// <param name="IsSubadditive">Whether the whole never needs more than its parts, at these sizes.</param>
/// <param name="Instruments">What is drawn.</param>
sealed record PropertyRule(string Key, double MostUsd, bool IsSubadditive, ImmutableArray<Instrument> Instruments)
{
    /// <summary>What the venue rounds a figure by, USD.</summary>
    public double RoundingUsd { get; init; } = 1e-7;

    public IVenueMargin Model => VenueMargins.Find(Key)!.Shipped();
}

/// <summary>Books of contracts that a venue takes, at a market without arbitrage, by fixed draws.</summary>
static class MarginPropertyBooks
{
    const double FlatVolatility = 0.6;

    public static readonly Currency Usdt = new("USDT");

    static readonly DateTimeOffset[] Expiries = [Middle, Far];

    /// <summary>Every rule of the registry that has figures; a rule stands twice where its promises differ.</summary>
    public static readonly ImmutableSortedDictionary<string, PropertyRule> Rules = new Dictionary<string, PropertyRule>
    {
        ["deribit-standard-margin, options"] = new(
            "deribit-standard-margin",
            1e7,
            true,
            [.. Options(PayoffShape.Inverse, Btc), .. Options(PayoffShape.Linear, Currency.Usdc)]
        ),
        // Each coin pool rounds its worst case to a billionth of a coin.
        ["deribit-portfolio-margin"] = new(
            "deribit-portfolio-margin",
            3e4,
            true,
            [.. Options(PayoffShape.Inverse, Btc), .. Futures(PayoffShape.Inverse, Btc)]
        )
        {
            RoundingUsd = 1e-3,
        },
        ["okx-portfolio-margin"] = new(
            "okx-portfolio-margin",
            1e5,
            true,
            [
                .. Futures(PayoffShape.Linear, Usdt),
                .. Futures(PayoffShape.Linear, Currency.Usdc),
                .. Futures(PayoffShape.Inverse, Btc),
            ]
        ),
        ["okx-tiered-margin"] = new(
            "okx-tiered-margin",
            1e5,
            true,
            [
                Named(Perpetual("BTC", PayoffShape.Linear, 0.001m), Usdt),
                Named(Perpetual("ETH", PayoffShape.Linear, 0.01m), Usdt),
            ]
        ),
        ["span-like-margin"] = new(
            "span-like-margin",
            1e7,
            false,
            [.. Options(PayoffShape.Linear, Currency.Usdc), .. Futures(PayoffShape.Linear, Currency.Usdc)]
        ),
        ["derive-standard-margin"] = new("derive-standard-margin", 1e7, false, Derive),
        ["derive-portfolio-margin"] = new("derive-portfolio-margin", 1e7, true, Derive),
        ["derive-portfolio-margin-2"] = new("derive-portfolio-margin-2", 1e7, true, Derive),
        ["binance-margin, futures"] = new("binance-margin", 1e4, true, Futures(PayoffShape.Linear, Usdt)),
        ["binance-margin, options"] = new("binance-margin", 1e7, true, Options(PayoffShape.Linear, Usdt)),
        ["binance-portfolio-margin"] = new("binance-portfolio-margin", 1e4, true, Futures(PayoffShape.Linear, Usdt)),
        ["bybit-unified-margin"] = new(
            "bybit-unified-margin",
            5e5,
            true,
            [
                .. Options(PayoffShape.Linear, Usdt),
                Perpetual("BTC", PayoffShape.Linear, 0.001m) with
                {
                    Settlement = Usdt,
                },
            ]
        ),
        ["hyperliquid-margin"] = new("hyperliquid-margin", 2e7, true, Perpetuals),
        ["dydx-margin"] = new("dydx-margin", 2e7, true, Perpetuals) { RoundingUsd = 2.1e-6 },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    static ImmutableArray<Instrument> Perpetuals =>
        [Perpetual("BTC", PayoffShape.Linear, 0.001m), Perpetual("ETH", PayoffShape.Linear, 0.01m)];

    static ImmutableArray<Instrument> Derive =>
        [.. Options(PayoffShape.Linear, Currency.Usdc), Perpetual("BTC", PayoffShape.Linear, 0.001m)];

    static ImmutableArray<Instrument> Options(PayoffShape shape, Currency settlement) =>
        [
            .. from expiry in Expiries
            from right in Enum.GetValues<OptionRight>()
            from strike in (double[])[48_000, 60_000, 66_000]
            select Named(Option("BTC", strike, right, expiry, shape), settlement),
        ];

    public static ImmutableArray<Instrument> Futures(PayoffShape shape, Currency settlement) =>
        [
            Named(Perpetual("BTC", shape, shape == PayoffShape.Linear ? 0.001m : 10), settlement),
            .. Expiries.Select(expiry =>
                Named(Future("BTC", expiry, shape, shape == PayoffShape.Linear ? 0.001m : 10), settlement)
            ),
        ];

    static Instrument Named(Instrument instrument, Currency settlement) =>
        instrument with
        {
            Name =
                settlement == Usdt
                    ? instrument.Name.Replace("USDC", "USDT", StringComparison.Ordinal)
                    : instrument.Name,
            Settlement = settlement,
        };

    /// <summary>Contracts of each instrument: a third are not held, sizes span three orders of magnitude.</summary>
    public static double[] Draw(this PropertyRule rule, Random random, double times = 1) =>
        [
            .. rule.Instruments.Select(instrument =>
                random.Next(3) == 0
                    ? 0
                    : (random.Next(2) == 0 ? 1 : -1)
                        * times
                        * rule.MostUsd
                        * Math.Pow(10, -3 * random.NextDouble())
                        / EachUsd(instrument)
            ),
        ];

    /// <summary>Dollars at stake in a contract before the market moves: at its own forward.</summary>
    public static double EachUsd(Instrument instrument) =>
        (double)instrument.ContractSize
        * (
            instrument is not OptionInstrument && instrument.Shape == PayoffShape.Inverse
                ? 1
                : Quote(instrument, 1).UnderlyingUsd
        );

    /// <summary>A book at the market after every coin moved by a factor, with cash to spare.</summary>
    public static MarginPortfolio Book(this PropertyRule rule, double[] contracts, double factor = 1) =>
        new()
        {
            Name = "main",
            // Deribit's coin pools stand apart, so that no equity of a coin is margined with its contracts.
            IsCross = !rule.Key.StartsWith("deribit", StringComparison.Ordinal),
            Positions =
            [
                .. rule
                    .Instruments.Select((instrument, i) => new MarginPosition(instrument, contracts[i]))
                    .Where(position => position.Contracts != 0),
            ],
            Balances = [new CollateralBalance(rule.Instruments[0].Settlement == Usdt ? Usdt : Currency.Usdc, 1e9)],
            Market = Market(rule.Instruments, factor),
        };

    static MarginMarket Market(ImmutableArray<Instrument> instruments, double factor) =>
        new()
        {
            AsOf = AsOf,
            IndexUsd = ImmutableDictionary<string, double>
                .Empty.Add("BTC", 60_000 * factor)
                .Add("ETH", 2_000 * factor)
                .Add("USDC", 1)
                .Add("USDT", 1),
            Quotes = instruments.ToImmutableDictionary(
                instrument => instrument.Name,
                instrument => Quote(instrument, factor)
            ),
        };

    /// <summary>One volatility for every strike, so that no marks admit arbitrage.</summary>
    public static MarginQuote Quote(Instrument instrument, double factor)
    {
        double index = (instrument.Underlying == "BTC" ? 60_000 : 2_000) * factor,
            forward = instrument.SettlesAt is { } at ? ForwardUsd(index, at) : index;
        if (instrument is not OptionInstrument option)
            return new MarginQuote(forward, forward);
        double usd = NaiveBlack.Price(
            forward,
            (double)option.StrikeUsd,
            FlatVolatility,
            Years.Between(AsOf, option.Expiry).Value,
            option.Right == OptionRight.Call
        );
        return new MarginQuote(forward, option.Shape == PayoffShape.Inverse ? usd / forward : usd, FlatVolatility);
    }

    /// <summary>A book's statement; what is asked of all pools, USD.</summary>
    public static (double Initial, double Maintenance) Asked(
        this PropertyRule rule,
        double[] contracts,
        double factor = 1
    )
    {
        var statement = rule.Stated(contracts, factor);
        return (
            statement.Pools.Sum(pool => pool.Initial * pool.UnitUsd),
            statement.Pools.Sum(pool => pool.Maintenance * pool.UnitUsd)
        );
    }

    /// <summary>A book's statement.</summary>
    public static MarginStatement Stated(this PropertyRule rule, double[] contracts, double factor = 1)
    {
        var statement = rule.Model.Assess(rule.Book(contracts, factor));
        Assert.True(statement.IsDetermined, $"{rule.Key}: {string.Join("; ", statement.Missing)}");
        return statement;
    }

    /// <summary>A book of a few contracts, by their place among the rule's instruments.</summary>
    public static double[] Of(this PropertyRule rule, params (int Instrument, double Contracts)[] held)
    {
        var contracts = new double[rule.Instruments.Length];
        foreach (var (instrument, amount) in held)
            contracts[instrument] = amount;
        return contracts;
    }

    /// <summary>Sum of two books.</summary>
    public static double[] With(this double[] one, double[] other) => [.. one.Zip(other, (a, b) => a + b)];

    /// <summary>A book times a number.</summary>
    public static double[] Times(this double[] book, double factor) => [.. book.Select(held => held * factor)];
}
