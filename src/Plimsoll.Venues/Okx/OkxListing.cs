using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Reads the terms of every contract, with the fees that this account pays for them.</summary>
sealed class OkxListing(OkxSettings settings, OkxContracts contracts, OkxRest rest)
{
    /// <summary>All of them, by name.</summary>
    public async Task<ImmutableArray<Instrument>> ReadAsync()
    {
        var found = new List<Instrument>();
        foreach (string type in (string[])["SWAP", "FUTURES"])
            found.AddRange(await ReadAsync(type, $"instType={type}", ""));
        foreach (string family in settings.OptionFamilies)
            found.AddRange(await ReadAsync("OPTION", $"instType=OPTION&instFamily={family}", $"&instFamily={family}"));
        return [.. found.OrderBy(one => one.Name, StringComparer.Ordinal)];
    }

    async Task<ImmutableArray<Instrument>> ReadAsync(string type, string query, string family)
    {
        var fees = await rest.ReadAsync("account/trade-fee", $"instType={type}{family}", urgent: true);
        return contracts.Learn(await rest.ReadAsync("public/instruments", query, urgent: true), fees[0]);
    }
}
