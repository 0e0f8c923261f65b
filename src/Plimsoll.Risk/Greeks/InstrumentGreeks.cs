using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Greeks of one contract.</summary>
public static class InstrumentGreeks
{
    const double DaysPerYear = 365;
    const double ReferenceDays = 30;

    /// <summary>Greeks of +1 contract in USD; null where the market does not say enough.</summary>
    /// <param name="instrument">The contract.</param>
    /// <param name="prices">Model prices now.</param>
    public static GreekSet? Of(Instrument instrument, ModelPrices prices)
    {
        if (prices.IndexUsd(instrument.Underlying) is not { } indexUsd)
            return null;
        if (prices.UnderlyingPriceUsd(instrument) is not { } priceUsd)
            return null;
        return instrument is OptionInstrument option
            ? OfOption(option, prices.Slice(option)!, priceUsd, indexUsd)
            : OfDeltaOne(instrument, priceUsd, indexUsd);
    }

    /// <summary>A future gains in proportion to its notional; in dollars it has no gamma, inverse or not.</summary>
    static GreekSet OfDeltaOne(Instrument instrument, double priceUsd, double indexUsd)
    {
        double size = (double)instrument.ContractSize;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        double coins = inverse ? size / priceUsd : size;
        double deltaUsd = inverse ? coins * indexUsd : coins * priceUsd;
        return new GreekSet(deltaUsd, deltaUsd, coins, coins, 0, 0, 0, 0, 0);
    }

    static GreekSet OfOption(OptionInstrument option, SviSlice slice, double forwardUsd, double indexUsd)
    {
        double strikeUsd = (double)option.StrikeUsd;
        double k = Math.Log(strikeUsd / forwardUsd);
        double vol = slice.VolatilityAnnual(k);
        var greeks = Black76.Evaluate(forwardUsd, strikeUsd, slice.TYears, vol, option.Right);
        double size = (double)option.ContractSize;
        bool inverse = option.Shape == PayoffShape.Inverse;
        // Dollars now for one dollar of option value: an inverse option's value in coin is paid at the index.
        double dollars = size * (inverse ? indexUsd / forwardUsd : 1);
        double deltaCoin = inverse ? Black76.NetTransactionDelta(greeks, forwardUsd) : greeks.Delta;
        double volPerLogSpot = VolatilityPerLogSpot(option.Underlying, slice, k, vol);
        double intrinsicUsd = OptionValue.PayoffUsd(option, forwardUsd);
        double thetaUsd = -Math.Min(-greeks.ThetaUsdPerYear / DaysPerYear, Math.Max(0, greeks.PriceUsd - intrinsicUsd));
        double deltaUsd = deltaCoin * forwardUsd * dollars;
        return new GreekSet(
            deltaUsd,
            deltaUsd + greeks.VegaUsdPerVol * volPerLogSpot * dollars,
            greeks.Delta * size,
            deltaCoin * size,
            greeks.GammaPerUsd * forwardUsd * forwardUsd / 100 * dollars,
            greeks.VegaUsdPerVol / 100 * dollars,
            thetaUsd * dollars,
            greeks.VannaPerVol * forwardUsd / 100 * dollars,
            greeks.VolgaUsdPerVol2 / 10_000 * dollars
        );
    }

    /// <summary>
    /// dσ(K)/d ln S on the moved surface at no move: the smile rides on the forward, −∂σ/∂k, and its level m answers
    /// spot with the mean of the betas down and up, scaled to the tenor; with the shape kept in standard deviations
    /// dσ/dm = σ − k·∂σ/∂k.
    /// </summary>
    static double VolatilityPerLogSpot(string underlying, SviSlice slice, double k, double vol)
    {
        double y = k - slice.M;
        double varianceSlope = slice.B * (slice.Rho + y / Math.Sqrt(y * y + slice.Sigma * slice.Sigma));
        double volSlope = varianceSlope / (2 * vol * slice.TYears);
        var response = VolatilityResponses.For(underlying);
        double days = Math.Max(1, slice.TYears * DaysPerYear);
        double levelPerLogSpot =
            (response.DownBeta + response.UpBeta) / 2 * Math.Pow(ReferenceDays / days, response.TenorExponent);
        return -volSlope + levelPerLogSpot * (vol - k * volSlope);
    }
}
