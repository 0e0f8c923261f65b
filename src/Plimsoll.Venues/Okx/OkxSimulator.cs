using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>OKX's position builder: portfolio margin of a book with the account's cash.</summary>
/// <remarks>
/// www.okx.com/docs-v5, <c>POST account/position-builder</c>: right to read, 2 calls in 2 seconds, at most 200
/// positions. Sizes are in contracts; the account's cash goes along, for what is borrowed is margined too.
/// </remarks>
sealed class OkxSimulator(OkxRest rest) : IMarginSimulator
{
    const int MostPositions = 200;
    const double CallsPerSecond = 2;

    /// <summary>One that asks without a session.</summary>
    public static OkxSimulator Once(OkxSettings settings, VenueKey key)
    {
        var time = TimeProvider.System;
        CallCredits Credits() => new(time, CallsPerSecond, CallsPerSecond);
        var line = new VenueLine(time, Credits(), Credits(), Credits());
        return new OkxSimulator(new OkxRest(settings, key, HttpCalls.SendAsync, line, time));
    }

    /// <inheritdoc />
    public async Task<ImmutableList<StatedMargin>> AskAsync(ImmutableArray<Position> book)
    {
        if (book.Length > MostPositions)
            throw new VenueException($"the position builder takes {MostPositions} positions, not {book.Length}");
        var cash = new JsonArray();
        foreach (var account in (await rest.ReadAsync("account/balance")).EnumerateArray())
        foreach (var row in account.GetProperty("details").EnumerateArray())
            if (row.Amount("cashBal") is not (null or 0) and { } amount)
                cash.Add(new JsonObject { ["ccy"] = row.Text("ccy"), ["amt"] = Words(amount) });
        var answer = await rest.AskAsync(
            "account/position-builder",
            new JsonObject
            {
                ["inclRealPosAndEq"] = false,
                ["simPos"] = new JsonArray([
                    .. book.Select(one => new JsonObject
                    {
                        ["instId"] = one.Instrument,
                        ["pos"] = Words(one.Contracts),
                    }),
                ]),
                ["simAsset"] = cash,
            }
        );
        var read = MarginAnswers.Read(answer, "account/position-builder");
        return read.Succeeded ? read.Value : throw new VenueException(read.Faults[0].ToString());
    }

    static string Words(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
