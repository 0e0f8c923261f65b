using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>
/// Slow references of the rules that charge positions one by one, and of the SPAN-like scan: from the formula text and
/// the parameter file, sharing no code with the models. Initial and maintenance of a pool, in its own unit.
/// </summary>
sealed class PlainMargins(string resource)
{
    readonly JsonNode file = JsonNode.Parse(VenueParameters.Shipped(resource))!;

    static double Of(JsonNode? node) => node!.GetValue<double>();

    static double Size(MarginPosition p) => p.Contracts * (double)p.Instrument.ContractSize;

    /// <summary>Notional of one contract, USD.</summary>
    public static double UsdOf(MarginPosition p, MarginMarket market) =>
        (double)p.Instrument.ContractSize
        * (
            p.Instrument is not OptionInstrument && p.Instrument.Shape == PayoffShape.Inverse
                ? 1
                : market.Quotes[p.Instrument.Name].UnderlyingUsd
        );

    static double Away(OptionInstrument option, double price) =>
        option.Right == OptionRight.Call
            ? Math.Max(0, (double)option.StrikeUsd - price)
            : Math.Max(0, price - (double)option.StrikeUsd);

    /// <summary>Deribit, standard: of one currency, in it; null: everything in USD.</summary>
    public (double Initial, double Maintenance) Deribit(MarginPortfolio book, string? currency)
    {
        double initial = 0,
            maintenance = 0;
        foreach (var p in book.Positions)
        {
            string settled = p.Instrument.Settlement.Code;
            if (currency is not null && settled != currency)
                continue;
            var quote = book.Market.Quotes[p.Instrument.Name];
            var rules = file["underlyings"]!
                .AsArray()
                .Single(row => (string)row!["underlying"]! == p.Instrument.Underlying)!;
            double f = quote.UnderlyingUsd,
                inCurrency = p.Instrument.Shape == PayoffShape.Inverse ? 1 : f,
                home = currency is null ? book.Market.IndexUsd[settled] : 1;
            if (p.Instrument is OptionInstrument option)
            {
                if (p.Contracts >= 0)
                    continue;
                var of = rules["option"]!;
                double sold = -Size(p),
                    m = quote.Mark,
                    share = Math.Max(Of(of["initial_fraction"]) - Away(option, f) / f, Of(of["initial_floor"])),
                    mm = Of(of["maintenance_fraction"]) * inCurrency + m;
                if (option.Right == OptionRight.Put)
                    mm = Math.Max(Of(of["maintenance_fraction"]) * inCurrency, Of(of["maintenance_fraction"]) * m) + m;
                double im = share * inCurrency + m;
                if (option.Right == OptionRight.Put)
                    im = Math.Max(im, mm);
                initial += sold * im * home;
                maintenance += sold * mm * home;
                continue;
            }
            var future = rules["future"]!;
            double coins = Math.Abs(Size(p)) / (p.Instrument.Shape == PayoffShape.Inverse ? f : 1),
                grows = Of(future["slope_per_coin"]) * coins;
            initial += coins * (Of(future["initial_base"]) + grows) * inCurrency * home;
            maintenance += coins * (Of(future["maintenance_base"]) + grows) * inCurrency * home;
        }
        return (initial, maintenance);
    }

    /// <summary>Maintenance by walking over the brackets, and the largest leverage of the last one reached.</summary>
    (double Maintenance, double Leverage) Brackets(MarginPosition p, double notional)
    {
        string key =
            $"{p.Instrument.Underlying}/{p.Instrument.Settlement}" + (p.Instrument is FutureInstrument ? "/dated" : "");
        var table = file["brackets"]![key]!;
        double[] lower = [.. table["lower"]!.AsArray().Select(Of)];
        double sum = 0,
            leverage = Of(table["leverage"]![0]);
        for (int n = 0; n < lower.Length; n++)
        {
            double upper = n + 1 < lower.Length ? lower[n + 1] : double.PositiveInfinity;
            if (notional <= lower[n])
                break;
            sum += (Math.Min(notional, upper) - lower[n]) * Of(table["rates"]![n]);
            leverage = Of(table["leverage"]![n]);
        }
        return (sum, leverage);
    }

    /// <summary>Binance outside portfolio margin, USD.</summary>
    public (double Initial, double Maintenance) Binance(MarginPortfolio book)
    {
        double initial = 0,
            maintenance = 0;
        foreach (var p in book.Positions)
        {
            var quote = book.Market.Quotes[p.Instrument.Name];
            if (p.Instrument is OptionInstrument option)
            {
                if (p.Contracts >= 0)
                    continue;
                var of = file["options"]!;
                double s = quote.UnderlyingUsd,
                    away = Away(option, s);
                initial +=
                    -Size(p)
                    * (Math.Max(Of(of["initialMargin"]) * s - away, Of(of["minInitialMargin"]) * s) + quote.Mark);
                maintenance +=
                    -Size(p)
                    * (
                        Math.Max(Of(of["maintenanceMargin"]) * s - away, Of(of["minMaintenanceMargin"]) * s)
                        + quote.Mark
                    );
                continue;
            }
            double notional = Math.Abs(Size(p)) * quote.Mark;
            var (mm, leverage) = Brackets(p, notional);
            initial += notional / Math.Min(leverage, p.Leverage ?? leverage);
            maintenance += mm;
        }
        return (initial, maintenance);
    }

