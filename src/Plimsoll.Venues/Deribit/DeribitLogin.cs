using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>
/// Logs in by signature, so that the secret itself never leaves the process, and keeps the login fresh.
/// </summary>
sealed class DeribitLogin(VenueKey key, VenueLine line)
{
    const double RefreshAfter = 0.8;
    string refreshToken = "";
    DateTimeOffset refreshAt = DateTimeOffset.MaxValue;

    /// <summary>Parameters of <c>public/auth</c> by signature.</summary>
    /// <param name="key">Key.</param>
    /// <param name="venueMilliseconds">Now on the venue's clock.</param>
    public static JsonObject Signed(VenueKey key, long venueMilliseconds)
    {
        string nonce = FormattableString.Invariant($"n{venueMilliseconds}");
        string text = FormattableString.Invariant($"{venueMilliseconds}\n{nonce}\n");
        return new JsonObject
        {
            ["grant_type"] = "client_signature",
            ["client_id"] = key.ClientId,
            ["timestamp"] = venueMilliseconds,
            ["nonce"] = nonce,
            ["data"] = "",
            ["signature"] = Convert.ToHexStringLower(key.Sign(text)),
        };
    }

    /// <summary>Logs the connection in.</summary>
    /// <returns>What was granted.</returns>
    /// <exception cref="VenueKeyRefused">The venue does not take the key.</exception>
    public async Task<DeribitScope> EnterAsync()
    {
        var answer = await line.CallAsync("public/auth", Signed(key, line.VenueMilliseconds(line.Now)));
        if (answer.Outcome == RpcOutcome.Refused && DeribitErrors.IsAccess(answer.Code))
            throw new VenueKeyRefused($"the venue does not take {key}: {answer.Words}");
        return Take(answer.Needed("public/auth"));
    }

    /// <summary>
    /// Renews the login when four fifths of its life are over; by signature if the token will not do.
    /// </summary>
    public async Task RefreshAsync()
    {
        if (line.Now < refreshAt)
            return;
        refreshAt = DateTimeOffset.MaxValue;
        var answer = await line.CallAsync(
            "public/auth",
            new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }
        );
        if (answer.Outcome == RpcOutcome.Done)
            Take(answer.Result);
        else
            await EnterAsync();
    }

    DeribitScope Take(JsonElement grant)
    {
        refreshToken = grant.Text("refresh_token");
        refreshAt = line.Now + TimeSpan.FromSeconds((double)grant.Needed("expires_in") * RefreshAfter);
        return new DeribitScope(grant.Text("scope"));
    }
}
