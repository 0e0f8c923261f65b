using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>How the venue margins the account (<c>acctLv</c>).</summary>
enum OkxMode
{
    /// <summary>Each currency for itself.</summary>
    Futures = 2,

    /// <summary>All currencies together.</summary>
    MultiCurrency = 3,

    /// <summary>By scenarios, all currencies together.</summary>
    Portfolio = 4,
}

/// <summary>The account's figures from the channels <c>account</c> and <c>positions</c>.</summary>
/// <remarks>
/// The venue's <c>mgnRatio</c> is equity over maintenance margin: bigger is safer, the other way round from ours.
/// Equity is the whole account's in dollars; margins are scaled so that their ratio to it is that of the part nearest
/// to liquidation: the pool over its adjusted (discounted) equity, a currency in futures mode, or an isolated position.
/// </remarks>
sealed class OkxAccount(OkxMode mode)
{
    const decimal WorstRatio = 100;
    const decimal Lights = 5;
    readonly Dictionary<string, decimal> isolated = new(StringComparer.Ordinal);
    readonly Dictionary<string, decimal> ranks = new(StringComparer.Ordinal);
    JsonElement? account;

    /// <summary>Takes a row of <c>account</c>.</summary>
    public void Take(JsonElement row) => account = row;

    /// <summary>Takes a row of <c>positions</c>: an isolated one is liquidated alone.</summary>
    public void TakePosition(JsonElement row)
    {
        string id = row.Text("posId");
        if (row.Text("mgnMode") == "isolated" && row.Amount("pos") is not (null or 0))
            isolated[id] = Inverse(row.Amount("mgnRatio"));
        else
            isolated.Remove(id);
    }

    /// <summary>A position's place in the queue of deleveraging; null where it is told already or not stated.</summary>
    /// <remarks>
    /// The venue shows it by lights, from none to five: each is a fifth of the queue, and a place is told by the end of
    /// its fifth that is nearer to the front.
    /// </remarks>
    public DeleveragingSeen? Rank(JsonElement row)
    {
        string name = row.Text("instId");
        if (row.Amount("adl") is not (>= 0 and <= Lights and var lights))
            return null;
        decimal rank = row.Amount("pos") is null or 0 ? 0 : lights / Lights;
        if (ranks.TryGetValue(name, out decimal before) && before == rank)
            return null;
        ranks[name] = rank;
        return new DeleveragingSeen(name, rank, null);
    }

    /// <summary>The figures; null before the account was heard of.</summary>
    public AccountSeen? Figures()
    {
        if (account is not { } row)
            return null;
        decimal equity = row.NeededAmount("totalEq"),
            kept = Math.Max(0, equity);
        var (initial, maintenance) = mode == OkxMode.Futures ? Currencies(row) : Pool(row);
        decimal worst = isolated.Count == 0 ? maintenance : Math.Max(maintenance, isolated.Values.Max());
        return new AccountSeen(equity, Math.Max(initial, worst) * kept, worst * kept, Equities(row));
    }

    static (decimal Initial, decimal Maintenance) Pool(JsonElement row)
    {
        decimal adjusted = row.Amount("adjEq") ?? row.NeededAmount("totalEq");
        return (Ratio(row.Amount("imr"), adjusted), Ratio(row.Amount("mmr"), adjusted));
    }

    static (decimal Initial, decimal Maintenance) Currencies(JsonElement row)
    {
        decimal initial = 0,
            maintenance = 0;
        foreach (var own in row.GetProperty("details").EnumerateArray())
        {
            decimal equity = own.Amount("eq") ?? 0;
            initial = Math.Max(initial, Ratio(own.Amount("imr"), equity));
            maintenance = Math.Max(
                maintenance,
                own.Amount("mmr") is { } needed ? Ratio(needed, equity) : Inverse(own.Amount("mgnRatio"))
            );
        }
        return (initial, maintenance);
    }

    static ImmutableArray<Balance> Equities(JsonElement row) =>
        [
            .. row.GetProperty("details")
                .EnumerateArray()
                .Select(own => new Balance(new Currency(own.Text("ccy")), own.Amount("eq") ?? 0))
                .OrderBy(own => own.Currency),
        ];

    static decimal Ratio(decimal? margin, decimal equity) =>
        margin is not > 0 ? 0
        : equity <= 0 ? WorstRatio
        : Math.Min(WorstRatio, margin.Value / equity);

    // No ratio: nothing that could be liquidated.
    static decimal Inverse(decimal? ratio) =>
        ratio is not { } stated ? 0
        : stated <= 1 / WorstRatio ? WorstRatio
        : 1 / stated;
}
