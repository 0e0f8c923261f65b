using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Paper;
using EngineState = Plimsoll.Engine.EngineState;

namespace Plimsoll.CrashDays;

/// <summary>One account at a paper venue in simulated time, with an engine or left alone.</summary>
/// <remarks>
/// Orders reach the venue a step after they were decided, a solve answers three seconds after it was asked. The venue
/// speaks through its own events, so that nothing is known here that a client would not be told.
/// </remarks>
sealed partial class SimulatedRun
{
    static readonly Currency Coin = new("BTC");
    static readonly TimeSpan SolveTakes = TimeSpan.FromSeconds(3);
    readonly Venue venue;
    readonly SolveSettings? solving;
    readonly ImmutableArray<string> followed;
    readonly EngineState? state;
    readonly List<EngineEffect> effects = [];
    readonly Queue<(EngineEffect Effect, ulong Sequence)> asked = new();
    readonly Queue<(DateTimeOffset Due, EngineEvent Answer)> answers = new();
    readonly List<FillSeen> trades = [];

    /// <param name="venue">The venue; its market is moved by others.</param>
    /// <param name="name">Of the account.</param>
    /// <param name="coins">BTC to start with.</param>
    /// <param name="followed">Instruments.</param>
    /// <param name="settings">Of the engine; null: the account is left alone.</param>
    /// <param name="solving">What solves are made from; null: none answers, the engine cuts and no more.</param>
    public SimulatedRun(
        Venue venue,
        string name,
        decimal coins,
        ImmutableArray<string> followed,
        EngineSettings? settings,
        SolveSettings? solving
    )
    {
        (this.venue, this.followed, this.solving) = (venue, followed, solving);
        Account = venue.OpenAccount(name, AccountRole.Client, new Balance(Coin, coins));
        if (settings is null)
            return;
        state = new EngineState();
        Give(new Configured(settings, [.. followed.Select(one => venue.Listed[one].Instrument)]));
        Give(new SessionUp());
    }

    public PaperAccount Account { get; }

    /// <summary>When the venue took the account over; null: never.</summary>
    public DateTimeOffset? LiquidatedAt { get; private set; }

    /// <summary>Highest maintenance margin over margin balance so far.</summary>
    public decimal HighestRatio { get; private set; }

    /// <summary>Orders that the engine sent.</summary>
    public int Orders { get; private set; }

    /// <summary>What happened, in words, in order.</summary>
    public List<(DateTimeOffset At, string Words)> News { get; } = [];

    DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(venue.NowMs);

    /// <summary>Maintenance margin over margin balance; 1 or more: the venue takes over.</summary>
    public decimal Ratio
    {
        get
        {
            var wallet = venue.Wallet(Account, Coin);
            return wallet.Maintenance <= 0 ? 0
                : wallet.MarginBalance <= 0 ? 99
                : Math.Min(99, wallet.Maintenance / wallet.MarginBalance);
        }
    }

    /// <summary>Equity, USD.</summary>
    public decimal EquityUsd => venue.Wallet(Account, Coin).Equity * venue.Index(Coin.Code);

    /// <summary>Contracts held.</summary>
    public decimal Held(string name) => venue.Listed[name].Contracts(Account.SizeOf(venue.Listed[name]));

    /// <summary>Trades at once at whatever price, as the account's owner did before the day.</summary>
    public void Open(string name, decimal contracts)
    {
        var answer = Place(name, contracts > 0 ? Side.Buy : Side.Sell, Math.Abs(contracts), "");
        if (answer.Error != VenueError.None)
            throw new InvalidOperationException($"{name}: {answer.Error} {answer.Detail}");
    }

    /// <summary>A person lets the engine trade.</summary>
    public void Arm() => Give(new Armed("owner", "the day begins"));

    /// <summary>The venue closes contracts of a position to cover others; nobody sent an order.</summary>
    /// <param name="name">Instrument.</param>
    /// <param name="contracts">To close, with the position's sign.</param>
    /// <param name="against">The account whose failed position is covered.</param>
    public void Deleverage(string name, decimal contracts, PaperAccount against)
    {
        var book = venue.Listed[name];
        decimal price =
            contracts > 0 ? book.Instrument.Ticks.RoundUp(book.Mark) : book.Instrument.Ticks.RoundDown(book.Mark);
        var side = contracts > 0 ? Side.Sell : Side.Buy;
        venue.Place(
            against,
            new OrderRequest
            {
                Instrument = name,
                Side = side == Side.Buy ? Side.Sell : Side.Buy,
                Amount = Math.Abs(contracts) * book.Instrument.OrderAmountPerContract,
                Price = price,
            }
        );
        decimal before = Held(name);
        Place(name, side, Math.Abs(contracts), "", price, reduceOnly: true);
        venue.CancelWhere(against, _ => true, CancelReason.UserRequest);
        News.Add(
            (Now, FormattableString.Invariant($"the venue closes {before - Held(name):#,0} of {before:#,0} {name}"))
        );
    }

