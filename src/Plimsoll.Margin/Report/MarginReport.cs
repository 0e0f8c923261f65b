using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>One subaccount with its venue's statement.</summary>
/// <param name="Model">The rule.</param>
/// <param name="Portfolio">What was margined.</param>
/// <param name="Statement">The figures.</param>
/// <param name="Liquidation">What the venue would liquidate first; none where its ladder is not known.</param>
public sealed record SubaccountMargin(
    IVenueMargin Model,
    MarginPortfolio Portfolio,
    MarginStatement Statement,
    ImmutableArray<PoolLadderStep> Liquidation
)
{
    /// <summary>Whether it is one position with the margin set aside for it alone.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>Distance to liquidation; null where it was not asked for.</summary>
    public AccountDistance? Distance { get; init; }

    /// <summary>What would use its margin better; null where it was not asked for or is undetermined.</summary>
    public MarginImprovement? Improvement { get; init; }
}

/// <summary>The margin of every subaccount of an account, as <c>plimsoll margin</c> prints it.</summary>
/// <param name="AsOf">Time of the market.</param>
/// <param name="Subaccounts">In the account's order.</param>
/// <param name="Warnings">Notes of the models.</param>
public sealed record MarginReport(
    DateTimeOffset AsOf,
    ImmutableArray<SubaccountMargin> Subaccounts,
    ImmutableArray<string> Warnings
)
{
    /// <summary>The models against what their venues state; empty where no answer was given.</summary>
    public ImmutableArray<MarginError> Errors { get; init; } = [];

    /// <summary>The same with what would improve each subaccount whose figures are known.</summary>
    /// <param name="market">The fitted market.</param>
    /// <param name="quotes">What may be traded, with its cost.</param>
    /// <param name="growth">By instrument; empty: no edge is stated.</param>
    /// <param name="target">Maintenance margin over its balance to come down to; null: no cuts.</param>
    public MarginReport Improved(
        RiskMarket market,
        ImmutableArray<TradeQuote> quotes,
        IReadOnlyDictionary<string, CandidateGrowth> growth,
        double? target
    )
    {
        var names = quotes.Select(quote => quote.Instrument.Name);
        return this with
        {
            Subaccounts =
            [
                .. Subaccounts.Select(row =>
                    !row.Statement.IsDetermined ? row
                    : row.IsIsolated
                        ? row with
                        {
                            // Its margin is for one contract: nothing else can hedge it or be opened in it.
                            Improvement = MarginImprovement.OfIsolated(row.Portfolio, row.Model, quotes, target),
                        }
                    : row with
                    {
                        Improvement = MarginImprovement.Of(
                            row.Portfolio with
                            {
                                Market = row.Portfolio.Market with
                                {
                                    Quotes = MarginPortfolios
                                        .MarketOf(market, names)
                                        .Quotes.SetItems(row.Portfolio.Market.Quotes),
                                },
                            },
                            row.Model,
                            quotes,
                            growth,
                            target
                        ),
                    }
                ),
            ],
        };
    }

    /// <summary>Whether every figure is known.</summary>
    public bool IsDetermined => Subaccounts.All(sub => sub.Statement.IsDetermined);

    /// <summary>Whether a venue would liquidate now.</summary>
    public bool IsShort => Subaccounts.Any(sub => sub.Statement.Pools.Any(pool => pool.IsShort));

    /// <summary>Assesses every subaccount.</summary>
    /// <param name="account">What is held.</param>
    /// <param name="market">Cleaned market.</param>
    /// <param name="modelOf">The rule of a subaccount; null: no model, which makes it undetermined.</param>
    /// <param name="scenariosOf">
    /// Weighted scenarios with their path, of the fitted market; null: no distance to liquidation.
    /// </param>
    /// <param name="threads">The answer does not depend on it.</param>
    /// <param name="ladder">A venue's liquidation ladder with other figures than the shipped ones.</param>
    public static MarginReport Of(
        Account account,
        MarketSnapshot market,
        Func<Subaccount, IVenueMargin?> modelOf,
        Func<RiskMarket, ScenarioSet>? scenariosOf = null,
        int threads = 1,
        ILiquidationLadder? ladder = null
    )
    {
        account = account.Apart(market);
        var seen = Fitted(market);
        var scenarios = scenariosOf?.Invoke(seen);
        var portfolios = MarginPortfolios.Of(account, seen, out var absent);
        var rows = ImmutableArray.CreateBuilder<SubaccountMargin>();
        for (int i = 0; i < portfolios.Length; i++)
        {
            var subaccount = account.Subaccounts[i];
            var model =
                modelOf(subaccount)
                ?? throw new ArgumentException($"no margin model of {subaccount.Venue}", nameof(modelOf));
            string[] lacks =
            [
                .. absent.Where(line =>
                    subaccount.Positions.Any(position =>
                        line.StartsWith(position.Instrument + ":", StringComparison.Ordinal)
                    )
                ),
            ];
            var statement = model.Assess(portfolios[i]);
            rows.Add(
                new SubaccountMargin(
                    model,
                    portfolios[i],
                    lacks.Length == 0
                        ? statement
                        : MarginStatement.Undetermined(portfolios[i], model, lacks.Concat(statement.Missing)),
                    lacks.Length == 0 ? LiquidationPreview.Of(portfolios[i], model, statement, null, ladder) : []
                )
                {
                    IsIsolated = subaccount.IsIsolated,
                    Distance =
                        scenarios is null || lacks.Length > 0
                            ? null
                            : AccountDistance.Of(portfolios[i], model, scenarios, threads, ladder),
                }
            );
        }
        return new MarginReport(
            market.AsOf,
            rows.ToImmutable(),
            [.. rows.Select(row => row.Model.Note.Text).Distinct(StringComparer.Ordinal)]
        );
    }

    /// <summary>A market with a surface for each coin that has options and a fit.</summary>
    public static RiskMarket Fitted(MarketSnapshot market)
    {
        var surfaces = new SortedDictionary<string, VolatilitySurface>(StringComparer.Ordinal);
        var coins = market
            .Quotes.Where(quote => quote.Instrument is OptionInstrument)
            .Select(quote => quote.Instrument.Underlying)
            .Distinct(StringComparer.Ordinal);
        foreach (string coin in coins)
            if (SurfaceFit.Fit(market, coin).Surface is { } surface)
                surfaces[coin] = surface;
        return new RiskMarket(market, surfaces);
    }
}
