using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Storage;

/// <summary>Quotes of the options of one embedded expiry: marks on the slice, quotes on ticks around them.</summary>
sealed class EmbeddedOptions(EmbeddedDescription market, EmbeddedCoin coin, EmbeddedExpiry expiry)
{
    readonly DateTimeOffset expiresAt = new(expiry.Expiry.ToDateTime(new TimeOnly(8, 0)), TimeSpan.Zero);
    readonly decimal[] strikes = [.. expiry.Strikes.SelectMany(Range).Distinct().Order()];

    /// <summary>Calls and puts of every strike, with one settlement or the other.</summary>
    public IEnumerable<InstrumentQuote> Quotes(string? quoteCurrency)
    {
        foreach (var right in new[] { OptionRight.Call, OptionRight.Put })
        {
            var activity = right == OptionRight.Call ? expiry.Calls : expiry.Puts;
            double[] interest = Shares(activity.Centre, activity.Width);
            double[] volume = Shares(activity.VolumeCentre, activity.VolumeWidth);
            for (int i = 0; i < strikes.Length; i++)
            {
                var name = new DeribitName(
                    ContractKind.Option,
                    coin.Underlying,
                    quoteCurrency,
                    expiry.Expiry,
                    strikes[i],
                    right
                );
                var option = (OptionInstrument)ContractsFile.Deribit.Instrument(name)!;
                double coins = (double)option.ContractSize;
                double share = option.Shape == PayoffShape.Linear ? market.LinearShare : 1;
                double depth = Math.Max(0.1, interest[i] / interest.Max());
                yield return Priced(option) with
                {
                    OpenInterestContracts = Contracts(option, share * activity.OpenInterest * interest[i] / coins),
                    DailyVolumeContracts = Contracts(option, share * activity.DailyVolume * volume[i] / coins),
                    BidDepthContracts = Contracts(option, share * depth * coin.Assumed.OptionDepthCoins / coins),
                    AskDepthContracts = Contracts(option, share * depth * coin.Assumed.OptionDepthCoins / coins),
                    BidContracts = Contracts(option, share * depth * coin.Assumed.OptionTopCoins / coins),
                    AskContracts = Contracts(option, share * depth * coin.Assumed.OptionTopCoins / coins),
                };
            }
        }
    }

    InstrumentQuote Priced(OptionInstrument option)
    {
        double years = Years.Between(market.AsOf, expiresAt).Value;
        var svi = expiry.Svi;
        var slice = new SviSlice(expiresAt, years, expiry.ForwardUsd, svi[0], svi[1], svi[2], svi[3], svi[4]);
        double strike = (double)option.StrikeUsd;
        double volatility = slice.VolatilityAnnual(Math.Log(strike / expiry.ForwardUsd));
        double usd = Black76.PriceUsd(expiry.ForwardUsd, strike, years, volatility, option.Right);
        bool inverse = option.Shape == PayoffShape.Inverse;
        double coins = usd / expiry.ForwardUsd;
        double spread = expiry.Spread[0] + expiry.Spread[1] * coins;
        double unit = inverse ? 1 : expiry.ForwardUsd;
        double half = unit * spread * (inverse ? 0.5 : 0.5 * market.LinearSpread);
        double mark = unit * coins;
        decimal bid = option.Ticks.RoundDown((decimal)Math.Max(0, mark - half));
        decimal ask = option.Ticks.RoundUp((decimal)(mark + half));
        return new()
        {
            Instrument = option,
            Bid = bid > 0 ? bid : null,
            Ask = ask,
            Mark = Math.Round((decimal)mark, inverse ? 8 : 4) is > 0 and var rounded ? rounded : null,
            MarkImpliedVolatility = Math.Round(volatility, 4),
        };
    }

    /// <summary>Share of each strike under a normal curve; the shares add up to one.</summary>
    double[] Shares(double centre, double width)
    {
        double[] weights =
        [
            .. strikes.Select(strike =>
            {
                double z = (Math.Log((double)strike / expiry.ForwardUsd) - centre) / width;
                return Math.Exp(-0.5 * z * z) + 1e-6;
            }),
        ];
        double total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    static decimal Contracts(OptionInstrument option, double contracts) =>
        Math.Round((decimal)contracts / option.LotContracts) * option.LotContracts;

    static IEnumerable<decimal> Range(System.Collections.Immutable.ImmutableArray<decimal> range)
    {
        for (decimal strike = range[0]; strike <= range[1]; strike += range[2])
            yield return strike;
    }
}
