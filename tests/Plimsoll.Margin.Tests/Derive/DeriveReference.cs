namespace Plimsoll.Margin.Tests;

/// <summary>
/// Derive's three managers once more, slowly, from the formula text of docs/margin/derive.md: own normal law, own
/// Black-76, no code of the program but its records of data.
/// </summary>
static class DeriveReference
{
    const double Year = 31_536_000;

    /// <summary>erfc by its power series up to 2.5 and by its continued fraction beyond (Abramowitz-Stegun 7.1.5, 14).</summary>
    static double Erfc(double x)
    {
        if (x < 0)
            return 2 - Erfc(-x);
        if (x < 2.5)
        {
            double term = x,
                sum = x;
            for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum) && n < 200; n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.Sqrt(Math.PI) * sum;
        }
        double fraction = 0;
        for (int k = 200; k >= 1; k--)
            fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    static double Normal(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    static double Black(double forward, double strike, double years, double volatility, bool call)
    {
        double total = volatility * Math.Sqrt(years);
        if (total <= 0)
            return Math.Max(0, call ? forward - strike : strike - forward);
        double d1 = Math.Log(forward / strike) / total + total / 2,
            d2 = d1 - total;
        return call ? forward * Normal(d1) - strike * Normal(d2) : strike * Normal(-d2) - forward * Normal(-d1);
    }

    static double Value(DeriveExpiry e, double u, Func<DeriveOption, double> volatility, double discount) =>
        e.Options.Sum(o =>
            o.Amount
            * discount
            * Black(
                e.ForwardVariableUsd * u + e.ForwardFixedUsd,
                o.StrikeUsd,
                e.SecondsToExpiry / Year,
                volatility(o),
                o.IsCall
            )
        );

    public static (double Initial, double Maintenance) Standard(DeriveBook book, DeriveStandardParameters p)
    {
        double im = book.CashUsd,
            mm = book.CashUsd;
        foreach (var m in book.Markets)
        {
            var rules = p.Markets.Single(r => r.Underlying == m.Underlying);
            double s = m.SpotUsd,
                q = Math.Abs(m.Perpetual.Amount);
            double confPerp = Math.Min(m.Perpetual.Confidence, m.SpotConfidence);
            im -= q * m.Perpetual.PriceUsd * rules.Perpetual!.Initial;
            mm -= q * m.Perpetual.PriceUsd * rules.Perpetual.Maintenance;
            if (confPerp < p.OfPerpetuals.Threshold)
                im -= (1 - confPerp) * p.OfPerpetuals.Factor * s * q;
            im += m.Perpetual.UnrealisedUsd;
            mm += m.Perpetual.UnrealisedUsd;
            double shorts = 0;
            foreach (var e in m.Expiries)
            {
                double isolatedIm = 0,
                    isolatedMm = 0;
                foreach (var o in e.Options.Where(o => o.Amount < 0))
                {
                    double a = o.Amount,
                        v =
                            a
                            * Black(e.ForwardUsd, o.StrikeUsd, e.SecondsToExpiry / Year, o.VolatilityAnnual, o.IsCall);
                    double otm = Math.Max(0, (o.IsCall ? o.StrikeUsd - s : s - o.StrikeUsd) / s);
                    double mult = Math.Max(rules.Option!.MaxSpot - otm, rules.Option.MinSpot);
                    if (o.IsCall)
                    {
                        isolatedIm += a * s * mult + v;
                        isolatedMm += v + a * s * rules.Option.MaintenanceCall;
                    }
                    else
                    {
                        double put =
                            Math.Min(a * s * rules.Option.MaintenancePut, v * rules.Option.MaintenancePutMark) + v;
                        isolatedMm += put;
                        isolatedIm += Math.Min(a * s * mult + v, put * p.PutInitialOverMaintenance);
                    }
                    shorts -= a;
                }
                double worst = 0;
                foreach (double at in e.Options.Select(o => o.StrikeUsd).Append(0))
                    worst = Math.Min(
                        worst,
                        e.Options.Sum(o => o.Amount * Math.Max(0, o.IsCall ? at - o.StrikeUsd : o.StrikeUsd - at))
                    );
                double net = e.Options.Where(o => o.IsCall).Sum(o => o.Amount);
                double lossIm = worst + (net < 0 ? net * e.ForwardUsd * p.UnpairedInitial : 0),
                    lossMm = worst + (net < 0 ? net * e.ForwardUsd * p.UnpairedMaintenance : 0);
                im += Math.Max(isolatedIm, lossIm);
                mm += Math.Max(isolatedMm, lossMm);
                double conf = Math.Min(e.Confidence, m.SpotConfidence);
                if (conf < p.OfOptions.Threshold)
                    im -= (1 - conf) * p.OfOptions.Factor * s * e.Options.Sum(o => Math.Max(0, -o.Amount));
            }
            double f = rules.Base!.Fraction;
            mm += m.BaseCoin * s * f;
            im += m.BaseCoin * s * f * rules.Base.InitialScale;
            if (f > 0 && m.SpotConfidence < p.OfCoins.Threshold)
                im -= (1 - m.SpotConfidence) * p.OfCoins.Factor * m.BaseCoin * s;
            im -= Math.Max(0, p.DepegThresholdUsd - book.StablePriceUsd) * p.DepegFactor * s * (shorts + q);
        }
        return (im, mm);
    }

    static (double Up, double Down) Shocks(DeriveVolatilityShocks v, double seconds)
    {
        double days30 = 30 * 86_400.0;
        double k = Math.Pow(days30 / Math.Max(seconds, v.FloorSeconds), seconds <= days30 ? v.ShortPower : v.LongPower);
        return (1 + v.RangeUp * k, Math.Max(0, 1 - v.RangeDown * k));
    }

    static double Basis(DeriveExpiry e, DeriveBasis b, double discount)
    {
        double now = Value(e, 1, o => o.VolatilityAnnual, discount),
            up = Value(e, b.SpotUp, o => o.VolatilityAnnual, discount),
            down = Value(e, b.SpotDown, o => o.VolatilityAnnual, discount);
        return Math.Min(0, Math.Min(up - now, down - now))
            * (b.AddFactor + b.MultiplyFactorPerYear * e.SecondsToExpiry / Year);
    }

    static double Naked(DeriveExpiry e)
    {
        double naked = 0;
        foreach (double strike in e.Options.Select(o => o.StrikeUsd).Distinct())
        {
            double shorts = e.Options.Where(o => o.StrikeUsd == strike && o.Amount < 0).Sum(o => -o.Amount),
                longs = e.Options.Where(o => o.StrikeUsd == strike && o.Amount > 0).Sum(o => o.Amount);
            naked += Math.Max(0, shorts - longs);
        }
        return naked;
    }

    public static (double Initial, double Maintenance) First(DeriveBook book, DerivePortfolioParameters p)
    {
        var m = book.Markets[0];
        double s = m.SpotUsd,
            q = m.Perpetual.Amount,
            coin = m.BaseCoin * s / book.StablePriceUsd;
        double now = m.Expiries.Sum(e => Value(e, 1, o => o.VolatilityAnnual, 1));
        double span = m.Expiries.Sum(e => Basis(e, p.Basis, 1));
        foreach (var scenario in p.Scenarios)
        {
            double u = scenario.SpotMultiple,
                gain = coin * (u - 1) + q * m.Perpetual.PriceUsd * (u - 1);
            foreach (var e in m.Expiries)
            {
                var (up, down) = Shocks(p.Volatility, e.SecondsToExpiry);
                double factor =
                    scenario.Volatility == DeriveShock.Up ? up
                    : scenario.Volatility == DeriveShock.Down ? down
                    : 1;
                double shocked = Value(e, u, o => o.VolatilityAnnual * factor, 1);
                double discount =
                    p.StaticDiscount
                    * Math.Exp(
                        -e.SecondsToExpiry / Year * (Math.Max(0, e.RateAnnual) * p.RateMultiplier + p.RateAddPerYear)
                    );
                gain += (shocked > 0 ? shocked * discount : shocked) - Value(e, 1, o => o.VolatilityAnnual, 1);
            }
            span = Math.Min(span, gain);
        }
        double fixedPart =
            (Math.Abs(q) * p.PerpetualFraction + m.BaseCoin * p.CoinFraction) * s
            + m.Expiries.Sum(Naked) * p.NakedShortFraction * s;
        double value = now + coin + m.Perpetual.UnrealisedUsd + book.CashUsd;
        double unsure = 0,
            conf = q != 0 ? Math.Min(m.SpotConfidence, m.Perpetual.Confidence) : m.SpotConfidence;
        if (conf < p.Confidence.Threshold)
            unsure += (1 - conf) * p.Confidence.Factor * s * (Math.Abs(q) + m.BaseCoin);
        foreach (var e in m.Expiries)
            if (Math.Min(conf, e.Confidence) is var least && least < p.Confidence.Threshold)
                unsure += (1 - least) * p.Confidence.Factor * s * e.Options.Sum(o => Math.Abs(o.Amount));
        double times = p.InitialFactor + Math.Max(0, p.PegThresholdUsd - book.StablePriceUsd) * p.PegFactor;
        return ((span - fixedPart) * times - unsure + value, span - fixedPart + value);
    }

    public static (double Initial, double Maintenance) Second(DeriveBook book, DerivePortfolioParameters2 p)
    {
        var m = book.Markets[0];
        double s = m.SpotUsd,
            q = m.Perpetual.Amount;
        double Discount(DeriveExpiry e) => Math.Exp(-Math.Max(0, e.RateAnnual) * e.SecondsToExpiry / Year);
        double Now(DeriveExpiry e) => Value(e, 1, o => o.VolatilityAnnual, Discount(e));
        double Worth(DeriveCollateral c) => c.Amount * c.PriceUsd / book.StablePriceUsd;
        double span = m.Expiries.Sum(e => Basis(e, p.Basis, Discount(e)));
        foreach (var scenario in p.Scenarios)
        {
            double u = scenario.SpotMultiple,
                gain = q * m.Perpetual.PriceUsd * (u - 1);
            gain += book.Collaterals.Where(c => c.RiskCancelling).Sum(c => Worth(c) * (u - 1));
            foreach (var e in m.Expiries)
            {
                double tau = e.SecondsToExpiry / Year,
                    rate = Math.Max(0, e.RateAnnual);
                var (up, down) = Shocks(p.Volatility, e.SecondsToExpiry);
                bool skew = scenario.Volatility is DeriveShock.Linear or DeriveShock.Abs;
                double Volatility(DeriveOption o)
                {
                    switch (scenario.Volatility)
                    {
                        case DeriveShock.Up:
                            return Math.Max(o.VolatilityAnnual * up, p.Volatility.LeastVolatilityUp);
                        case DeriveShock.Down:
                            return o.VolatilityAnnual * down;
                        case DeriveShock.None:
                            return o.VolatilityAnnual;
                    }
                    bool linear = scenario.Volatility == DeriveShock.Linear;
                    double cap = linear
                        ? p.Skew.LinearBaseCap + p.Skew.LinearC * Math.Sqrt(tau)
                        : p.Skew.AbsBaseCap + p.Skew.AbsC * Math.Sqrt(tau);
                    double width =
                        Math.Sqrt(tau)
                        * p.Skew.WidthScale
                        * (p.Skew.VolatilityStatic + Math.Sqrt(tau) * p.Skew.VolatilityScale);
                    double star = Math.Max(p.Skew.LeastKStar, width);
                    double k = Math.Log(o.StrikeUsd / (e.ForwardVariableUsd + e.ForwardFixedUsd));
                    if (!linear)
                        k = Math.Abs(k);
                    double tilt = k * cap / star;
                    double clipped = k >= 0 ? Math.Min(cap, tilt) : Math.Max(-cap, tilt);
                    return o.VolatilityAnnual * Math.Max(0, 1 + clipped);
                }
                double shocked = Value(e, u, Volatility, Discount(e));
                double plus =
                    p.LongStaticDiscount * Math.Exp(-tau * (rate * p.LongRateMultiplier + p.LongRateAddPerYear));
                double minus = Math.Min(
                    Math.Exp(rate * tau),
                    p.ShortStaticDiscount * Math.Exp(tau * (rate * p.ShortRateMultiplier + p.ShortRateAddPerYear))
                );
                double change = (shocked >= 0 ? shocked * plus : shocked * minus) - Now(e);
                gain += skew ? -Math.Abs(change) : change;
            }
            span = Math.Min(span, gain * scenario.Dampening);
        }
        double naked = m.Expiries.Sum(Naked),
            notional = Math.Abs(q) * s;
        double mmc =
            notional * p.MaintenancePerpetual
            + naked * s * p.MaintenanceNaked
            + book.Collaterals.Sum(c => Worth(c) * c.MaintenanceHaircut);
        double imc =
            notional * p.InitialPerpetualOnTop
            + naked * s * p.InitialNakedOnTop
            + book.Collaterals.Sum(c => Worth(c) * c.InitialHaircutOnTop);
        double Unsure(double conf, double usd) =>
            conf < p.Confidence.Threshold ? (1 - conf) * p.Confidence.Factor * usd : 0;
        double feed = q != 0 ? Math.Min(m.SpotConfidence, m.Perpetual.Confidence) : m.SpotConfidence;
        imc += Unsure(feed, notional);
        imc += m.Expiries.Sum(e => Unsure(Math.Min(feed, e.Confidence), s * e.Options.Sum(o => Math.Abs(o.Amount))));
        imc += book.Collaterals.Sum(c => Unsure(Math.Min(feed, c.Confidence), Worth(c)));
        double value = book.CashUsd + m.Perpetual.UnrealisedUsd + m.Expiries.Sum(Now) + book.Collaterals.Sum(Worth);
        double times = p.InitialFactor + Math.Max(0, p.PegThresholdUsd - book.StablePriceUsd) * p.PegFactor;
        return (span * times - mmc - imc + value, span * p.MaintenanceFactor - mmc + value);
    }
}
