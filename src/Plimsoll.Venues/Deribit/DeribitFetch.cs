using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>An answer of the venue, whole, with the name of the file that it belongs in.</summary>
/// <param name="Name">File name; holds the method, by which an import knows it.</param>
/// <param name="Text">The answer as it came.</param>
/// <param name="IsPrivate">Whether it says what somebody holds.</param>
public sealed record SavedAnswer(string Name, string Text, bool IsPrivate);

/// <summary>
/// Reads a chain, and with a key that can do nothing but read, an account, in the venue's own answers.
/// </summary>
/// <param name="settings">Where.</param>
/// <param name="http">Makes the requests.</param>
/// <param name="time">Clock; null: the machine's.</param>
public sealed class DeribitFetch(DeribitSettings settings, HttpClient http, TimeProvider? time = null)
{
    /// <summary>Reads everything, or says what stands in the way; nothing is written here.</summary>
    /// <param name="currencies">The venue's currencies, such as <c>BTC</c>, <c>ETH</c>, <c>USDC</c>.</param>
    /// <param name="key">Null: public data only.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">The venue did not answer.</exception>
    public async Task<Parsed<IReadOnlyList<SavedAnswer>>> ReadAsync(
        IReadOnlyList<string> currencies,
        VenueKey? key,
        CancellationToken cancel
    )
    {
        var calls = new DeribitHttp(settings.Url, http, time ?? TimeProvider.System);
        var saved = new List<SavedAnswer>();
        // The key first: one that can do harm is sent back before anything else happens.
        if (key is not null && await LogInAsync(calls, key, cancel) is { } fault)
            return Parsed<IReadOnlyList<SavedAnswer>>.Fail(fault);
        foreach (string currency in currencies)
        {
            var of = new JsonObject { ["currency"] = currency };
            JsonElement listed;
            try
            {
                listed = await SaveAsync("public/get_instruments", of, currency, false);
            }
            catch (VenueRefusal refusal)
            {
                return Parsed<IReadOnlyList<SavedAnswer>>.Fail(
                    new Fault(
                        "--currency",
                        null,
                        "",
                        currency,
                        $"a currency of the venue, which says: {refusal.Message}"
                    )
                );
            }
            await SaveAsync("public/get_book_summary_by_currency", of, currency, false);
            // Tickers state the index and the size at the best prices; options have too many to ask one by one.
            foreach (string name in Futures(listed))
                await SaveAsync("public/ticker", new JsonObject { ["instrument_name"] = name }, name, false);
        }
        if (key is null)
            return Parsed<IReadOnlyList<SavedAnswer>>.Ok(saved);
        await SaveAsync("private/get_account_summaries", [], "", true);
        await SaveAsync("private/get_positions", new JsonObject { ["currency"] = "any" }, "", true);
        await SaveAsync("private/get_open_orders", [], "", true);
        return Parsed<IReadOnlyList<SavedAnswer>>.Ok(saved);

        async Task<JsonElement> SaveAsync(string method, JsonObject parameters, string of, bool isPrivate)
        {
            var (text, result) = await calls.ReadAsync(method, parameters, cancel);
            string name = method[(method.IndexOf('/') + 1)..];
            saved.Add(new SavedAnswer(of.Length > 0 ? $"{name}.{of}.json" : $"{name}.json", text, isPrivate));
            return result;
        }
    }

    /// <summary>Logs in with a key that can do nothing but read; what is wrong with it, or null.</summary>
    internal static async Task<Fault?> LogInAsync(DeribitHttp calls, VenueKey key, CancellationToken cancel)
    {
        var (_, now) = await calls.ReadAsync("public/get_time", [], cancel);
        JsonElement grant;
        try
        {
            (_, grant) = await calls.ReadAsync("public/auth", DeribitLogin.Signed(key, now.GetInt64()), cancel);
        }
        catch (VenueRefusal refusal)
        {
            return new Fault(
                "--key",
                null,
                "",
                key.ClientId,
                $"a key that the venue takes; it says: {refusal.Message}"
            );
        }
        var scope = new DeribitScope(grant.Text("scope"));
        if (scope.Writes.Count > 0)
            return new Fault(
                "--key",
                null,
                key.ClientId,
                string.Join(", ", scope.Writes),
                "a key that may only read; make one with account:read, trade:read and wallet:read or none"
            );
        if (!scope.MayRead)
            return new Fault("--key", null, key.ClientId, scope.Text, "a key whose scope says account:read");
        calls.LogIn(grant.Text("access_token"));
        return null;
    }

    static IEnumerable<string> Futures(JsonElement listed) =>
        listed
            .EnumerateArray()
            .Where(row => row.Text("kind") == "future" && !row.TryGetProperty("strike", out _))
            .Select(row => row.Text("instrument_name"))
            .Where(name => DeribitNames.Parse(name, out _) is not null);
}