    /// <summary>What the venue said since the last time.</summary>
    public void Hear(IReadOnlyList<VenueEvent> said)
    {
        foreach (var one in said)
            switch (one)
            {
                case LockChanged { IsLocked: true } taken when taken.Account == Account && LiquidatedAt is null:
                    LiquidatedAt = Now;
                    News.Add((Now, "the venue liquidates the account"));
                    break;
                case OrderChanged changed when changed.Account == Account && changed.Order.Label.Length > 0:
                    Give(Seen(changed.Order));
                    break;
                case Filled { Fill: var fill } filled when filled.Account == Account:
                    var seen = Seen(fill);
                    trades.Add(seen);
                    Give(seen);
                    break;
            }
    }

    /// <summary>The market of now, and what was asked before.</summary>
    public void Step()
    {
        HighestRatio = Math.Max(HighestRatio, Ratio);
        if (state is null)
            return;
        // Effects of this step leave at the next one.
        bool hasTraded = false;
        for (int left = asked.Count; left > 0; left--)
        {
            var next = asked.Dequeue();
            hasTraded |= next.Effect is SendOrder;
            // Positions and trades of one moment: what was just filled is told at the next step.
            if (next.Effect is Reconcile && hasTraded)
                asked.Enqueue(next);
            else
                Do(next);
        }
        foreach (string name in followed)
            if (venue.Listed[name] is { State: BookState.Open } book)
                Give(Ticker(book));
        var wallet = venue.Wallet(Account, Coin);
        decimal equity = wallet.Equity * venue.Index(Coin.Code),
            kept = Math.Max(0, equity);
        decimal initial = wallet.MarginBalance > 0 ? Math.Min(99, wallet.Initial / wallet.MarginBalance) : 99;
        Give(new AccountSeen(equity, initial * kept, Ratio * kept, [new Balance(Coin, wallet.Equity)]));
        while (answers.TryPeek(out var next) && next.Due <= Now)
            Give(answers.Dequeue().Answer);
        Give(new TimePassed());
    }

    void Do((EngineEffect Effect, ulong Sequence) one)
    {
        switch (one.Effect)
        {
            case SendOrder { Order: var order }:
                Orders++;
                var answer = Send(order);
                if (answer.Error != VenueError.None)
                    Give(new SendFailed(order.Label, false, answer.Error.Name(), Kind(answer.Error)));
                break;
            case EditOrder { Order: var order }:
                Change(order);
                break;
            case CancelAll or CancelOrder:
                venue.CancelWhere(
                    Account,
                    order => one.Effect is CancelAll || order.Label == ((CancelOrder)one.Effect).Label,
                    CancelReason.UserRequest
                );
                break;
            case ReadOrder read:
                Read(read.Label);
                break;
            case Reconcile:
                Give(
                    new ReconcileSeen(
                        one.Sequence,
                        [.. followed.Select(name => new Position(name, Held(name), null)).Where(p => p.Contracts != 0)],
                        [.. Resting.Select(Listed)],
                        [.. trades]
                    )
                );
                trades.Clear();
                break;
        }
    }

    void Give(EngineEvent happened)
    {
        if (state is null)
            return;
        effects.Clear();
        EngineCore.Step(state, new Sequenced(state.Sequence + 1, Now, happened), effects);
        foreach (var effect in effects)
            switch (effect)
            {
                case Solve solve:
                    answers.Enqueue((Now + SolveTakes, Answer(solve)));
                    break;
                case ModeChanged changed:
                    News.Add((Now, $"{changed.Before} to {changed.After}: {changed.Cause}"));
                    break;
                case Alert { Code: "scaled-down" } alert:
                    News.Add((Now, $"{alert.Code}: {alert.Words}"));
                    break;
                default:
                    asked.Enqueue((effect, state.Sequence));
                    break;
            }
    }

    EngineEvent Answer(Solve solve) =>
        solving is null
            ? new SolveFailed(state!.Sequence, solve.InputDigest, "nobody solves here")
            : SizingSolve.Run(solving, EngineView.Of(state!), solve, state!.Sequence);

    static TickerSeen Ticker(ListedInstrument book) =>
        new(
            book.Name,
            book.Mark,
            book.IndexUsd,
            new TopOfBook(book.Book.BestBid?.Price, book.Book.BestAsk?.Price),
            book.Book.BestBid is { } bid ? book.Contracts(bid.Amount) : null,
            book.Book.BestAsk is { } ask ? book.Contracts(ask.Amount) : null,
            book.MarkVolatility > 0 ? Math.Round((decimal)book.MarkVolatility, 6) : null,
            book.UnderlyingUsd,
            book.FundingRate8h
        );

    FillSeen Seen(Fill fill)
    {
        bool isOfLiquidation = fill.Order.IsLiquidation;
        return new FillSeen(
            fill.Trade.Id,
            fill.Order.Label.Length > 0 ? fill.Order.Label : null,
            fill.Trade.Listed.Name,
            fill.Order.Side,
            fill.Trade.Listed.Contracts(fill.Trade.Amount),
            fill.Trade.Price,
            isOfLiquidation,
            !isOfLiquidation && fill.Order.Label.Length == 0 && state is { Mode: not EngineMode.Disconnected }
        );
    }
}
