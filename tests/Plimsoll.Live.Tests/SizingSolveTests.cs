using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Live.Tests;

public sealed class SizingSolveTests
{
    const string Mandate = """
        objective  = "growth"
        horizon    = "1d"
        candidates = ["BTC-PERPETUAL", "ETH-PERPETUAL"]

        [survival]
        expected-shortfall = { level = "99%", limit = "5%" }

        [limits]
        initial-margin = "50%"

        [assumptions]
        funding-8h       = "0.001%"
        perpetual-spread = "0.01%"

        [[views]]
        kind       = "drift"
        underlying = "BTC"
        drift      = "60%"
        confidence = "50%"
        """;

    static readonly MarketSnapshot Market = EmbeddedMarket.Snapshot();

    static SolveSettings Settings(string mandate = Mandate) =>
        new()
        {
            Mandate = MandateFile.Parse(mandate, "mandate").Value,
            Account = "main",
            Venue = "deribit",
            MarginMode = MarginMode.CrossStandard,
            Scenarios = 1_000,
        };

    static readonly ImmutableArray<InstrumentQuote> Quotes =
    [
        .. Market.Quotes.Where(quote =>
            quote.Instrument is PerpetualInstrument or FutureInstrument
            || quote.Instrument.Name.StartsWith("BTC-24APR26", StringComparison.Ordinal)
        ),
    ];

    /// <summary>An engine that heard the embedded market.</summary>
    static (EngineView View, Solve Asked, ulong Sequence) Heard(
        ImmutableArray<Position> positions,
        params ImmutableArray<Balance> equities
    )
    {
        var state = new EngineState();
        var effects = new List<EngineEffect>();
        ulong asked = 0;
        void Give(EngineEvent happened)
        {
            int before = effects.Count;
            EngineCore.Step(state, new Sequenced(state.Sequence + 1, Market.AsOf, happened), effects);
            if (effects.Skip(before).Any(effect => effect is Reconcile))
                asked = state.Sequence;
        }
        Give(new Configured(Run.Settings, [.. Quotes.Select(quote => quote.Instrument)]));
        Give(new SessionUp());
        foreach (var quote in Quotes)
        {
            var coin = Market.Find(quote.Instrument.Underlying)!;
            Give(
                new TickerSeen(
                    quote.Instrument.Name,
                    quote.Mark,
                    (decimal)coin.IndexUsd,
                    new TopOfBook(quote.Bid, quote.Ask),
                    quote.BidContracts,
                    quote.AskContracts,
                    (decimal?)quote.MarkImpliedVolatility,
                    quote.Instrument is OptionInstrument option ? (decimal)coin.ForwardUsd(option.Expiry) : null,
                    (decimal?)quote.FundingRate8h,
                    quote.DailyVolumeContracts,
                    quote.OpenInterestContracts
                )
            );
        }
        Give(new AccountSeen(200_000, 0, 0, equities));
        Give(new ReconcileSeen(asked, positions, [], []));
        return (EngineView.Of(state), effects.OfType<Solve>().Last(), state.Sequence);
    }

