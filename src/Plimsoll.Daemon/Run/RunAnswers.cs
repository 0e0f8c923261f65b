using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Plimsoll.Engine;

namespace Plimsoll.Daemon;

/// <summary>One position as the service shows it.</summary>
sealed record PositionAnswer(
    string Instrument,
    decimal Contracts,
    decimal? Target,
    decimal? Mark,
    decimal? IndexUsd,
    string Binding
);

/// <summary>One order that may be alive.</summary>
sealed record OrderAnswer(string Label, string Instrument, string Side, decimal Contracts, decimal Price, string Phase);

/// <summary>The account's risk of one coin: Greeks of the last solve at the prices of now, USD.</summary>
sealed record CoinAnswer(
    string Underlying,
    decimal DeltaUsd,
    [property: JsonPropertyName("gamma_1pct_usd")] decimal Gamma1PctUsd,
    [property: JsonPropertyName("vega_1pt_usd")] decimal Vega1PtUsd,
    decimal EstimatedGainUsd,
    decimal MarkedGainUsd,
    decimal? VolatilityAnnual,
    decimal Scale,
    string ScaleCause
);

/// <summary>One pool's margin by the model and by the venue's simulator, in the venue's unit.</summary>
sealed record ComparedAnswer(
    string Model,
    string Pool,
    string Currency,
    decimal Initial,
    decimal StatedInitial,
    decimal Maintenance,
    decimal StatedMaintenance,
    decimal? Shortfall
);

/// <summary>The margin model against the venue's simulator; a widening that is null is without bound.</summary>
sealed record MarginErrorAnswer(
    DateTimeOffset? ComparedAt,
    string Trouble,
    ImmutableSortedDictionary<string, decimal?> Widening,
    ImmutableArray<ComparedAnswer> Last
)
{
    public static MarginErrorAnswer Of(MarginCheckView check) =>
        new(
            check.ComparedAt,
            check.Trouble,
            check.Widening,
            [
                .. check.Last.Select(error => new ComparedAnswer(
                    error.Model,
                    error.Pool,
                    error.Currency.Code,
                    error.Initial,
                    error.StatedInitial,
                    error.Maintenance,
                    error.StatedMaintenance,
                    error.Shortfall
                )),
            ]
        );
}

/// <summary>The run as a whole.</summary>
sealed record StatusAnswer(
    string Version,
    string Account,
    string Venue,
    bool SendsOrders,
    ulong Sequence,
    DateTimeOffset At,
    string Mode,
    string Cause,
    string Blocks,
    bool Armed,
    bool SessionUp,
    decimal? EquityUsd,
    decimal InitialMarginUsd,
    decimal MaintenanceMarginUsd,
    decimal? MarginRatio,
    MarginErrorAnswer MarginError,
    decimal HighWaterUsd,
    decimal Drawdown,
    decimal Keep,
    DateTimeOffset? ReconciledAt,
    DateTimeOffset? TargetsAt,
    ImmutableArray<CoinAnswer> Surface,
    ImmutableArray<PositionAnswer> Positions,
    ImmutableArray<OrderAnswer> Orders
)
{
    const int Cents = 2;
    const int RatioDigits = 6;

    /// <summary>The account as the engine knows it, or how far the journal has been replayed.</summary>
    public static StatusAnswer Of(RunPlan plan, RunStage stage) =>
        stage.Loop is not null
            ? Of(plan, stage.View)
            : Of(plan, stage.View) with
            {
                Mode = RunStage.Replaying,
                Cause = stage.Cause,
                Blocks = RunStage.Blocks,
            };

    static StatusAnswer Of(RunPlan plan, EngineView view) =>
        new(
            RunPlan.Version,
            plan.Configuration.Account,
            plan.Options.Place.Name,
            plan.Options.SendsOrders,
            view.Sequence,
            view.Now,
            view.Mode.ToString(),
            view.ModeCause,
            BlockedBy(view.Mode),
            view.IsArmed,
            view.SessionIsUp,
            Usd(view.EquityUsd),
            Math.Round(view.InitialMarginUsd, Cents),
            Math.Round(view.MaintenanceMarginUsd, Cents),
            view.MarginRatio is { } ratio ? Math.Round(ratio, RatioDigits) : null,
            MarginErrorAnswer.Of(view.MarginCheck),
            Math.Round(view.HighWaterUsd, Cents),
            Math.Round(view.Drawdown, RatioDigits),
            view.Keep,
            view.ReconciledAt,
            view.TargetsAt,
            [
                .. view.Coins.Select(coin => new CoinAnswer(
                    coin.Underlying,
                    coin.DeltaUsd,
                    coin.Gamma1PctUsd,
                    coin.Vega1PtUsd,
                    coin.EstimatedGainUsd,
                    coin.MarkedGainUsd,
                    coin.Volatility,
                    coin.Scale,
                    coin.ScaleCause
                )),
            ],
            [
                .. view
                    .Instruments.Where(own => own.Position != 0 || own.Target is { Contracts: not 0 })
                    .Select(own => new PositionAnswer(
                        own.Terms.Name,
                        own.Position,
                        own.Target?.Contracts,
                        own.Mark,
                        own.IndexUsd,
                        own.Target?.Binding ?? ""
                    )),
            ],
            [
                .. view.Orders.Select(order => new OrderAnswer(
                    order.Intent.Label,
                    order.Intent.Instrument,
                    order.Intent.Side == Markets.Side.Buy ? "buy" : "sell",
                    order.Intent.Contracts,
                    order.Intent.LimitPrice,
                    order.Phase.ToString()
                )),
            ]
        );

    static string BlockedBy(EngineMode mode) =>
        mode switch
        {
            EngineMode.Live => "nothing",
            EngineMode.ReduceOnly => "openings",
            EngineMode.Cutting => "openings and resizes; cuts go on",
            EngineMode.Disconnected => "everything, until there is a session and the account was read",
            EngineMode.Liquidating => "everything but cancellations, until a person arms it",
            _ => "everything but cancellations and a flattening that was asked for, until a person arms it",
        };

    static decimal? Usd(decimal? value) => value is { } known ? Math.Round(known, Cents) : null;
}

/// <summary>One decision of the journal.</summary>
sealed record DecisionAnswer(
    ulong Sequence,
    DateTimeOffset At,
    string Instrument,
    string Cause,
    decimal Held,
    decimal Wanted,
    decimal Order,
    string Binding
)
{
    public static DecisionAnswer Of(Sequenced next, Decided decided) =>
        new(
            next.Sequence,
            next.At,
            decided.Instrument,
            decided.Cause,
            decided.Held,
            decided.Wanted,
            decided.Order,
            decided.Binding
        );
}

/// <summary>One thing that was done or seen, as subscribers get it.</summary>
sealed record EventAnswer(ulong Sequence, DateTimeOffset At, string Kind, string Words);

/// <summary>Why a request was refused.</summary>
sealed record ErrorAnswer(string Error);

/// <summary>A command was taken; it goes before everything that waits.</summary>
sealed record AcceptedAnswer(string Accepted);

/// <summary>Whether the run follows its account.</summary>
sealed record HealthAnswer(string Status, string Mode, string Cause);

/// <summary>The process answers.</summary>
sealed record LiveAnswer(string Status);

/// <summary>A command of a person.</summary>
sealed record CommandBody(string Who, string Why, bool Flatten = false);
