using System.Reflection;
using CsCheck;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

public sealed class EncodingTests
{
    static readonly Gen<decimal> Amounts = Gen.Select(
        Gen.Long[-1_000_000_000_000, 1_000_000_000_000],
        Gen.Byte[0, 12],
        (units, scale) => new decimal((int)units, (int)(units >> 32) & int.MaxValue, 0, units < 0, scale)
    );

    static readonly Gen<decimal?> MaybeAmounts = Amounts.Nullable(0.3);
    static readonly string[] Names = ["BTC-PERPETUAL", "ä–Ω", "", "a|b"];

    static readonly Gen<string> Texts = Gen.OneOf(Gen.String[0, 12], Gen.Int[0, 3].Select(i => Names[i]));
    static readonly Gen<DateTimeOffset> Times = Gen.Long[0, 3_155_000_000_000_000_000]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
    static readonly Gen<Side> Sides = Gen.Enum<Side>();

    static readonly Gen<FillSeen> Fills = Gen.Select(
        Gen.Select(Texts, Texts, Texts),
        Gen.Select(Sides, Amounts, Amounts),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Times),
        (names, amounts, flags) =>
            new FillSeen(
                names.Item1,
                flags.Item1 ? names.Item2 : null,
                names.Item3,
                amounts.Item1,
                amounts.Item2,
                amounts.Item3,
                flags.Item2,
                flags.Item3,
                flags.Item1 ? flags.Item4 : null
            )
    );

    static readonly Gen<Instrument> Terms = Gen.Select(
        Gen.Int[0, 3],
        Gen.Select(Texts, Amounts, Amounts, MaybeAmounts),
        Times,
        (kind, values, at) =>
        {
            var (name, size, fee, cap) = values;
            var common = EngineDriver.Perpetual() with
            {
                Name = name,
                ContractSize = size,
                Shape = kind == 0 ? PayoffShape.Linear : PayoffShape.Inverse,
                Ticks = new TickSchedule(0.0001m, [new TickStep(0.005m, size), new TickStep(fee, 0.5m)]),
                Fees = new FeeSchedule(-fee, fee, 0.00m, cap),
            };
            return kind switch
            {
                0 => new OptionInstrument(common, name, fee, OptionRight.Put, at),
                1 => common,
                2 => new FutureInstrument(common, name, at),
                _ => (Instrument)new SpotInstrument(common, name),
            };
        }
    );

    static Gen<EngineEvent> As<T>(Gen<T> gen)
        where T : EngineEvent => gen.Select(happened => (EngineEvent)happened);

    static readonly Gen<EngineEvent>[] Kinds =
    [
        As(
            Gen.Select(
                Amounts,
                MaybeAmounts,
                Terms.Array[0, 4],
                (share, limit, terms) =>
                    new Configured(
                        EngineDriver.Settings with
                        {
                            BandShare = share,
                            Controls = EngineDriver.Settings.Controls with { GrossNotionalUsd = limit },
                        },
                        [.. terms]
                    )
            )
        ),
        As(Gen.Const(new TimePassed())),
        As(
            Gen.Select(
                Texts,
                MaybeAmounts.Array[10],
                (name, x) =>
                    new TickerSeen(
                        name,
                        x[0],
                        x[1],
                        new TopOfBook(x[2], x[3]),
                        x[4],
                        x[5],
                        x[6],
                        x[7],
                        x[8],
                        x[9],
                        x[0]
                    )
            )
        ),
        As(
            Gen.Select(
                Amounts,
                Amounts,
                Amounts.Array[0, 3],
                (equity, margin, cash) =>
                    new AccountSeen(
                        equity,
                        margin,
                        -margin,
                        [.. cash.Select((amount, i) => new Balance(new Currency($"C{i}"), amount))]
                    )
            )
        ),
        As(
            Gen.Select(
                Texts,
                Gen.Enum<VenueOrderStatus>(),
                Amounts,
                Texts,
                Gen.Select(Gen.Enum<RefusalKind>(), MaybeAmounts, MaybeAmounts),
                (label, status, filled, why, rest) =>
                    new OrderSeen(label, status, filled, why, rest.Item1, rest.Item2, rest.Item3)
            )
        ),
        As(Texts.Select(label => new OrderNotFound(label))),
        As(
            Gen.Select(
                Texts,
                Gen.Bool,
                Texts,
                Gen.Enum<RefusalKind>(),
                (label, unsure, why, refusal) => new SendFailed(label, unsure, why, refusal)
            )
        ),
        As(Fills),
        As(
            Gen.Select(
                Gen.ULong,
                Fills.Array[0, 4],
                MaybeAmounts,
                (asked, fills, entry) =>
                    new ReconcileSeen(
                        asked,
                        [.. fills.Select(fill => new Position(fill.Instrument, fill.Contracts, entry))],
                        [
                            .. fills.Select(fill => new ListedOrder(
                                fill.TradeId,
                                fill.Instrument,
                                fill.Side,
                                fill.Contracts,
                                fill.Price,
                                fill.IsForced
                            )),
                        ],
                        [.. fills]
                    )
            )
        ),
        As(Gen.Const(new SessionUp())),
        As(Texts.Select(why => new SessionDown(why))),
        As(Gen.Long.Select(ticks => new ClockOffsetSeen(TimeSpan.FromTicks(ticks)))),
        As(Gen.Select(Texts, Texts, (who, why) => new Armed(who, why))),
        As(Gen.Select(Texts, Texts, (who, why) => new ReduceOnlyAsked(who, why))),
        As(Gen.Select(Texts, Texts, Gen.Bool, (who, why, flat) => new Killed(who, why, flat))),
        As(
            Gen.Select(
                Gen.ULong,
                Texts,
                MaybeAmounts.Array[0, 4],
                (asked, name, figures) =>
                    new TargetsReady(
                        asked,
                        name,
                        [
                            .. figures.Select(x => new TargetContracts(
                                name,
                                x ?? 0,
                                x,
                                null,
                                name,
                                x is { } known ? new ContractRisk(known, -known, 0) : null,
                                x
                            )),
                        ],
                        [.. figures.Select(x => new CoinVolatility(name, x ?? 1))],
                        asked % 2 == 0
                    )
            )
        ),
        As(Texts.Select(version => new Started(version))),
        As(Gen.Select(Gen.ULong, Texts, Texts, (asked, digest, why) => new SolveFailed(asked, digest, why))),
        As(Texts.Select(why => new Stopped(why))),
        As(Gen.Select(Texts, MaybeAmounts, MaybeAmounts, (name, rank, fund) => new DeleveragingSeen(name, rank, fund))),
        As(
            Gen.Select(
                Gen.ULong,
                Gen.Select(Texts, Amounts).Array[0, 4],
                Texts,
                (asked, pools, why) =>
                    new MarginStated(
                        asked,
                        [.. pools.Select(of => new StatedPool(new Currency(of.Item1), of.Item2, -of.Item2))],
                        why
                    )
            )
        ),
        As(
            Gen.Select(
                Gen.ULong,
                Gen.Select(Texts, Amounts, MaybeAmounts).Array[0, 4],
                Texts,
                (asked, pools, why) =>
                    new MarginCompared(
                        asked,
                        [
                            .. pools.Select(of => new ComparedMargin(
                                of.Item1,
                                why,
                                new Currency(of.Item1),
                                of.Item2,
                                1,
                                -of.Item2,
                                2,
                                of.Item3
                            )),
                        ],
                        why
                    )
            )
        ),
    ];

    [Fact]
    public void Every_kind_of_event_is_generated_here()
    {
        var all = typeof(EngineEvent)
            .Assembly.GetTypes()
            .Where(type => type.BaseType == typeof(EngineEvent))
            .ToHashSet();
        var made = Kinds.Select(kind => kind.Single().GetType()).ToHashSet();
        Assert.Equal(all.Select(type => type.Name).Order(), made.Select(type => type.Name).Order());
    }

    [Fact]
    public void Every_event_reads_back_as_it_was_written() =>
        Gen.OneOf(Kinds)
            .Sample(
                happened =>
                {
                    byte[] bytes = EventCodec.Write(happened);
                    ushort version = EventCodec.VersionOf(happened);
                    var read = EventCodec.Read(EventCodec.NumberOf(happened), version, bytes, "journal");
                    Assert.Empty(read.Faults);
                    // Bytes hold every member, lists among them, which records compare by reference.
                    Assert.Equal(bytes, EventCodec.Write(read.Value));
                    Assert.Equal(Words(happened), Words(read.Value));
                },
                iter: 5_000
            );

    [Fact]
    public void Cut_or_changed_bytes_are_a_fault_or_another_event_and_never_an_exception() =>
        Gen.Select(Gen.OneOf(Kinds), Gen.Int[0, 4_000], Gen.Byte)
            .Sample(
                (happened, at, change) =>
                {
                    byte[] bytes = EventCodec.Write(happened);
                    var (number, version) = (EventCodec.NumberOf(happened), EventCodec.VersionOf(happened));
                    if (bytes.Length == 0)
                        return;
                    Assert.False(EventCodec.Read(number, version, bytes[..(at % bytes.Length)], "journal").Succeeded);
                    bytes[at % bytes.Length] ^= change;
                    EventCodec.Read(number, version, bytes, "journal");
                },
                iter: 5_000
            );

    [Fact]
    public void Another_version_or_kind_is_refused_by_name()
    {
        byte[] bytes = EventCodec.Write(new SessionDown("x"));
        Assert.Equal(
            "journal: SessionDown = version 2: expected version 1 to 1, which this program knows",
            EventCodec.Read(11, 2, bytes, "journal").Faults.Single().ToString()
        );
        Assert.Equal(
            "journal: event = kind 99: expected a kind of 1 to 22",
            EventCodec.Read(99, 1, bytes, "journal").Faults.Single().ToString()
        );
    }

    /// <summary>What engines wrote before refusals had kinds leads to what they did.</summary>
    [Theory]
    [InlineData("price_too_low 60000 (10005)", RefusalKind.Price)]
    [InlineData("not_enough_funds (10009)", RefusalKind.Other)]
    public void Refusals_of_version_1_get_the_kind_that_their_words_meant(string reason, RefusalKind kind)
    {
        byte[] failed = [.. EventCodec.Write(new SendFailed("a", false, reason))[..^1]];
        Assert.Equal(new SendFailed("a", false, reason, kind), EventCodec.Read(7, 1, failed, "").Value);
        foreach (var status in (VenueOrderStatus[])[VenueOrderStatus.Rejected, VenueOrderStatus.Cancelled])
        {
            byte[] seen = [.. EventCodec.Write(new OrderSeen("a", status, 0, reason))[..^3]];
            var expected = status == VenueOrderStatus.Rejected ? kind : RefusalKind.None;
            Assert.Equal(new OrderSeen("a", status, 0, reason, expected), EventCodec.Read(5, 1, seen, "").Value);
        }
    }

    [Fact]
    public void Numbers_of_events_never_move() =>
        Assert.Equal(
            "Configured 1, TimePassed 2, TickerSeen 3, AccountSeen 4, OrderSeen 5, OrderNotFound 6, SendFailed 7, "
                + "FillSeen 8, ReconcileSeen 9, SessionUp 10, SessionDown 11, ClockOffsetSeen 12, Armed 13, "
                + "ReduceOnlyAsked 14, Killed 15, TargetsReady 16, Started 17, SolveFailed 18, Stopped 19, "
                + "DeleveragingSeen 20, MarginStated 21, MarginCompared 22",
            string.Join(
                ", ",
                Kinds.Select(kind => kind.Single()).Select(e => $"{e.GetType().Name} {EventCodec.NumberOf(e)}")
            )
        );

    [Fact]
    public void The_bytes_of_one_event_are_these()
    {
        var fill = new FillSeen("t1", null, "X", Side.Sell, 1.50m, 2m, true);
        Assert.Equal(
            "020000007431"
                + "00"
                + "0100000058"
                + "01"
                + "96000000000000000000000000000200"
                + "02000000000000000000000000000000"
                + "01"
                + "00"
                + "00",
            Convert.ToHexString(EventCodec.Write(fill))
        );
    }

    static OrderIntent AnOrder { get; } =
        new(
            "main-7-X",
            "X",
            Side.Sell,
            3,
            2.5m,
            true,
            false,
            OrderLife.Rests,
            DateTimeOffset.UnixEpoch.AddDays(1),
            OrderPurpose.Cut
        );

    [Fact]
    public void A_change_of_an_order_reads_back_without_its_approval()
    {
        var order = AnOrder;
        byte[] bytes = EffectCodec.Write([new EditOrder(order, null)]);
        Assert.Equal([new EditOrder(order, null)], EffectCodec.Read(EffectCodec.Version, bytes, "journal").Value);
        Assert.NotEqual(new EditOrder(order, null), new EditOrder(order with { LimitPrice = 2 }, null));
    }

    [Fact]
    public void Effects_of_a_simulation_read_back_and_so_does_every_state_on_the_way()
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            var venue = new VenueSimulation(seed);
            venue.Run(150);
            foreach (var batch in venue.Effects.GroupBy(effect => effect.Sequence))
            {
                EngineEffect[] effects = [.. batch.Select(effect => effect.Effect)];
                byte[] bytes = EffectCodec.Write(effects);
                Assert.Equal(effects, EffectCodec.Read(EffectCodec.Version, bytes, "journal").Value);
            }
            Restarted(venue.Journal);
        }
    }

    /// <summary>A run that goes on from its snapshots at any moment is the run itself.</summary>
    static void Restarted(List<Sequenced> journal)
    {
        var (straight, resumed) = (new EngineState(), new EngineState());
        var (effects, again) = (new List<EngineEffect>(), new List<EngineEffect>());
        foreach (var next in journal)
        {
            EngineCore.Step(straight, next, effects);
            EngineCore.Step(resumed, next, again);
            if (next.Sequence % 97 != 0)
                continue;
            byte[] snapshot = StateCodec.Write(resumed);
            resumed = StateCodec.Read(snapshot)!;
            Assert.Equal(snapshot, StateCodec.Write(resumed));
            Assert.Equal(straight.Digest(), resumed.Digest());
        }
        Assert.Equal(effects, again);
        Assert.Equal(StateCodec.Write(straight), StateCodec.Write(resumed));
    }

    [Fact]
    public void A_damaged_snapshot_is_no_state()
    {
        byte[] bytes = StateCodec.Write(EngineDriver.Live(held: 3).State);
        Assert.NotNull(StateCodec.Read(bytes));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(StateCodec.Read(bytes[..length]));
        bytes[0] = 9;
        Assert.Null(StateCodec.Read(bytes));
    }

    /// <summary>A snapshot that forgot a member would pass the other tests while nothing depends on it.</summary>
    [Fact]
    public void No_member_of_a_state_is_forgotten()
    {
        var members = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var driver = EngineDriver.Live(held: 3);
        driver.Target(3_000);
        var state = driver.State;
        object[] parts =
        [
            state,
            state.Instruments["BTC-PERPETUAL"],
            state.Coins["BTC"],
            state.MarginCheck,
            state.Orders.Values.Single(),
        ];
        foreach (object part in parts)
        foreach (var property in part.GetType().GetProperties(members).Where(one => one.SetMethod is not null))
        {
            object? before = property.GetValue(part);
            object? other = Other(property.PropertyType, before);
            if (other is null)
                continue;
            byte[] bytes = StateCodec.Write(state);
            property.SetValue(part, other);
            Assert.False(bytes.AsSpan().SequenceEqual(StateCodec.Write(state)), $"{property.Name} is not written");
            property.SetValue(part, before);
        }
    }

    static object? Other(Type type, object? value) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var t when t == typeof(bool) => !(bool)value!,
            var t when t == typeof(decimal) => (value as decimal? ?? 0) + 1.25m,
            var t when t == typeof(int) => (value as int? ?? 0) + 1,
            var t when t == typeof(ulong) => (value as ulong? ?? 0) + 1,
            var t when t == typeof(string) => value + "x",
            var t when t == typeof(TimeSpan) => (value as TimeSpan? ?? default) + TimeSpan.FromTicks(7),
            var t when t == typeof(DateTimeOffset) => (value as DateTimeOffset? ?? EngineDriver.Start).AddTicks(7),
            var t when t == typeof(DateOnly) => ((DateOnly)value!).AddDays(1),
            var t when t == typeof(Controls.OrderIntent) => (value as Controls.OrderIntent ?? AnOrder) with
            {
                Contracts = 77,
            },
            var t when t == typeof(OrderPhase) => OrderPhase.Unknown,
            var t when t == typeof(EngineMode) => (EngineMode)value! == EngineMode.Live
                ? EngineMode.Halted
                : EngineMode.Live,
            _ => null,
        };

    static string Words(EngineEvent happened) => happened.ToString()!;
}
