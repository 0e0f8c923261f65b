using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>
/// Deribit's simulators: <c>private/simulate_portfolio</c> of an account with standard margin,
/// <c>private/pme/simulate</c> of one with portfolio margin.
/// </summary>
/// <remarks>
/// docs.deribit.com, scope account:read. The first takes "for futures in USD, for options in base currency" and at most
/// one call a second; the second takes everything in base currency. Sizes of linear futures are in coins in both: the
/// first's page does not say, and orders and positions of them are. Inverse futures are turned into coins at the mark.
/// </remarks>
/// <param name="contracts">Terms.</param>
/// <param name="time">Clock, for the pause between two calls.</param>
/// <param name="call">Calls a method and has its result.</param>
sealed class DeribitSimulator(
    DeribitContracts contracts,
    TimeProvider time,
    Func<string, JsonObject, Task<JsonElement>> call
) : IMarginSimulator
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1_100);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks over HTTP without a session; a key that may do more than read is refused.</summary>
    public static async Task<Parsed<ImmutableList<StatedMargin>>> OnceAsync(
        DeribitSettings settings,
        VenueKey key,
        ImmutableArray<Position> book,
        CancellationToken cancel
    )
    {
        var time = TimeProvider.System;
        using var http = new HttpClient { Timeout = Longest };
        var calls = new DeribitHttp(settings.Url, http, time);
        if (await DeribitFetch.LogInAsync(calls, key, cancel) is { } fault)
            return Parsed<ImmutableList<StatedMargin>>.Fail(fault);
        async Task<JsonElement> Call(string method, JsonObject parameters) =>
            (await calls.ReadAsync(method, parameters, cancel)).Result;
        var contracts = new DeribitContracts();
        foreach (var position in book)
            contracts.Learn(
                await Call("public/get_instrument", new JsonObject { ["instrument_name"] = position.Instrument })
            );
        return Parsed<ImmutableList<StatedMargin>>.Ok(await new DeribitSimulator(contracts, time, Call).AskAsync(book));
    }

    /// <inheritdoc />
    public async Task<ImmutableList<StatedMargin>> AskAsync(ImmutableArray<Position> book)
    {
        var found = ImmutableList.CreateBuilder<StatedMargin>();
        var held = book.Select(one => (Terms: Terms(one.Instrument), one.Contracts)).ToList();
        var models = await ModelsAsync();
        bool isFirst = true;
        foreach (var wallet in held.GroupBy(one => one.Terms.Settlement).OrderBy(group => group.Key))
        {
            string model = models.GetValueOrDefault(wallet.Key.Code, "");
            bool isCross = model.StartsWith("cross", StringComparison.Ordinal),
                isPortfolio = model.EndsWith("pm", StringComparison.Ordinal);
            if (model.Length == 0)
                throw new VenueException($"the account states no margin model of {wallet.Key}");
            if (!isFirst)
                await Task.Delay(Pause, time);
            isFirst = false;
            var asked = new JsonObject();
            foreach (var (terms, size) in isCross ? held : [.. wallet])
                asked[terms.Name] = isPortfolio ? await CoinsAsync(terms, size) : size * terms.OrderAmountPerContract;
            string method = isPortfolio ? "private/pme/simulate" : "private/simulate_portfolio";
            var answer = await call(
                method,
                new JsonObject
                {
                    ["currency"] = isPortfolio && isCross ? "CROSS" : wallet.Key.Code,
                    ["add_positions"] = false,
                    ["simulated_positions"] = asked,
                }
            );
            var read = MarginAnswers.Read(answer, method);
            if (!read.Succeeded)
                throw new VenueException(read.Faults[0].ToString());
            found.AddRange(read.Value);
            if (isCross)
                break; // the whole account, restated in each currency
        }
        return found.ToImmutable();
    }

    Instrument Terms(string name) =>
        contracts.Find(name) ?? throw new VenueException($"the terms of {name} are not known");

    async Task<Dictionary<string, string>> ModelsAsync()
    {
        var answer = await call("private/get_account_summaries", []);
        return answer
            .GetProperty("summaries")
            .EnumerateArray()
            .ToDictionary(row => row.Text("currency").ToUpperInvariant(), row => row.Text("margin_model"));
    }

    async Task<decimal> CoinsAsync(Instrument terms, decimal size)
    {
        if (terms is OptionInstrument || terms.Shape == PayoffShape.Linear)
            return size * terms.ContractSize;
        var ticker = await call("public/ticker", new JsonObject { ["instrument_name"] = terms.Name });
        return ticker.Number("mark_price") is > 0 and { } mark
            ? size * terms.ContractSize / mark
            : throw new VenueException($"no mark of {terms.Name}");
    }
}
