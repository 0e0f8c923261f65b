using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>
/// A risk view as a flat list of figures under stable keys, for JSON and for comparing before with after.
/// </summary>
static class RiskFigures
{
    public static ImmutableArray<RiskFigure> Of(RiskView view, RiskRequest request)
    {
        string home = request.Home.Code;
        var figures = ImmutableArray.CreateBuilder<RiskFigure>();
        void Add(string key, double? value, string unit, string words) =>
            figures.Add(new RiskFigure(key, value, unit, words));
        Add("equity", view.Equity, home, "equity of the account");
        foreach (var (currency, amount) in view.EquityByCurrency)
            Add($"equity[{currency}]", amount, currency.Code, $"equity held in {currency}");
        AddGreeks(view, home, Add);
        AddLosses(view, request, home, Add);
        AddMargin(view, home, Add);
        AddDistances(view, Add);
        AddDeleveraging(view.Deleveraging, home, Add);
        AddExit(view, home, Add);
        return figures.ToImmutable();
    }

    /// <summary>
    /// The figures of one book with those that only the other has: nothing held costs and loses nothing, and what is
    /// not touched has no price of liquidation.
    /// </summary>
    public static ImmutableArray<RiskFigure> Aligned(ImmutableArray<RiskFigure> own, ImmutableArray<RiskFigure> other)
    {
        var known = own.Select(figure => figure.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. own,
            .. other
                .Where(figure => !known.Contains(figure.Key))
                .Select(figure =>
                    figure with
                    {
                        Value = figure.Key.StartsWith("liquidation", StringComparison.Ordinal) ? null : 0,
                        Description = "nothing is held of it",
                    }
                ),
        ];
    }

    static void AddExit(RiskView view, string home, Action<string, double?, string, string> add)
    {
        double? cost = 0,
            days = 0;
        foreach (var exit in view.Exit)
            (cost, days) = (cost + exit.Total, days is { } most && exit.Days is { } own ? Math.Max(most, own) : null);
        add("exit_cost", cost, home, "cost of closing every position now: half spread, fees and impact");
        add("exit_days", days, "days", "days to close every position at the stated share of daily volume");
        // Positions of several subaccounts in one instrument share its volume.
        foreach (var of in view.Exit.GroupBy(exit => exit.Instrument, StringComparer.Ordinal))
        {
            add($"exit_cost[{of.Key}]", Sum(of, exit => exit.Total), home, $"cost of closing {of.Key} now");
            add($"exit_days[{of.Key}]", Sum(of, exit => exit.Days), "days", $"days to close {of.Key}");
        }
    }

    /// <summary>The sum; null when one part is not known.</summary>
    static double? Sum(IEnumerable<ExitEstimate> exits, Func<ExitEstimate, double?> part)
    {
        double? sum = 0;
        foreach (var exit in exits)
            sum += part(exit);
        return sum;
    }

    static void AddGreeks(RiskView view, string home, Action<string, double?, string, string> add)
    {
        foreach (var greeks in view.Greeks.ByUnderlying)
        {
            string coin = greeks.Underlying;
            var (own, index) = (greeks.Positions, greeks.IndexUsd);
            add($"delta_home[{coin}]", greeks.DeltaHome, home, $"change of wealth for {coin} +100% at today's slope");
            add($"delta_usd[{coin}]", greeks.WealthDeltaUsd, "USD", "dollar delta of positions and collateral");
            add($"delta_coin[{coin}]", greeks.WealthDeltaUsd / index, coin, "the same in coin");
            add($"collateral_delta_usd[{coin}]", greeks.CollateralDeltaUsd, "USD", "dollar delta of collateral alone");
            add($"smile_delta_usd[{coin}]", own.SmileDeltaUsd, "USD", "positions, volatility answering spot");
            add($"black_scholes_delta_coin[{coin}]", own.BlackScholesDeltaCoin, coin, "positions, Deribit's delta");
            add(
                $"net_transaction_delta_coin[{coin}]",
                own.NetTransactionDeltaCoin,
                coin,
                "positions, Deribit's net transaction delta: its hedge keeps the coin value flat"
            );
            Both("gamma_1pct", own.Gamma1PctUsd, "change of delta for +1%");
            Both("vega_1pt", own.Vega1PtUsd, "for one volatility point");
            Both("theta_1d", own.Theta1DUsd, "for one day");
            Both("vanna", own.VannaUsd, "change of delta for one volatility point");
            Both("volga", own.VolgaUsd, "change of vega for one volatility point");

            void Both(string key, double usd, string words)
            {
                add($"{key}_usd[{coin}]", usd, "USD", words);
                add($"{key}_coin[{coin}]", usd / index, coin, words);
            }
        }
        var all = view.Greeks.ByUnderlying;
        add("delta_home", all.Sum(row => row.DeltaHome), home, "sum over underlyings");
        add("delta_home_gross", all.Sum(row => Math.Abs(row.DeltaHome)), home, "sum of absolutes over underlyings");
        add("gamma_1pct_usd", all.Sum(row => row.Positions.Gamma1PctUsd), "USD", "sum over underlyings");
        add("vega_1pt_usd", all.Sum(row => row.Positions.Vega1PtUsd), "USD", "sum over underlyings");
        add("theta_1d_usd", all.Sum(row => row.Positions.Theta1DUsd), "USD", "sum over underlyings");
    }

