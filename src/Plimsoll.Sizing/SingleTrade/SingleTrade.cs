using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>How many contracts of one instrument a risk budget allows, and what binds.</summary>
public sealed record SingleTrade
{
    /// <summary>
    /// Sized (also when the answer is zero), infeasible when not one minimum order fits, or undetermined.
    /// </summary>
    public required DecisionStatus Status { get; init; }

    /// <summary>The venue's name.</summary>
    public required string Instrument { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Contracts to trade, whole lots; at least 0.</summary>
    public required decimal Contracts { get; init; }

    /// <summary>The venue's order field.</summary>
    public required decimal OrderAmount { get; init; }

    /// <summary>Its unit.</summary>
    public required string OrderAmountUnit { get; init; }

    /// <summary>Limit price in the instrument's own unit; null when nobody quotes the side.</summary>
    public required decimal? Price { get; init; }

    /// <summary>The home currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Equity in the home currency.</summary>
    public required double Equity { get; init; }

    /// <summary>What may be lost at the stop, home currency.</summary>
    public required double Budget { get; init; }

    /// <summary>Loss of one contract at the stop with costs, home currency; positive.</summary>
    public required double LossPerContract { get; init; }

    /// <summary>Loss of the trade at the stop, home currency; at most the budget.</summary>
    public required double LossAtStop { get; init; }

    /// <summary>Contracts that the budget alone allows, not rounded.</summary>
    public required double BudgetContracts { get; init; }

    /// <summary>Where the loss is reckoned, in words.</summary>
    public required string Stop { get; init; }

    /// <summary>What keeps the size from growing: <c>risk budget</c>, or the key path of a limit.</summary>
    public required string Binding { get; init; }

    /// <summary>What is missing; empty unless undetermined.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Assumptions used.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }

    /// <summary>Warnings.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
}
