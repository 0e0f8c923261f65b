using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Storage;
using Plimsoll.Tails;

namespace Plimsoll.Bench;

/// <summary>
/// Reverse stress of 200 contracts, and 100,000 joint scenarios of 20 coins: seconds of wall clock and of processor
/// time,
/// the least of a few repeats.
/// </summary>
static class QuickStress
{
    const int Repeats = 5;
    const int Contracts = 200;
    const int Coins = 20;
    const int Scenarios = 100_000;

    public static void Run(TextWriter output)
    {
        output.WriteLine("| what | wall s | processor s |");
        output.WriteLine("| --- | --- | --- |");
        var (work, law) = Account();
        var answer = One(work, law);
        string found = FormattableString.Invariant(
            $"{answer.Evaluations} revaluations, {answer.Moves.Length} found, nearest {answer.Moves[0].Distance:0.00}"
        );
        Row(output, $"reverse stress, one loss, {work.Instruments.Length} contracts ({found})", () => One(work, law));
        Row(output, $"baseline: {answer.Evaluations} revaluations one by one", () => OneByOne(work, law, answer));
        Row(output, $"ranks of a Student copula, {Scenarios:N0} x {Coins}", () => Copula().Draw(Scenarios, 1));
        var marginals = Marginals();
        Row(output, $"{Scenarios:N0} joint scenarios of {Coins} coins", () => Joint(marginals));
        Row(output, "baseline: the same with plain loops, one thread", () => PlainJoint(marginals));
    }

    static ReverseAnswer One(StressWork work, FactorLaw law)
    {
        var snapshot = work.Risk.Market.Snapshot;
        var answer = ReverseStress.Find(
            new ReverseQuestion
            {
                Law = law,
                Figure = moves =>
                    [
                        .. work.GainsUnder(law.Scenarios(moves, snapshot, work.Risk.Scenarios.Horizon))
                            .Select(gain => -gain),
                    ],
                Level = 0.1 * Math.Abs(work.Equity),
            }
        );
        if (answer.Exceeding > 0)
            throw new InvalidOperationException("the search failed");
        return answer;
    }

    static (StressWork Work, FactorLaw Law) Account()
    {
        var market = EmbeddedMarket.Snapshot();
        var surfaces = market.Underlyings.ToDictionary(
            coin => coin.Underlying,
            coin => SurfaceFit.Fit(market, coin.Underlying).Surface!
        );
        var random = new SeededRandom(5, 0);
        Position[] positions =
        [
            .. market
                .Quotes.Where(quote =>
                    quote.Instrument is OptionInstrument option
                    && surfaces[option.Underlying].Find(option.Expiry) is not null
                )
                .OrderBy(_ => random.NextDouble())
                .Take(Contracts)
                .Select(quote => new Position(
                    quote.Instrument.Name,
                    (decimal)Math.Round(2 * random.NextNormal(), 1),
                    null
                ))
                .Where(position => position.Contracts != 0),
        ];
        var request = new StressRequest
        {
            Risk = new RiskRequest
            {
                Market = new RiskMarket(market, surfaces),
                Account = new Account
                {
                    Subaccounts =
                    [
                        new Subaccount
                        {
                            Name = "main",
                            Venue = "deribit",
                            MarginMode = MarginMode.CrossStandard,
                            Balances = [new Balance(Currency.Usdc, 20_000_000)],
                            Positions = [.. positions],
                        },
                    ],
                },
                Scenarios = HistoricalScenarios.Build(market, surfaces, [], new ScenarioRequest(Years.FromDays(1))),
                Home = Currency.Usd,
                Threads = 2,
            },
        };
        var work = new StressWork(
            request,
            [.. positions.Select(p => request.Risk.Market.Prices.Find(p.Instrument)!)],
            true
        );
        return (work, FactorLaw.Of(request.Risk.Scenarios, work.Coins));
    }

    static void OneByOne(StressWork work, FactorLaw law, ReverseAnswer answer)
    {
        var snapshot = work.Risk.Market.Snapshot;
        double[] move = answer.Moves[0].Move;
        for (int i = 0; i < answer.Evaluations; i++)
            work.GainsUnder(law.Scenarios([move], snapshot, work.Risk.Scenarios.Horizon));
    }

    /// <summary>Normals by Box and Muller, times the Cholesky factor of equal correlations, sorted coin by coin.</summary>
    static double[][] PlainJoint(ScenarioSet marginals)
    {
        const double Common = 0.7;
        const int Degrees = 5;
        var random = new SeededRandom(1, 1);
        double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] drawn = [.. Enumerable.Range(0, Coins).Select(_ => new double[Scenarios])];
        for (int s = 0; s < Scenarios; s++)
        {
            double common = Normal();
            double mixing = Math.Sqrt(Degrees / Enumerable.Range(0, Degrees).Sum(_ => Math.Pow(Normal(), 2)));
            for (int i = 0; i < Coins; i++)
                drawn[i][s] = mixing * (Math.Sqrt(Common) * common + Math.Sqrt(1 - Common) * Normal());
        }
        for (int i = 0; i < Coins; i++)
        {
            int[] places = [.. Enumerable.Range(0, Scenarios)];
            Array.Sort(drawn[i], places);
            double[] own = [.. marginals.Underlyings[i].LogReturn.Order()];
            for (int rank = 0; rank < Scenarios; rank++)
                drawn[i][places[rank]] = own[rank];
        }
        return drawn;
    }

    static StudentCopula Copula()
    {
        var correlation = new SymmetricMatrix(Coins);
        for (int i = 0; i < Coins; i++)
        for (int j = i; j < Coins; j++)
            correlation[i, j] = i == j ? 1 : 0.7;
        return new StudentCopula(correlation, 5);
    }

    static ScenarioSet Marginals()
    {
        var random = new SeededRandom(2, 0);
        var weights = new double[Scenarios];
        Array.Fill(weights, 1.0 / Scenarios);
        return new ScenarioSet
        {
            Horizon = Years.FromDays(1),
            Count = Scenarios,
            Weights = weights,
            Origins = new string[Scenarios],
            Underlyings =
            [
                .. Enumerable
                    .Range(0, Coins)
                    .Select(i =>
                    {
                        double[] returns = [.. Enumerable.Range(0, Scenarios).Select(_ => 0.03 * random.NextNormal())];
                        return new UnderlyingScenarios
                        {
                            Underlying = FormattableString.Invariant($"C{i:00}"),
                            LogReturn = returns,
                            LogVolatilityMove = returns,
                            SkewMove = returns,
                            PathLow = returns,
                            PathHigh = returns,
                            DeliveryLogReturn = ImmutableSortedDictionary<DateTimeOffset, double[]>.Empty,
                        };
                    }),
            ],
        };
    }

    static void Joint(ScenarioSet marginals) => DependentScenarios.Dealt(marginals, Copula().Draw(Scenarios, 1));

    static void Row(TextWriter output, string what, Action run)
    {
        run();
        var (wall, processor) = LeastTimes.Of(Repeats, run);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {wall:0.00} | {processor:0.00} |"));
    }
}
