using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>
/// Deribit's portfolio margin straight from the formula text, one number at a time, reading the parameter file itself.
/// </summary>
sealed class DeribitPortfolioReference(string parameters)
{
    readonly JsonNode file = JsonNode.Parse(parameters)!;

    /// <summary>Initial and maintenance margin of one pool: coin of a segregated one, USD of a cross one.</summary>
    /// <param name="portfolio">Everything held.</param>
    /// <param name="currency">Settlement currency of the pool; null: cross.</param>
    public (double Initial, double Maintenance) Margin(MarginPortfolio portfolio, string? currency)
    {
        double total = 0;
        foreach (string coin in (string[])["BTC", "ETH"])
        foreach (bool paysCoin in (bool[])[true, false])
        {
            var held = portfolio
                .Positions.Where(p =>
                    p.Instrument.Underlying == coin
                    && (p.Instrument.Shape == PayoffShape.Inverse) == paysCoin
                    && (currency is null || p.Instrument.Settlement.Code == currency)
                )
                .ToList();
            double equity = currency is null && paysCoin ? Equity(portfolio, coin) : 0;
            total += RiskMatrix(portfolio, held, coin, paysCoin, currency is not null && paysCoin, equity);
        }
        double factor = file["general"]!["mm_factor"]!.GetValue<double>();
        return (Math.Round(total, 9), factor * total);
    }

    double RiskMatrix(
        MarginPortfolio portfolio,
        List<MarginPosition> held,
        string coin,
        bool paysCoin,
        bool inCoin,
        double equityCoins
    )
    {
        if (held.Count == 0 && equityCoins == 0)
            return 0;
        var risk = file["underlyings"]![coin]!;
        var money = file["currencies"]![paysCoin ? coin : "USDC"]!;
        double Risk(string key) => risk[key]!.GetValue<double>();
        double Money(string key) => money[key]!.GetValue<double>();
        double s = portfolio.Market.IndexUsd[coin];
        double range = Risk("price_range");
        double worst = 0;
        for (int step = -4; step <= 4; step++)
            foreach (string shock in (string[])["down", "same", "up"])
            {
                double u = range * step / 4;
                double usd = equityCoins * s * u;
                double inCoins = 0;
                foreach (var p in held)
                {
                    double gain = GainCoinOrUsd(p, portfolio, u, shock, risk);
                    usd += paysCoin ? gain * s * (1 + u) : gain;
                    inCoins += gain;
                }
                double cell = inCoin ? inCoins : usd;
                worst = Math.Max(worst, -(cell > 0 ? cell * Money("pnl_offset") : cell));
            }
        foreach (double u in (double[])[-0.66, -0.33, 0.5, 1, 2, 3, 4, 5])
        {
            double usd = equityCoins * s * u;
            foreach (var p in held)
            {
                double gain = GainCoinOrUsd(p, portfolio, u, "up", risk);
                usd += paysCoin ? gain * s * (1 + u) : gain;
            }
            double scaled = usd * Risk("extended_table_factor") * range / Math.Abs(u);
            double dampener = Math.Max(0, Math.Abs(u) / range - 1) * Money("extended_dampener");
            if (scaled >= 0)
                continue;
            double loss = Math.Max(0, -scaled - dampener);
            worst = Math.Max(worst, inCoin ? loss / (s * (1 + Math.Sign(u) * range)) : loss);
        }
        double roll = 0;
        foreach (var expiry in held.GroupBy(p => p.Instrument.SettlesAt))
        {
            double net = expiry.Sum(p => p.Contracts * DeltaCoins(p, portfolio));
            double years = expiry.Key is { } at ? (at - portfolio.Market.AsOf).TotalDays / 365 : 0;
            double rate = Math.Exp(Money("annualised_move_risk") * years) - 1;
            roll += Math.Abs(net) * Math.Max(Money("min_annualised_move"), rate);
        }
        double d1 = 0,
            d2 = 0;
        foreach (var p in held)
            if (p.Instrument is OptionInstrument && p.Contracts > 0)
                d1 += p.Contracts * DeltaCoins(p, portfolio);
            else
                d2 += p.Contracts * DeltaCoins(p, portfolio);
        double d = d2 < 0 ? Math.Min(Math.Max(d1 + d2, d2), 0) : Math.Max(Math.Min(d1 + d2, d2), 0);
        double size = Math.Abs(d);
        double excess = Math.Max(0, size * s - Risk("delta_total_liq_shock_threshold"));
        double shockUsd = Math.Min(excess * size * Risk("m_inc"), Risk("max_delta_shock") * s * size);
        double unit = inCoin ? 1 : s;
        return Math.Round(worst, 9) + roll * unit + shockUsd / s * unit;
    }

