using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Greeks as sizing limits and reports them: those of the risk report, and finite differences of the payoff.</summary>
public sealed class LineGreeksTests
{
    static readonly SizingInput Input = SizingCases.Input(
        EmbeddedMarket.Snapshot(),
        EmbeddedMarket.Account(),
        EmbeddedMarket.Mandate() with
        {
            Candidates = [],
        }
    ) with
    {
        Scenarios = 1_000,
    };

    static readonly PreparedSizing Prepared = Sizer.Prepare(Input).Value;

    [Theory]
    [InlineData("delta_home[{0}]", "delta_home[{0}]")]
    [InlineData("gamma_1pct_home[{0}]", "gamma_1pct_usd[{0}]")]
    [InlineData("vega_1pt_home[{0}]", "vega_1pt_usd[{0}]")]
    [InlineData("theta_1d_home[{0}]", "theta_1d_usd[{0}]")]
    public void Account_greeks_are_those_of_the_risk_report(string inSize, string inRisk)
    {
        var before = Sizer.Decide(Prepared).Before;
        var risk = AccountRisk.Report(RiskRequests.Of(Input, []).Value).Before!.Figures;
        foreach (string coin in new[] { "BTC", "ETH" })
        {
            double expected = Value(risk, string.Format(null, inRisk, coin));
            Assert.NotEqual(0, expected);
            Assert.Equal(expected, Value(before, string.Format(null, inSize, coin)), 1e-9 * Math.Abs(expected));
        }
    }

    /// <summary>Inverse and linear options of the nearest strike of a middle expiry, and every future.</summary>
    public static TheoryData<string> Instruments =>
        [
            .. EmbeddedMarket
                .Snapshot()
                .Quotes.Where(quote =>
                    quote.Instrument is PerpetualInstrument or FutureInstrument
                    || quote.Instrument is OptionInstrument { Underlying: "BTC" } option
                        && option.Expiry.Date == new DateTime(2026, 6, 26)
                        && option.StrikeUsd is > 60_000 and < 85_000
                )
                .Select(quote => quote.Instrument.Name),
        ];

    [Theory]
    [MemberData(nameof(Instruments))]
    public void Greeks_of_one_contract_are_finite_differences_of_its_gain(string name)
    {
        int column = Enumerable.Range(0, Prepared.Greeks.Length).Single(i => Named(i) == name);
        var (instrument, greeks) = (Prepared.Matrix.Instruments[column], Prepared.Greeks[column]);
        const double step = 1e-4;
        double Gain(double move, double volMove = 0, double days = 0) => GainUsd(instrument, move, volMove, days);
        double slope = (Gain(step) - Gain(-step)) / (2 * step);
        Near(slope, greeks.Delta, 1e-6);
        if (instrument is not OptionInstrument)
            return;
        Near((Gain(0, 0.0001) - Gain(0, -0.0001)) * 50, greeks.Vega1Pt, 1e-5);
        Near((Gain(0, 0, 0.01) - Gain(0, 0, -0.01)) * 50, greeks.Theta1D, 1e-4);
        Near(BlackGammaUsd(instrument) / 100, greeks.Gamma1Pct, 1e-5);

        void Near(double expected, double actual, double relative) =>
            Assert.True(
                Math.Abs(expected - actual) <= relative * Math.Max(Math.Abs(expected), 1e-3),
                $"{name}: {expected:R} against {actual:R}"
            );
    }

    static string Named(int column) => Prepared.Matrix.Instruments[column].Name;

    static double Value(IEnumerable<RiskFigure> figures, string key) =>
        figures.Single(figure => figure.Key == key).Value!.Value;

    /// <summary>Gain of +1 contract in dollars when index and forward move together, volatility and time by themselves.</summary>
    static double GainUsd(Instrument instrument, double move, double volMove, double days)
    {
        double size = (double)instrument.ContractSize;
        double index = Input.Market.Find(instrument.Underlying)!.IndexUsd;
        double now = Prepared.Prices.UnderlyingPriceUsd(instrument)!.Value;
        double then = now * (1 + move);
        bool isInverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is not OptionInstrument)
            return isInverse ? size * (1 / now - 1 / then) * index * (1 + move) : size * (then - now);
        double before = OptionUsd(instrument, now, 0, 0),
            after = OptionUsd(instrument, then, volMove, days);
        return isInverse ? size * (after / then - before / now) * index * (1 + move) : size * (after - before);
    }

    static double OptionUsd(Instrument instrument, double forward, double volMove, double days)
    {
        var option = (OptionInstrument)instrument;
        var slice = Prepared.Prices.Slice(option)!;
        double strike = (double)option.StrikeUsd;
        double volatility = slice.VolatilityAnnual(Math.Log(strike / slice.ForwardUsd)) + volMove;
        return Black76.PriceUsd(forward, strike, slice.TYears - days / 365, volatility, option.Right);
    }

    /// <summary>Second difference of the Black price, F²Γ, in dollars at the index.</summary>
    static double BlackGammaUsd(Instrument instrument)
    {
        double now = Prepared.Prices.UnderlyingPriceUsd(instrument)!.Value;
        const double step = 1e-3;
        double second =
            OptionUsd(instrument, now * (1 + step), 0, 0)
            - 2 * OptionUsd(instrument, now, 0, 0)
            + OptionUsd(instrument, now * (1 - step), 0, 0);
        double worth =
            instrument.Shape == PayoffShape.Inverse ? Input.Market.Find(instrument.Underlying)!.IndexUsd / now : 1;
        return (double)instrument.ContractSize * worth * second / (step * step);
    }
}
