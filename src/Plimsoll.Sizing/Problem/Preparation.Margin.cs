using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <content>Margin of the lines, now and at moved markets, and what deleveraging takes.</content>
sealed partial class Preparation
{
    /// <summary>
    /// Lines whose margin is not known, or that may not share the account's, may be cut but not opened: no data is
    /// never margin 0.
    /// </summary>
    static ImmutableArray<SizingLine> Rated(
        ImmutableArray<SizingLine> lines,
        VenueRates margin,
        ImmutableArray<MarginPool> pools
    ) =>
        [
            .. lines.Select(line =>
                PortfolioPool.Covers(pools[line.Wallet]) ? line
                : margin.For(line.Instrument) is null
                    ? line.ClosedToOpening($"no margin figures of {line.Instrument.Venue} for it")
                : margin.VenueOf(line.Instrument)?.TakesCross(line.Instrument) == false
                    ? line.ClosedToOpening($"{line.Instrument.Venue} takes it with a margin of its own alone")
                : line
            ),
        ];

    void NoteMargin(VenueRates margin, ImmutableArray<SizingLine> lines, ImmutableArray<MarginPool> pools)
    {
        bool IsPortfolio(SizingLine line) => PortfolioPool.Covers(pools[line.Wallet]);
        var held = lines.Where(line => line.IsHeld).ToList();
        missing.AddRange(margin.Missing(held.Where(line => !IsPortfolio(line)).Select(line => line.Instrument)));
        missing.AddRange(
            held.Where(IsPortfolio)
                .Select(line => (line.Name, Why: PortfolioPool.Refuses(pools[line.Wallet], line.Instrument)))
                .Where(refused => refused.Why is not null)
                .Select(refused => $"{refused.Name}: {refused.Why}")
        );
        if (pools.Any(pool => !PortfolioPool.Covers(pool)) && lines.Length > 0 && margin.Note.Length > 0)
            warnings.Add(margin.Note);
        if (lines.Length > 0)
            foreach (var model in pools.Select(PortfolioPool.ModelOf).OfType<IVenueMargin>().DistinctBy(of => of.Key))
                warnings.Add(model.Note.Text);
        if (lines.Length > 0)
            warnings.AddRange(
                IsolatedMargin.Words(input.Account).Select(words => words + "; the sizing holds it as it is")
            );
        foreach (var pool in pools.Where(pool => !PortfolioPool.Covers(pool)))
            if (PortfolioRule.IsPortfolio(pool.Mode) && VenueMargins.EntryOf(pool.Owner) is { } entry)
                if (entry.IsPortfolio)
                    missing.Add($"{pool.Name}: the figures of {entry.Key} are not published");
                else
                    warnings.Add($"{pool.Name}: {pool.Venue} has no portfolio margin here; {entry.Key} is used");
    }

    /// <summary>
    /// Wealth of today's balances in each scenario. Isolated positions are held as they are, so what ends their loss
    /// is a constant of the scenario and stands here.
    /// </summary>
    double[] Collateral(Wallets wallets, PnlMatrix over, ModelPrices model)
    {
        double[] wealth = wallets.EquityInScenarios(over.Prices!);
        if (!input.Account.Subaccounts.Any(subaccount => subaccount.IsIsolated))
            return wealth;
        double[] spared = IsolatedMargin.Spared(
            input.Account,
            Book.Of(input.Account, input.Market, model),
            over,
            model
        );
        return [.. wealth.Select((value, s) => value + spared[s])];
    }

    ImmutableDictionary<int, double[]> StressSpared(
        ImmutableArray<SizingLine> lines,
        PnlMatrix stress,
        ModelPrices model
    ) =>
        input
            .Account.Subaccounts.Where(subaccount => subaccount.IsIsolated)
            .Select(subaccount =>
                (
                    Line: Enumerable.Range(0, lines.Length).First(i => lines[i].Subaccount == subaccount.Name),
                    Spared: IsolatedMargin.Spared(
                        subaccount,
                        Book.Of(input.Account, input.Market, model),
                        stress,
                        model
                    )
                )
            )
            .ToImmutableDictionary(own => own.Line, own => own.Spared);

    /// <summary>Margin that is wider than its model's is said; without a bound there is none.</summary>
    void NoteWidening()
    {
        foreach (var (model, share) in input.MarginWidening.ByModel.Where(each => each.Value > 0))
            if (double.IsInfinity(share))
                missing.Add($"{model}: asked nothing where its venue asked something (margin errors)");
            else
                warnings.Add(
                    FormattableString.Invariant(
                        $"margin of {model} is widened by {share * 100:0.###}%, as its venue was seen to ask more"
                    )
                );
    }

    MarginRate?[] MarginNow(IMarginModel margin, ImmutableArray<Instrument> instruments, ModelPrices model)
    {
        var rates = new MarginRate?[instruments.Length];
        for (int i = 0; i < rates.Length; i++)
            rates[i] = AccountMargin.FindRateNow(margin, instruments[i], model);
        return rates;
    }

    /// <summary>Gains on the way, where a limit looks at them.</summary>
    PathMatrices? Paths(RiskMarket market, PnlMatrix matrix, int mostBars) =>
        matrix.Scenarios.Path is null
            ? null
            : new PathMatrices(
                market,
                PathLooks.Of(matrix.Scenarios, input.Market.AsOf, mostBars),
                matrix.Instruments,
                home,
                input.Threads
            );

    ScenarioMargin? Distance(
        IMarginModel margin,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ImmutableArray<Instrument> instruments,
        ModelPrices model
    )
    {
        if (input.Mandate.Survival.Liquidation?.MinimumDistance is not { } distance)
            return null;
        var moves = StressSets.SingleMoves(input.Market, input.Mandate.Horizon, distance);
        var matrix = Revaluation.Compute(input.Market, surfaces, moves, instruments, home, input.Threads);
        return new ScenarioMargin(margin, matrix, model, input.Mandate.Assumptions.Deleveraging);
    }

    static (ForgoneGains Law, ForgoneGains Stress)? Forgone(Mandate mandate, PnlMatrix law, PnlMatrix stress) =>
        OnLosses(mandate) is { } assumed ? (new ForgoneGains(assumed, law), new ForgoneGains(assumed, stress)) : null;

    /// <summary>The assumption where it counts in every limit on losses.</summary>
    static DeleveragingStress? OnLosses(Mandate mandate) =>
        mandate.Assumptions.DeleveragedLimits == DeleveragedLimits.All ? mandate.Assumptions.Deleveraging : null;

    static IEnumerable<string> Deleveraging(Mandate mandate)
    {
        if (mandate.Assumptions.Deleveraging is not { } assumed)
            yield break;
        string closed = FormattableString.Invariant($"{assumed.Share * 100:0.##}% of a future that wins is closed");
        string move = FormattableString.Invariant($"a move of {assumed.Move * 100:0.##}%");
        string limits =
            mandate.Assumptions.DeleveragedLimits == DeleveragedLimits.All
                ? "limits on losses and on liquidation count"
                : "liquidation limits count";
        yield return $"deleveraging: {closed} at {move}; {limits} no gain beyond";
    }
}