    static void AddLosses(RiskView view, RiskRequest request, string home, Action<string, double?, string, string> add)
    {
        add("mean_gain", view.MeanGain, home, "expected gain under the law of risk, before any edge adjustment");
        add("standard_deviation", view.StandardDeviation, home, "standard deviation of the gain over the horizon");
        foreach (var tail in view.TailLosses)
        {
            string level = Percent(tail.Level);
            add($"value_at_risk[{level}]", tail.ValueAtRisk, home, "loss not exceeded with this probability");
            add($"expected_shortfall[{level}]", tail.ExpectedShortfall, home, "mean loss beyond it");
        }
        AddWorst(view, home, add);
        add(
            "drawdown_probability",
            view.Drawdown?.Probability,
            "fraction",
            FormattableString.Invariant($"bound on losing {request.DrawdownLoss * 100:0.##}% at any decision")
                + FormattableString.Invariant($" within {request.DrawdownWithin.Days:0.##} days")
        );
    }

    static void AddWorst(RiskView view, string home, Action<string, double?, string, string> add)
    {
        const string account = "whole account, collateral included, ";
        const string positions = "positions alone, stress and tail range: ";
        add("worst_scenario", view.WorstScenario.Loss, home, account + "scenarios: " + view.WorstScenario.Origin);
        add(
            "worst_stress",
            view.WorstStress?.Loss,
            home,
            account + "stress set: " + (view.WorstStress?.Origin ?? "there is none")
        );
        foreach (var worst in view.WorstTail)
            add(
                $"worst_tail[{worst.Name}]",
                worst.Loss,
                home,
                $"positions on {worst.Name} and collateral in it, at expiry in the tail range: {worst.Origin}"
            );
        foreach (
            var (kind, cases) in new[]
            {
                ("unit", view.WorstByUnit),
                ("underlying", view.WorstByUnderlying),
                ("contract", view.WorstByContract),
            }
        )
        foreach (var worst in cases)
        {
            add($"worst_case_{kind}[{worst.Name}]", worst.Loss, home, positions + worst.Origin);
            add(
                $"worst_stress_{kind}[{worst.Name}]",
                worst.StressLoss,
                home,
                "positions alone, stress set alone: what the limits of a mandate look at"
            );
        }
    }

    static void AddMargin(RiskView view, string home, Action<string, double?, string, string> add)
    {
        foreach (var pool in view.Pools)
        {
            add($"margin_balance[{pool.Name}]", pool.Balance, home, "what may cover margin");
            add($"initial_margin[{pool.Name}]", pool.Initial, home, $"initial margin of {pool.Name}");
            add($"open_order_margin[{pool.Name}]", pool.OpenOrders, home, "of open orders on their worse side");
            add($"maintenance_margin[{pool.Name}]", pool.Maintenance, home, $"maintenance margin of {pool.Name}");
            add(
                $"initial_margin_share[{pool.Name}]",
                pool.InitialShareOfEquity,
                "fraction",
                "initial margin with open orders over the pool's equity"
            );
        }
        foreach (var point in view.Liquidation)
        {
            string side = point.IsRise ? "up" : "down";
            string none = "no price in the range leads to liquidation";
            add(
                $"liquidation_{side}[{point.Underlying}]",
                point.Move,
                "fraction",
                point.Move is null ? none : $"move at which {point.Pool} fails"
            );
            add(
                $"liquidation_price_{side}[{point.Underlying}]",
                point.PriceUsd,
                "USD",
                point.Move is null ? none : $"index of {point.Underlying} at which {point.Pool} fails"
            );
        }
        add(
            "liquidation_probability",
            view.LiquidationProbability,
            "fraction",
            "weight of scenarios in which a pool ends short of maintenance margin"
        );
    }