    /// <summary>Binance's portfolio margin, USD: uniMMR's sum at its two ratios.</summary>
    public (double Initial, double Maintenance) Unified(MarginPortfolio book)
    {
        double sum = book.Positions.Sum(p =>
            Brackets(p, Math.Abs(Size(p)) * book.Market.Quotes[p.Instrument.Name].Mark).Maintenance
        );
        return (Of(file["order_ratio"]) * sum, Of(file["liquidation_ratio"]) * sum);
    }

    /// <summary>Bybit's unified account, USD.</summary>
    public (double Initial, double Maintenance) Bybit(MarginPortfolio book)
    {
        double initial = 0,
            maintenance = 0;
        foreach (var p in book.Positions)
        {
            var quote = book.Market.Quotes[p.Instrument.Name];
            if (p.Instrument is OptionInstrument option)
            {
                if (p.Contracts >= 0)
                    continue;
                var of = file["options"]!;
                double s = quote.UnderlyingUsd,
                    m = quote.Mark,
                    mm =
                        Math.Max(Of(of["maintenance"]) * s, Of(of["maintenance"]) * m)
                        + m
                        + Of(of["liquidation_fee"]) * s,
                    im = Math.Max(Of(of["initial"]) * s - Away(option, s), Of(of["least_initial"]) * s) + m;
                initial += -Size(p) * Math.Max(im, mm);
                maintenance += -Size(p) * mm;
                continue;
            }
            double value = Math.Abs(Size(p)) * quote.Mark;
            var (tiers, most) = Brackets(p, value);
            double leverage = Math.Min(most, p.Leverage ?? most),
                bankrupt = p.Contracts > 0 ? 1 - 1 / leverage : 1 + 1 / leverage,
                fee = Of(file["close_fee"]) * value * bankrupt;
            initial += value / leverage + fee;
            maintenance += tiers + fee;
        }
        return (initial, maintenance);
    }

    /// <summary>The SPAN-like scan, USD.</summary>
    public (double Initial, double Maintenance) Span(MarginPortfolio book)
    {
        double total = 0;
        foreach (var coin in book.Positions.GroupBy(p => p.Instrument.Underlying))
        {
            var product = file["products"]![coin.Key]!;
            double range = Of(product["price_scan_range"]),
                volatility = Of(product["volatility_scan_range"]),
                worst = 0;
            for (int third = -3; third <= 3; third++)
                foreach (double up in (double[])[volatility, -volatility])
                    worst = Math.Max(worst, -coin.Sum(p => Gain(p, book.Market, range * third / 3, up)));
            foreach (double side in (double[])[-1, 1])
            {
                double far = side * range * Of(file["extreme_multiple"]);
                worst = Math.Max(
                    worst,
                    -Of(file["extreme_cover_fraction"]) * coin.Sum(p => Gain(p, book.Market, far, 0))
                );
            }
            double longs = 0,
                shorts = 0;
            foreach (var month in coin.GroupBy(p => p.Instrument.SettlesAt))
            {
                double net = month.Sum(p => Delta(p, book.Market));
                longs += Math.Max(0, net);
                shorts += Math.Max(0, -net);
            }
            double index = book.Market.IndexUsd[coin.Key],
                sold = coin.Where(p => p.Instrument is OptionInstrument && p.Contracts < 0).Sum(p => -Size(p));
            total += Math.Max(
                worst + Of(product["inter_month_charge"]) * index * Math.Min(longs, shorts),
                Of(product["short_option_minimum"]) * index * sold
            );
        }
        return (Of(file["initial_factor"]) * total, total);
    }

    double Gain(MarginPosition p, MarginMarket market, double move, double up)
    {
        var quote = market.Quotes[p.Instrument.Name];
        double f = quote.UnderlyingUsd,
            then = f * Math.Max(1e-9, 1 + move);
        if (p.Instrument is not OptionInstrument option)
            return p.Instrument.Shape == PayoffShape.Inverse ? Size(p) * (then / f - 1) : Size(p) * (then - f);
        double years = (option.Expiry - market.AsOf).TotalDays / 365,
            left = Math.Max(0, years - Of(file["decay_days"]) / 365),
            strike = (double)option.StrikeUsd,
            vol = quote.ImpliedVolatility!.Value;
        bool isCall = option.Right == OptionRight.Call;
        return Size(p)
            * (
                NaiveBlack.Price(then, strike, Math.Max(0, vol + up), left, isCall)
                - NaiveBlack.Price(f, strike, vol, years, isCall)
            );
    }

    static double Delta(MarginPosition p, MarginMarket market)
    {
        var quote = market.Quotes[p.Instrument.Name];
        bool isInverse = p.Instrument.Shape == PayoffShape.Inverse;
        double f = quote.UnderlyingUsd;
        if (p.Instrument is not OptionInstrument option)
            return isInverse ? Size(p) / f : Size(p);
        double years = (option.Expiry - market.AsOf).TotalDays / 365,
            strike = (double)option.StrikeUsd,
            vol = quote.ImpliedVolatility!.Value;
        bool isCall = option.Right == OptionRight.Call;
        double delta = NaiveBlack.Delta(f, strike, vol, years, isCall);
        return Size(p) * (isInverse ? delta - NaiveBlack.Price(f, strike, vol, years, isCall) / f : delta);
    }
}
