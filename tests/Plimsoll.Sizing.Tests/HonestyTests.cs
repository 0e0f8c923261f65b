using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Edge is stated, never an accident of the sample.</summary>
public sealed class HonestyTests
{
    /// <summary>A few chains in the usual run: calm, crash, rebound, last.</summary>
    public static TheoryData<int> Sample { get; } = new(0, 60, 130, 193);

    public static TheoryData<int> All { get; } = new(Enumerable.Range(0, 194).ToArray());

    [Theory, MemberData(nameof(Sample))]
    public void Flat_account_without_view_stays_flat_and_a_view_trades(int chain) => Check(chain, full: false);

    [Theory, MemberData(nameof(All))]
    [Trait("suite", "all")]
    public void Flat_account_without_view_stays_flat_on_every_recorded_chain(int chain) => Check(chain, full: true);

    internal static void Check(int chain, bool full)
    {
        Assert.SkipUnless(SizingCases.Chains.Length > chain, Golden.Absent);
        var market = SizingCases.Chain(SizingCases.Chains[chain]);
        var dollars = SizingCases.AllIn(Currency.Usd, 1_000_000);
        var coins = SizingCases.AllIn(new Currency("BTC"), 15);
        foreach (var account in full || chain == 60 ? new[] { dollars, coins } : [dollars])
        {
            var flat = SizingCases.Input(market, account, SizingCases.Mandate());
            StaysFlat(flat);
            if (full || chain == 60)
            {
                StaysFlat(flat with { VolatilityMultiplier = 1.3 });
                StaysFlat(flat with { Market = Mispriced(market) });
            }
        }
        double volatility = Sizer
            .Prepare(SizingCases.Input(market, dollars, SizingCases.Mandate()))
            .Value.Surfaces["BTC"]
            .AtTheMoneyVolatility(7 / 365.0);
        Trades(SizingCases.Input(market, dollars, SizingCases.Mandate(SizingCases.HighVolatility(1.5 * volatility))));
        if (full || chain == 60)
            Trades(SizingCases.Input(market, dollars, SizingCases.Mandate(SizingCases.Drift(1.5))));
    }

    static void StaysFlat(SizingInput input)
    {
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        Assert.All(decision.Targets, line => Assert.Equal(0, line.Target));
    }

    static void Trades(SizingInput input)
    {
        var decision = Sizer.Decide(input);
        Assert.True(decision.Status == DecisionStatus.Sized, string.Join("; ", decision.Missing));
        Assert.Contains(decision.Targets, line => line.Target != 0);
        Assert.All(
            decision.Limits,
            limit => Assert.True(limit.Value <= limit.Limit + 1e-6, $"{limit.Name} {limit.Value} > {limit.Limit}")
        );
    }

    /// <summary>One liquid option is quoted half as much again as it was.</summary>
    static MarketSnapshot Mispriced(MarketSnapshot market)
    {
        int at = Enumerable
            .Range(0, market.Quotes.Length)
            .First(i =>
                market.Quotes[i] is { Instrument: OptionInstrument, IsTwoSided: true, DailyVolumeContracts: > 0 } quote
                && quote.Ask < 1.1m * quote.Bid
                && quote.Bid is > 0.01m and < 0.1m
            );
        var quote = market.Quotes[at];
        decimal Up(decimal price) => quote.Instrument.Ticks.RoundDown(1.5m * price);
        return market with
        {
            Quotes = market.Quotes.SetItem(
                at,
                quote with
                {
                    Bid = Up(quote.Bid!.Value),
                    Ask = Up(quote.Ask!.Value),
                    Mark = quote.Mark * 1.5m,
                    MarkImpliedVolatility = null,
                }
            ),
        };
    }

    [Fact]
    public void Drift_view_leaves_every_delta_hedged_option_without_edge()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var market = SizingCases.Chain(SizingCases.Chains[60]);
        var input = SizingCases.Input(
            market,
            SizingCases.AllIn(Currency.Usd, 1_000_000),
            SizingCases.Mandate(SizingCases.Drift(1.5))
        );
        var prepared = Sizer.Prepare(input).Value;
        var matrix = prepared.Matrix;
        int hedge = Enumerable
            .Range(0, matrix.Instruments.Length)
            .First(i => matrix.Instruments[i] is PerpetualInstrument { Underlying: "BTC", Shape: PayoffShape.Inverse });
        double EdgeOf(int i)
        {
            double sum = prepared.Edge.Shift[i];
            for (int s = 0; s < matrix.Scenarios.Count; s++)
                sum += prepared.Law.Weights[s] * matrix.Gain[s, i];
            return sum;
        }
        double perDelta = EdgeOf(hedge) / prepared.Greeks[hedge].Delta;
        Assert.True(perDelta > 1e-4, $"the view must be worth something: {perDelta}");
        for (int i = 0; i < matrix.Instruments.Length; i++)
            if (matrix.Instruments[i].Underlying == "BTC")
            {
                double hedged = EdgeOf(i) - prepared.Greeks[i].Delta * perDelta;
                Assert.True(Math.Abs(hedged) <= 1e-9, $"{matrix.Instruments[i].Name}: {hedged:R}");
            }
    }

    [Fact]
    public void Naked_short_call_is_bounded_by_the_tail_range_not_by_the_sample()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var market = SizingCases.Chain(SizingCases.Chains[60]);
        string call = market
            .Quotes.Where(quote =>
                quote
                    is { Instrument: OptionInstrument { Right: OptionRight.Call, Underlying: "BTC" }, IsTwoSided: true }
                && quote.Instrument.SettlesAt > market.AsOf.AddDays(20)
                && quote.Ask < 1.09m * quote.Bid
                && quote.Bid < 0.03m
            )
            .MinBy(quote => quote.Instrument.SettlesAt)!
            .Instrument.Name;
        decimal Short(int scenarios)
        {
            var mandate = SizingCases.Mandate(SizingCases.HighVolatility(0.2)) with
            {
                Candidates = [call],
                Limits = new MandateLimits(),
                Holding = Years.FromDays(30),
                Survival = new SurvivalLimits { WorstCase = new WorstCaseLimit(0.25, 0.25, 4, false) },
            };
            var input = SizingCases.Input(market, SizingCases.AllIn(Currency.Usd, 1_000_000), mandate);
            var decision = Sizer.Decide(input with { Scenarios = scenarios });
            Assert.Equal(DecisionStatus.Sized, decision.Status);
            Assert.Contains(decision.Limits, limit => limit.Binding && limit.Name.Contains("tail-range"));
            return Assert.Single(decision.Targets).Target;
        }
        decimal few = Short(1_000);
        Assert.True(few < 0);
        Assert.Equal(few, Short(100_000));
    }
}