    static void AddDistances(RiskView view, Action<string, double?, string, string> add)
    {
        foreach (var account in view.Distances.Where(account => account.Missing.IsEmpty))
        {
            string of = account.Portfolio;
            foreach (var axis in account.Axes)
                add(
                    $"distance_{axis.Axis}_{(axis.IsRise ? "up" : "down")}[{of}/{axis.Underlying}]",
                    axis.Move,
                    "fraction",
                    axis.Move is null
                        ? $"{account.Model}: no move in the range leads to liquidation"
                        : $"{account.Model}: move at which {axis.Pool} fails"
                );
            foreach (var position in account.Positions)
                add(
                    $"liquidation_price[{of}/{position.Instrument}]",
                    position.PriceUsd,
                    "USD",
                    "mark at which its pool fails when its coin alone moves against it"
                );
            add(
                $"distance_joint[{of}]",
                account.Joint?.StandardDeviations,
                "count",
                account.Joint is { } joint
                    ? "standard deviations of the horizon to the nearest joint move: " + JointWords(joint)
                    : "no joint move in reach leads to liquidation"
            );
            if (account.Passage is not { } passage)
                continue;
            add(
                $"liquidation_on_the_way[{of}]",
                passage.Probability,
                "fraction",
                FormattableString.Invariant(
                    $"weight of paths short at some bar of {passage.BarHours:0.##} hours, lows and highs looked at"
                )
            );
            add($"liquidation_at_horizon[{of}]", passage.AtHorizon, "fraction", "weight of paths that end short");
        }
    }

    static string JointWords(JointMove joint) =>
        string.Join(
            ", ",
            joint.Moves.Select(move =>
                FormattableString.Invariant($"{move.Underlying} {move.Price * 100:+0.#;-0.#;0}%")
                + (
                    move.Volatility is { } volatility
                        ? FormattableString.Invariant($" volatility {volatility * 100:+0.#;-0.#;0}%")
                        : ""
                )
            )
        ) + $", {joint.Pool} fails";

    static void AddDeleveraging(DeleveragingRisk? risk, string home, Action<string, double?, string, string> add)
    {
        if (risk is null)
            return;
        string venue = risk.Stress.Venue;
        foreach (var leg in risk.Legs)
        {
            string of =
                risk.Legs.Count(other => other.Instrument == leg.Instrument) > 1
                    ? $"{leg.Subaccount}/{leg.Instrument}"
                    : leg.Instrument;
            add($"deleveraging_score[{of}]", leg.Score, "count", $"ranking figure of {venue}; higher goes first");
            add(
                $"deleveraging_rank[{of}]",
                leg.Rank,
                "fraction",
                $"share of those deleveraged by {venue} on the recorded day that stood behind"
            );
            add(
                $"deleveraging_probability[{of}]",
                leg.Probability,
                "fraction",
                FormattableString.Invariant(
                    $"weight of scenarios in which it wins beyond {risk.Stress.Move * 100:0.##}%"
                )
            );
            add($"deleveraging_cost[{of}]", leg.Cost, home, "what closing it adds to the worst stress loss");
        }
        foreach (var tail in risk.TailLosses)
            add(
                $"deleveraged_expected_shortfall[{Percent(tail.Level)}]",
                tail.ExpectedShortfall,
                home,
                "mean loss beyond the level when winning legs are closed"
            );
        add("deleveraged_worst_stress", risk.WorstStress?.Loss, home, risk.WorstStress?.Origin ?? "no stress set");
        foreach (var worst in risk.WorstTail)
            add(
                $"deleveraged_worst_tail[{worst.Name}]",
                worst.Loss,
                home,
                $"worst loss at expiry over the tail range when winning legs are closed, {worst.Origin}"
            );
    }

    static string Percent(double level) => (level * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";
}