    [Fact]
    public void Targets_are_those_of_the_pipeline_on_the_market_that_the_engine_heard()
    {
        var (view, asked, sequence) = Heard([], new Balance(Currency.Usdc, 200_000));
        var ready = Assert.IsType<TargetsReady>(SizingSolve.Run(Settings(), view, asked, sequence));
        Assert.Equal((sequence, asked.InputDigest), (ready.InputSequence, ready.InputDigest));
        var input = new SizingInput
        {
            Market = Market with { Quotes = Quotes },
            Account = new Account
            {
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = "deribit",
                        MarginMode = MarginMode.CrossStandard,
                        Balances = [new Balance(Currency.Usdc, 200_000)],
                    },
                ],
            },
            Mandate = Settings().Mandate,
            Scenarios = 1_000,
            Explain = false,
        };
        var decision = Sizer.Decide(input);
        Assert.Equal(
            decision
                .Targets.OrderBy(line => line.Instrument, StringComparer.Ordinal)
                .Select(line => (line.Instrument, line.Target)),
            ready.Targets.Select(target => (target.Instrument, target.Contracts))
        );
        var perpetual = ready.Targets.Single(target => target.Instrument == "BTC-PERPETUAL");
        Assert.True(perpetual.Contracts > 0);
        // 10 USD of notional: Deribit keeps a few tenths of a percent of it.
        Assert.InRange(perpetual.MaintenanceUsd!.Value, 0.02m, 1m);
        Assert.InRange(perpetual.ExitCostUsd!.Value, 0.0001m, 0.1m);
    }

    [Fact]
    public void The_value_of_options_held_is_taken_out_of_the_cash_of_their_own_currency()
    {
        var option = Quotes.First(quote =>
            quote.Instrument is OptionInstrument && quote.Instrument.Settlement.Code == "BTC" && quote.Mark > 0.01m
        );
        var (view, _, _) = Heard([new Position(option.Instrument.Name, -7, null)], new Balance(new Currency("BTC"), 3));
        var account = SolveInput.Of(view, Settings()).Account;
        Assert.Equal(
            3 + 7 * option.Mark!.Value * option.Instrument.ContractSize,
            account.Subaccounts[0].Balances.Single().Amount
        );
    }

    /// <summary>A margin model's observed error reaches the sizing, which says so and holds less.</summary>
    [Fact]
    public void An_observed_error_of_the_margin_model_makes_targets_smaller()
    {
        var (view, asked, sequence) = Heard([], new Balance(Currency.Usdc, 200_000));
        string tight = Mandate.Replace("initial-margin = \"50%\"", "initial-margin = \"2%\"");
        decimal Held(decimal? error)
        {
            var seen = ImmutableSortedDictionary<string, decimal?>.Empty.Add("deribit-standard-margin", error);
            var with = view with { MarginCheck = view.MarginCheck with { Widening = seen } };
            return SizingSolve.Run(Settings(tight), with, asked, sequence) is TargetsReady ready
                ? ready.Targets.Single(target => target.Instrument == "BTC-PERPETUAL").Contracts
                : -1;
        }
        Assert.InRange(Held(0.25m), 0.5m * Held(0), 0.9m * Held(0));
        Assert.Equal(-1, Held(null));
    }

    /// <summary>What the shipped figures allow breaks the limit of 4,000 USD at four times as much margin.</summary>
    [Fact]
    public void Figures_of_a_file_are_those_that_are_solved_with()
    {
        var (view, asked, sequence) = Heard([], new Balance(Currency.Usdc, 200_000));
        string tight = Mandate.Replace("initial-margin = \"50%\"", "initial-margin = \"2%\"");
        string dear = VenueParameters
            .Shipped("venues/deribit/standard-margin.json")
            .Replace("\"initial_base\": 0.02", "\"initial_base\": 0.08", StringComparison.Ordinal);
        decimal Held(MarginFile? file) =>
            Assert
                .IsType<TargetsReady>(
                    SizingSolve.Run(Settings(tight) with { MarginParameters = file }, view, asked, sequence)
                )
                .Targets.Single(target => target.Instrument == "BTC-PERPETUAL")
                .Contracts;
        decimal InitialUsd(decimal contracts) => 0.08m * 10 * contracts;
        Assert.True(InitialUsd(Held(null)) > 4_000);
        Assert.InRange(InitialUsd(Held(new MarginFile("dear.json", dear))), 1, 4_000);
    }

    /// <summary>The model that the run's configuration names is the one that solves and margin checks ask.</summary>
    [Fact]
    public void A_named_margin_model_is_the_one_that_is_solved_under()
    {
        var (view, asked, sequence) = Heard([], new Balance(Currency.Usdc, 200_000));
        string tight = Mandate.Replace("initial-margin = \"50%\"", "initial-margin = \"2%\"");
        decimal Held(string? model)
        {
            var settings = Settings(tight) with { MarginMode = MarginMode.CrossPortfolio, MarginModel = model };
            var account = SolveInput.AccountOf(view, settings).Subaccounts[0];
            Assert.Equal(model ?? "deribit-portfolio-margin", VenueMargins.Of(account)!.Key);
            return Assert
                .IsType<TargetsReady>(SizingSolve.Run(settings, view, asked, sequence))
                .Targets.Single(target => target.Instrument == "BTC-PERPETUAL")
                .Contracts;
        }
        var (venue, compared) = (Held(null), Held("span-like-margin"));
        Assert.True(venue > 0 && compared > 0);
        Assert.NotEqual(venue, compared);
    }

    [Fact]
    public void What_a_market_does_not_say_fails_the_solve_by_name()
    {
        string needy = Mandate.Replace("initial-margin = \"50%\"", "liquidity = { book-depth = \"1%\" }");
        var (view, asked, sequence) = Heard([], new Balance(Currency.Usdc, 200_000));
        var silent = view with
        {
            Instruments = [.. view.Instruments.Select(own => own with { Top = null, Mark = null, IndexUsd = null })],
        };
        var failed = Assert.IsType<SolveFailed>(SizingSolve.Run(Settings(needy), silent, asked, sequence));
        Assert.Equal("no coin has an index yet", failed.Reason);
    }
}
