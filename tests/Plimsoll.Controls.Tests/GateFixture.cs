using Plimsoll.Markets;

namespace Plimsoll.Controls.Tests;

/// <summary>An order that every control lets pass, with its input and limits; tests break one thing at a time.</summary>
static class GateFixture
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    static readonly FeeSchedule Fees = new(0m, 0.0005m, 0.00025m, null);

    public static readonly PerpetualInstrument Inverse = new()
    {
        Name = "BTC-PERPETUAL",
        Venue = "deribit",
        Underlying = "BTC",
        Shape = PayoffShape.Inverse,
        Settlement = new Currency("BTC"),
        ContractSize = 10,
        LotContracts = 1,
        MinimumOrderContracts = 1,
        Ticks = TickSchedule.Uniform(0.5m),
        Fees = Fees,
        OrderAmountPerContract = 10,
        OrderAmountUnit = "USD",
    };

    public static readonly PerpetualInstrument Linear = new()
    {
        Name = "BTC_USDC-PERPETUAL",
        Venue = "deribit",
        Underlying = "BTC",
        Shape = PayoffShape.Linear,
        Settlement = Currency.Usdc,
        ContractSize = 0.001m,
        LotContracts = 1,
        MinimumOrderContracts = 1,
        Ticks = TickSchedule.Uniform(0.5m),
        Fees = Fees,
        OrderAmountPerContract = 0.001m,
        OrderAmountUnit = "BTC",
    };

    public static readonly OptionInstrument Call = new()
    {
        Name = "BTC-27MAR26-70000-C",
        Venue = "deribit",
        Underlying = "BTC",
        Shape = PayoffShape.Inverse,
        Settlement = new Currency("BTC"),
        ContractSize = 1,
        LotContracts = 0.1m,
        MinimumOrderContracts = 0.1m,
        Ticks = new TickSchedule(0.0001m, [new TickStep(0.005m, 0.0005m)]),
        Fees = new FeeSchedule(0.0003m, 0.0003m, 0.00015m, 0.125m),
        OrderAmountPerContract = 1,
        OrderAmountUnit = "BTC",
        StrikeUsd = 70_000,
        Right = OptionRight.Call,
        Expiry = new DateTimeOffset(2026, 3, 27, 8, 0, 0, TimeSpan.Zero),
    };

    public static readonly ControlLimits Limits = new()
    {
        OrderNotionalUsd = 50_000,
        OrderShareOfEquity = 0.5m,
        PositionNotionalUsd = 200_000,
        GrossNotionalUsd = 500_000,
        OpenOrders = 20,
        PriceCollar = 0.02m,
        InitialMarginShare = 0.6m,
        LossTodayShare = 0.1m,
    };

    /// <summary>Buys 10,000 USD of the inverse perpetual at the mark of 60,000.</summary>
    public static readonly OrderIntent Opening = new(
        "e1-1-1",
        Inverse.Name,
        Side.Buy,
        1_000,
        60_000,
        ReduceOnly: false,
        PostOnly: false,
        OrderLife.Rests,
        Now.AddSeconds(2),
        OrderPurpose.Resize
    );

    public static readonly PreTradeInput Input = new()
    {
        Now = Now,
        Permission = TradingPermission.All,
        PermissionReason = "live",
        Instrument = Inverse,
        Mark = new Observed<decimal>(60_000, Now.AddSeconds(-1)),
        IndexUsd = new Observed<decimal>(59_990, Now.AddSeconds(-1)),
        Book = new Observed<TopOfBook>(new TopOfBook(59_999.5m, 60_000), Now.AddSeconds(-1)),
        Position = new Observed<decimal>(0, Now.AddSeconds(-3)),
        WorkingInAccount = 0,
        EquityUsd = new Observed<decimal>(100_000, Now.AddSeconds(-3)),
        OtherGrossNotionalUsd = 0,
        InitialMarginShareAfter = 0.1m,
        LossTodayShare = 0,
    };

    /// <summary>Sells the 1,000 contracts that the account holds.</summary>
    public static readonly OrderIntent Reducing = Opening with
    {
        Side = Side.Sell,
        ReduceOnly = true,
        Purpose = OrderPurpose.Cut,
    };

    public static readonly PreTradeInput Held = Input with
    {
        Position = new Observed<decimal>(1_000, Now.AddSeconds(-3)),
    };

    public static string? RefusedBy(OrderIntent order, PreTradeInput input, ControlLimits? limits = null)
    {
        var answer = PreTradeGate.Check(order, input, limits ?? Limits);
        Assert.Equal(answer.Refused is null, answer.Approved is not null);
        return answer.Refused?.Control;
    }
}
