using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>The stress report of an account: what was, what might be, what would do it, and what calm hides.</summary>
public static class AccountStress
{
    /// <summary>Reports.</summary>
    public static StressReport Report(StressRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var risk = request.Risk with { Account = request.Risk.Account.Apart(request.Risk.Market.Snapshot) };
        request = request with { Risk = risk };
        var empty = new StressReport
        {
            AsOf = risk.Market.Snapshot.AsOf,
            Home = risk.Home,
            Horizon = risk.Scenarios.Horizon,
            Level = request.Level,
        };
        var missing = AccountRisk.Missing(risk, out var instruments);
        if (!missing.IsEmpty)
            return empty with { Missing = missing };
        var unrated = AccountRisk.Unrated(risk, instruments);
        var work = new StressWork(request, instruments, unrated.IsEmpty);
        var named = StressLosses.Named(work);
        var report = empty with
        {
            Equity = work.Equity,
            Named = named,
            Ladders = StressLosses.Ladders(work),
            Dependence = StressLosses.Dependence(work),
            Liquidity = StressLosses.Liquidity(work),
            MeanLoss = -RiskMeasures.Mean(work.Gains, risk.Scenarios.Weights),
            Warnings = [.. unrated.Select(line => $"liquidation is undetermined: {line}"), .. Warnings(work, named)],
            Assumptions = Assumptions(work),
        };
        if (work.Equity <= 0 || work.Coins.IsEmpty)
            return report with
            {
                Warnings = [.. report.Warnings, "nothing to lose: no reverse stress and no hidden correlation"],
            };
        var law = FactorLaw.Of(risk.Scenarios, work.Coins);
        return report with
        {
            Reverse = new PlausibleMoves(work, law).All(),
            Entropy = Entropy(work, law),
            Hidden = Hidden(work, law),
        };
    }

    static ImmutableArray<EntropyResult> Entropy(StressWork work, FactorLaw law)
    {
        double[] losses = [.. work.Gains.Select(gain => -gain)];
        double[] weights = work.Risk.Scenarios.Weights;
        return
        [
            .. work.Request.EntropyRadii.Select(radius => Of(null, EntropyBall.AtRadius(losses, weights, radius))),
            .. work.Request.Losses.Select(share =>
                Of(share, EntropyBall.Reaching(losses, weights, share * work.Equity))
            ),
        ];

        EntropyResult Of(double? share, EntropyWorst? worst)
        {
            var coins = law.Factors.Select(factor => factor.Underlying).Distinct();
            return new EntropyResult(share, worst, [.. coins.Select(coin => Mean(coin, worst?.Law))]);
        }

        CoinMoves Mean(string coin, double[]? under)
        {
            if (under is null)
                return new CoinMoves(coin, double.NaN, null);
            var moves = work.Risk.Scenarios.Of(coin);
            double level = RiskMeasures.Mean(moves.LogVolatilityMove, under);
            double spot = Math.Exp(RiskMeasures.Mean(moves.LogReturn, under)) - 1;
            return new CoinMoves(coin, spot, work.PointsOf(coin, level));
        }
    }

    const string Collateral = "collateral ";

    /// <summary>Units: risk units and the collateral of each coin; positions to reduce: every contract held.</summary>
    static HiddenReport Hidden(StressWork work, FactorLaw law)
    {
        var risk = work.Risk;
        int count = risk.Scenarios.Count;
        var units = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        var contracts = new SortedDictionary<string, (double Contracts, double[] Gains, double Cost)>(
            StringComparer.Ordinal
        );
        foreach (var held in work.Book.Holdings)
        {
            double[] gains = new double[count];
            var column = work.Law.Gain.Column(work.Instruments.IndexOf(held.Instrument));
            for (int s = 0; s < count; s++)
                gains[s] = held.Contracts * column[s];
            Add(risk.RiskUnit(held.Instrument), gains);
            var before = contracts.GetValueOrDefault(held.Instrument.Name, (0, new double[count], 0));
            for (int s = 0; s < count; s++)
                before.Gains[s] += gains[s];
            double cost =
                work.Exit(held).Total ?? Math.Abs(RiskMeasures.StandardDeviation(gains, risk.Scenarios.Weights));
            contracts[held.Instrument.Name] = (before.Contracts + held.Contracts, before.Gains, before.Cost + cost);
        }
        foreach (var (currency, equity) in work.Book.EquityByCurrency())
        {
            var price = work.HomePrices.InScenarios(currency);
            double now = work.HomePrices.Now(currency);
            var gains = new double[count];
            for (int s = 0; s < count; s++)
                gains[s] = equity * (price[s] - now);
            if (Array.Exists(gains, gain => gain != 0))
                Add(Collateral + currency, gains);
        }
        var tails = StressTails.Of(risk.Scenarios, law, work.Request.TailShare);
        StressUnit[] collateral =
        [
            .. units
                .Where(unit => unit.Key.StartsWith(Collateral, StringComparison.Ordinal))
                .Select(unit => new StressUnit(unit.Key, unit.Value)),
        ];
        return HiddenCorrelation.Of(
            risk.Scenarios.Weights,
            tails,
            [.. contracts.Select(row => new StressUnit(row.Key, row.Value.Gains)), .. collateral],
            [.. units.Select(unit => new StressUnit(unit.Key, unit.Value))],
            [
                .. contracts
                    .Where(row => row.Value.Contracts != 0)
                    .Select(row => new ReduciblePosition(
                        row.Key,
                        row.Value.Contracts,
                        row.Value.Gains,
                        Math.Max(row.Value.Cost, 1e-9)
                    )),
            ],
            1 - work.Request.TailShare
        );

        void Add(string name, double[] gains)
        {
            if (!units.TryGetValue(name, out double[]? sum))
                units[name] = sum = new double[count];
            for (int s = 0; s < count; s++)
                sum[s] += gains[s];
        }
    }

    static IEnumerable<string> Warnings(StressWork work, ImmutableArray<NamedLoss> named)
    {
        foreach (var exit in work.Book.Holdings.Select(work.Exit))
            if (exit.Total is null)
                yield return $"{exit.Instrument}: the cost of leaving is not known: no quote, volume or assumption";
        string[] still = [.. work.Coins.Where(coin => named.All(row => !row.AmplifiedMoves.ContainsKey(coin)))];
        if (still.Length > 0 && named.Length > 0)
            yield return $"{string.Join(", ", still)}: no volume of futures is stated; forced selling moves nothing";
        if (work.Request.Histories.IsDefaultOrEmpty)
            yield return "no bars (--history): what was seen is looked for in the recorded days alone";
    }

    static ImmutableArray<string> Assumptions(StressWork work)
    {
        var request = work.Request;
        string[] days = [.. request.Definition.Days.Select(day => $"{day.Label}: {day.Liquidity.Source}").Distinct()];
        return
        [
            .. work.Risk.Scenarios.Notes,
            .. work.Book.Holdings.SelectMany(held => work.Exit(held).Assumed).Distinct(),
            $"crunch: {request.Crunch.Source}; a day's deviation times "
                + FormattableString.Invariant($"{request.CrunchVolatility:0.##}"),
            FormattableString.Invariant(
                $"crowd: {request.CrowdShare:0.##}% of open interest is liquidated for 1% of fall"
            ),
            "volatility of a plausible move's skew answers spot; unrecorded volatility moves answer spot",
            .. days.Select(day => $"liquidity of {day}"),
            .. request
                .Definition.Days.Where(day => day.BasisSource.Length > 0)
                .Select(day => $"basis of {day.Label}: {day.BasisSource}"),
        ];
    }
}
