using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>From an input to everything that the limits and the solver need.</summary>
sealed partial class Preparation
{
    readonly SizingInput input;
    readonly Currency home;
    readonly List<string> warnings = [];
    readonly List<string> missing = [];

    public Preparation(SizingInput input)
    {
        this.input = input with { Account = input.Account.Apart(input.Market) };
        home = input.Home;
    }

    public Parsed<PreparedSizing> Run()
    {
        var faults = MandateRules.Check(input).ToList();
        if (faults.Count > 0)
            return Parsed<PreparedSizing>.Fail(faults);
        var surfaces = Surfaces();
        var scenarios = Scenarios(surfaces);
        warnings.AddRange(scenarios.Notes);
        var instruments = Priced(surfaces, scenarios);
        var matrix = ReducedScenarios.Of(input, Revalued(surfaces, scenarios, instruments), warnings);
        scenarios = matrix.Scenarios;
        var targets = new ViewTargets(input.Market, surfaces, scenarios);
        var law = ViewLaw.Of(input.Mandate.Views, targets, scenarios.Weights, MandateRules.Place);
        if (!law.Succeeded)
            return Parsed<PreparedSizing>.Fail(law.Faults);
        warnings.AddRange(law.Value.Warnings);
        return Parsed<PreparedSizing>.Ok(Assemble(surfaces, matrix, law.Value));
    }

    PreparedSizing Assemble(SortedDictionary<string, VolatilitySurface> surfaces, PnlMatrix matrix, ViewLaw law)
    {
        var (scenarios, instruments) = (matrix.Scenarios, matrix.Instruments);
        var model = new ModelPrices(input.Market, surfaces);
        var wallets = Wallets.Of(input.Account, input.Market, model);
        missing.InsertRange(0, wallets.Missing);
        var stress = StressSets.Build(input.Market, surfaces, input.Mandate.Horizon, input.Mandate);
        var stressMatrix = Revaluation.Compute(input.Market, surfaces, stress, instruments, home, input.Threads);
        var prices = matrix.Prices!;
        double equity = Known(wallets, prices) ? wallets.EquityNow(prices) : 0;
        if (!(equity > 0) && missing.Count == 0)
            missing.Add("equity is not positive: nothing can be sized");
        double high = (double)(input.Account.HighWaterMark ?? 0);
        double drawdown = high > equity ? 1 - equity / high : 0;
        var (mandate, keep) = ThrottleScaling.Apply(input.Mandate, drawdown);
        if (keep < 1)
            warnings.Add(ThrottleWords(drawdown, keep));
        double budget = TailBudget.Share(input, warnings);
        if (budget < 1)
            mandate = ThrottleScaling.Scaled(mandate, budget);
        var (near, events) = EventScaling.Kept(input.Mandate, input.Account, input.Market);
        warnings.AddRange(events);
        if (near < 1)
            mandate = ThrottleScaling.Scaled(mandate, near);
        var objective = mandate.Objective ?? DefaultObjective(mandate);
        var pools = MarginPool.Of(input.Account, wallets);
        bool reduceOnly = keep == 0;
        var builder = new LineBuilder(input, mandate, matrix, equity, objective, reduceOnly, pools);
        var lines = equity > 0 ? PortfolioPool.Rated(builder.Build(), pools) : [];
        missing.AddRange(builder.Missing);
        var greeks = new LineGreeks[instruments.Length];
        Parallel.For(0, greeks.Length, Threads(), i => greeks[i] = LineGreeks.Of(instruments[i], model, prices));
        double[] collateral = equity > 0 ? Collateral(wallets, matrix, model) : new double[scenarios.Count];
        var collateralDelta = CollateralDelta(wallets, prices);
        var edge = EdgeAdjustment.Of(
            matrix,
            law,
            [.. greeks.Select(greek => greek.Delta)],
            collateral,
            equity,
            collateralDelta,
            mandate.HistoricalPremium,
            threads: input.Threads
        );
        var margin = new VenueRates(
            instruments,
            Math.Max(0, equity) / prices.Now(Currency.Usd),
            input.Account,
            input.MarginWidening
        );
        NoteWidening();
        lines = Rated(lines, margin, pools);
        NoteMargin(margin, lines, pools);
        missing.AddRange(VenueCheck.Missing(input.Account, new RiskMarket(input.Market, surfaces), margin));
        var distance = Distance(margin, surfaces, instruments, model);
        var riskMarket = new RiskMarket(input.Market, surfaces);
        ImmutableArray<PortfolioPool?> portfolios =
        [
            .. pools.Select(
                (pool, k) =>
                    equity > 0
                        ? PortfolioPool.Of(
                            pool,
                            k,
                            riskMarket,
                            matrix,
                            distance?.Matrix,
                            lines,
                            input.MarginWidening,
                            mandate.Assumptions.Deleveraging
                        )
                        : null
            ),
        ];
        missing.AddRange(portfolios.OfType<PortfolioPool>().SelectMany(pool => pool.Missing));
        return new PreparedSizing
        {
            Input = input,
            Mandate = mandate,
            Objective = objective,
            Keep = keep,
            ReduceOnly = reduceOnly,
            Home = home,
            Surfaces = surfaces,
            Prices = model,
            Scenarios = scenarios,
            Stress = stress,
            Matrix = matrix,
            StressMatrix = stressMatrix,
            Wallets = wallets,
            Pools = pools,
            Equity = equity,
            DrawdownFromHigh = drawdown,
            Collateral = collateral,
            StressCollateral = equity > 0 ? Collateral(wallets, stressMatrix, model) : new double[stress.Count],
            Law = law,
            Edge = edge,
            Greeks = greeks,
            CollateralDelta = collateralDelta,
            Rates = margin,
            MarginNow = MarginNow(margin, instruments, model),
            MarginScenarios = new ScenarioMargin(margin, matrix, model, mandate.Assumptions.Deleveraging),
            DistanceMargin = distance,
            PortfolioMargins = portfolios,
            Paths = Paths(riskMarket, matrix, PathLooks.MostBars),
            PathExtremes = portfolios.Any(pool => pool is not null) ? Paths(riskMarket, matrix, 1) : null,
            Forgone = Forgone(mandate, matrix, stressMatrix),
            StressSpared = equity > 0 ? StressSpared(lines, stressMatrix, model) : [],
            Tails =
                mandate.Survival.WorstCase is { } worst && equity > 0
                    ? TailBooks.Of(
                        worst,
                        instruments,
                        model,
                        prices,
                        wallets,
                        pools,
                        equity,
                        OnLosses(mandate)?.Closing,
                        input.Account,
                        Book.Of(input.Account, input.Market, model)
                    )
                    : [],
            Lines = lines,
            Missing = [.. missing],
            Assumptions = [.. builder.Assumptions, .. Deleveraging(mandate), .. stress.Notes],
            Warnings = [.. warnings],
        };
    }

