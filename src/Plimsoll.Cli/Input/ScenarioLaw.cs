using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Cli;

/// <summary>How a command draws its scenarios.</summary>
sealed record ScenarioLaw(ImmutableArray<PriceHistory> Histories, ScenarioRequest Request)
{
    public int Threads => Request.Threads;

    /// <summary>Scenarios of a market with its fitted surfaces.</summary>
    public ScenarioSet Draw(RiskMarket market) =>
        HistoricalScenarios.Build(market.Snapshot, market.Surfaces, Histories, Request);
}
