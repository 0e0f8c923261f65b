using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>The account's figures, currency by currency, and what they come to in dollars.</summary>
/// <remarks>
/// <para>
/// Under cross margin every currency states the whole pool converted into it, so the venue's own totals are taken and
/// nothing is summed. Under segregated margin each currency is liquidated alone: equity is summed, and each margin is
/// that share of the equity which the worst wallet uses of its own, or the sum where that is more. So the ratio of
/// margin to equity is that of the wallet nearest to liquidation.
/// </para>
/// <para>Stablecoins of the dollar count as one dollar; every other currency needs its index.</para>
/// </remarks>
sealed class DeribitWallets(Action<EngineEvent> learned)
{
    // A wallet without margin balance that has margin to keep is as bad as can be; the figure stays finite.
    const decimal WorstRatio = 100;
    static readonly HashSet<string> Dollars = ["USDC", "USDT", "USDE", "USYC", "BUIDL", "USD"];
    readonly SortedDictionary<string, JsonElement> wallets = new(StringComparer.Ordinal);
    readonly Dictionary<string, decimal> indexUsd = new(StringComparer.Ordinal);

    /// <summary>Currencies that hold or owe anything.</summary>
    public IEnumerable<string> Currencies => wallets.Where(row => IsUsed(row.Value)).Select(row => row.Key);

    /// <summary>Index channels that the currencies need.</summary>
    public IEnumerable<string> IndexChannels =>
        Currencies.Where(code => !Dollars.Contains(code)).Select(code => $"deribit_price_index.{IndexName(code)}");

    /// <summary>Takes a row of <c>get_account_summaries</c> or a message of <c>user.portfolio</c>.</summary>
    public void Take(JsonElement row) => wallets[row.Text("currency").ToUpperInvariant()] = row;

    /// <summary>Takes a message of <c>deribit_price_index</c>.</summary>
    public void TakeIndex(JsonElement data) => indexUsd[data.Text("index_name")] = data.Needed("price");

    /// <summary>Tells the figures, if every one is known.</summary>
    public void Tell()
    {
        if (wallets.Count > 0 && Figures() is { } figures)
            learned(figures);
    }

    AccountSeen? Figures()
    {
        if (
            wallets.Values.FirstOrDefault(row => row.Number("total_equity_usd") is not null) is { } cross
            && cross.ValueKind == JsonValueKind.Object
            && cross.Flag("cross_collateral_enabled")
        )
            return new AccountSeen(
                cross.Needed("total_equity_usd"),
                cross.Needed("total_initial_margin_usd"),
                cross.Needed("total_maintenance_margin_usd"),
                Equities()
            );
        decimal equity = 0,
            initial = 0,
            maintenance = 0,
            worstInitial = 0,
            worstMaintenance = 0;
        foreach (string code in Currencies)
        {
            decimal usd;
            if (Dollars.Contains(code))
                usd = 1;
            else if (!indexUsd.TryGetValue(IndexName(code), out usd))
                return null;
            var row = wallets[code];
            decimal balance = row.Number("margin_balance") ?? row.Needed("equity");
            equity += row.Needed("equity") * usd;
            initial += row.Needed("initial_margin") * usd;
            maintenance += row.Needed("maintenance_margin") * usd;
            worstInitial = Math.Max(worstInitial, Ratio(row.Needed("initial_margin"), balance));
            worstMaintenance = Math.Max(worstMaintenance, Ratio(row.Needed("maintenance_margin"), balance));
        }
        decimal kept = Math.Max(0, equity);
        return new AccountSeen(
            equity,
            Math.Max(initial, worstInitial * kept),
            Math.Max(maintenance, worstMaintenance * kept),
            Equities()
        );
    }

    /// <summary>Each currency's own equity in its own units, options and open gains included.</summary>
    ImmutableArray<Balance> Equities() =>
        [.. Currencies.Select(code => new Balance(new Currency(code), wallets[code].Number("equity") ?? 0))];

    static decimal Ratio(decimal margin, decimal balance) =>
        margin <= 0 ? 0
        : balance <= 0 ? WorstRatio
        : Math.Min(WorstRatio, margin / balance);

    static bool IsUsed(JsonElement row) =>
        row.Number("equity") is not (null or 0)
        || row.Number("balance") is not (null or 0)
        || row.Number("maintenance_margin") is not (null or 0);

    static string IndexName(string code) => $"{code.ToLowerInvariant()}_usd";
}