    /// <summary>Everything that can be revalued; what is held and cannot is missing. Orders count as wanted.</summary>
    ImmutableArray<Instrument> Priced(IReadOnlyDictionary<string, VolatilitySurface> surfaces, ScenarioSet scenarios)
    {
        var wanted = input
            .Account.Subaccounts.SelectMany(subaccount => subaccount.Positions)
            .Select(position => position.Instrument)
            .Concat(input.Account.Subaccounts.SelectMany(sub => sub.OpenOrders).Select(order => order.Instrument))
            .ToHashSet(StringComparer.Ordinal);
        var all = input
            .Market.Quotes.Select(quote => quote.Instrument)
            .Where(instrument => wanted.Contains(instrument.Name) || LiquidityScreen.Listed(instrument, input.Mandate))
            .ToImmutableArray();
        var lacking = Revaluation
            .Missing(input.Market, surfaces, scenarios, all)
            .ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line);
        var held = input.Account.Subaccounts.SelectMany(subaccount => subaccount.Positions);
        foreach (var position in held.Where(position => position.Contracts != 0))
            if (lacking.TryGetValue(position.Instrument, out string? why))
                missing.Add(why);
        return [.. all.Where(instrument => !lacking.ContainsKey(instrument.Name))];
    }

    bool Known(Wallets wallets, HomePrices prices)
    {
        bool known = wallets.Missing.IsEmpty;
        foreach (var wallet in wallets.List)
            if (!prices.Knows(wallet.Currency))
            {
                missing.Add($"price of {wallet.Currency}, held in {wallet.Subaccount}");
                known = false;
            }
        return known;
    }

    ObjectiveKind DefaultObjective(Mandate mandate) =>
        mandate.Views.IsEmpty && mandate.HistoricalPremium == 0 && !mandate.Carry
            ? ObjectiveKind.Protect
            : ObjectiveKind.Growth;

    /// <summary>Coins gain with their own price; everything loses against a home coin that rises.</summary>
    SortedDictionary<string, double> CollateralDelta(Wallets wallets, HomePrices prices)
    {
        var delta = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var wallet in wallets.List.Where(wallet => prices.Knows(wallet.Currency) && wallet.Currency != home))
        {
            double value = wallet.Equity * prices.Now(wallet.Currency);
            if (!wallet.Currency.IsDollar)
                delta[wallet.Currency.Code] = delta.GetValueOrDefault(wallet.Currency.Code) + value;
            if (!home.IsDollar)
                delta[home.Code] = delta.GetValueOrDefault(home.Code) - value;
        }
        return delta;
    }

    ParallelOptions Threads() => new() { MaxDegreeOfParallelism = Math.Max(1, input.Threads) };

    static string ThrottleWords(double drawdown, double keep)
    {
        string effect = keep == 0 ? "positions may only be reduced" : $"risk limits are scaled to {keep * 100:0.##}%";
        return FormattableString.Invariant($"throttle: {drawdown * 100:0.#}% below the high-water mark: {effect}");
    }
}