    double GainCoinOrUsd(MarginPosition p, MarginPortfolio portfolio, double u, string shock, JsonNode risk)
    {
        var quote = portfolio.Market.Quotes[p.Instrument.Name];
        double size = p.Contracts * (double)p.Instrument.ContractSize;
        double f = quote.UnderlyingUsd;
        bool paysCoin = p.Instrument.Shape == PayoffShape.Inverse;
        if (p.Instrument is not OptionInstrument option)
            return paysCoin ? size / f * u / (1 + u) : size * f * u;
        double days = (option.Expiry - portfolio.Market.AsOf).TotalDays;
        double power = risk[days < 30 ? "short_term_vega_power" : "long_term_vega_power"]!.GetValue<double>();
        double k = Math.Pow(30 / Math.Max(days, 1), power);
        double vol = quote.ImpliedVolatility!.Value;
        double shocked = shock switch
        {
            "up" => Math.Max(
                vol * (1 + risk["volatility_range_up"]!.GetValue<double>() * k),
                risk["min_volatility_for_shock_up"]!.GetValue<double>()
            ),
            "down" => Math.Max(0, vol * (1 - risk["volatility_range_down"]!.GetValue<double>() * k)),
            _ => vol,
        };
        bool isCall = option.Right == OptionRight.Call;
        double strike = (double)option.StrikeUsd;
        double then = NaiveBlack.Price(f * (1 + u), strike, shocked, days / 365, isCall);
        double now = NaiveBlack.Price(f, strike, vol, days / 365, isCall);
        return paysCoin ? size * (then / (f * (1 + u)) - now / f) : size * (then - now);
    }

    static double DeltaCoins(MarginPosition p, MarginPortfolio portfolio)
    {
        var quote = portfolio.Market.Quotes[p.Instrument.Name];
        double size = (double)p.Instrument.ContractSize;
        double f = quote.UnderlyingUsd;
        bool paysCoin = p.Instrument.Shape == PayoffShape.Inverse;
        if (p.Instrument is not OptionInstrument option)
            return paysCoin ? size / f : size;
        double years = (option.Expiry - portfolio.Market.AsOf).TotalDays / 365;
        bool isCall = option.Right == OptionRight.Call;
        double strike = (double)option.StrikeUsd;
        double vol = quote.ImpliedVolatility!.Value;
        double delta = NaiveBlack.Delta(f, strike, vol, years, isCall);
        return size * (paysCoin ? delta - NaiveBlack.Price(f, strike, vol, years, isCall) / f : delta);
    }

    static double Equity(MarginPortfolio portfolio, string coin)
    {
        double equity = portfolio.Balances.Where(b => b.Currency.Code == coin).Sum(b => b.Amount);
        foreach (var p in portfolio.Positions.Where(p => p.Instrument.Settlement.Code == coin))
            if (p.Instrument is OptionInstrument)
                equity +=
                    p.Contracts * (double)p.Instrument.ContractSize * portfolio.Market.Quotes[p.Instrument.Name].Mark;
        return equity;
    }
}
