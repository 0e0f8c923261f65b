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
        var bands = family.Length == 0 ? null : await BandsAsync(rest, family);
        return contracts.Learn(await rest.ReadAsync("public/instruments", query, urgent: true), fees[0], bands);
    }

    /// <summary>Ticks of a family's options, wider where they cost more; null where none are stated.</summary>
    /// <param name="rest">Asks.</param>
    /// <param name="family">The family as the rest of a query.</param>
    public static async Task<TickSchedule?> BandsAsync(OkxRest rest, string family)
    {
        var rows = await rest.ReadAsync("public/instrument-tick-bands", $"instType=OPTION{family}", urgent: true);
        return rows.GetArrayLength() == 0 ? null : OkxContracts.Bands(rows[0].GetProperty("tickBand"));
    }
}
