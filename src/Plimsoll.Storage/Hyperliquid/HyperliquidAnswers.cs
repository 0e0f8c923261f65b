using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Market and account as saved answers of Hyperliquid's <c>info</c> state them.</summary>
/// <remarks>
/// Files are named by the question: <c>metaAndAssetCtxs.json</c>, <c>userFees.json</c>, <c>l2Book.COIN.json</c>, and of
/// an account <c>clearinghouseState.json</c> and <c>frontendOpenOrders.json</c>. Coins without a book are in the market
/// only where they are held. The account's value holds every gain so far, so positions carry no entry price.
/// </remarks>
/// <param name="Market">Prices.</param>
/// <param name="Account">Null where no answer speaks of one.</param>
public sealed record HyperliquidAnswers(MarketSnapshot Market, Account? Account)
{
    const string Prices = "metaAndAssetCtxs.json";
    const string Fees = "userFees.json";
    const string State = "clearinghouseState.json";
    const string Orders = "frontendOpenOrders.json";
    const int FundingHours = 8;

    /// <summary>Whether a folder holds such answers.</summary>
    public static bool Are(string folder) => File.Exists(Path.Combine(folder, Prices));

    /// <summary>Reads a folder of answers; or the first fault.</summary>
    public static Parsed<HyperliquidAnswers> Read(string folder)
    {
        string at = Prices;
        try
        {
            var prices = Load(Prices);
            var fees = Load(Fees);
            var books = Directory
                .EnumerateFiles(folder, "l2Book.*.json")
                .Order(StringComparer.Ordinal)
                .Select(path => Load(Path.GetFileName(path)))
                .ToList();
            JsonElement? state = Exists(State) ? Load(State) : null;
            JsonElement? orders = Exists(Orders) ? Load(Orders) : null;
            at = Prices;
            var market = Of(prices, fees, books, state);
            at = State;
            return market.Quotes.IsEmpty
                ? Fail(Prices, "no coin has a book or is held", "answers to l2Book")
                : Parsed<HyperliquidAnswers>.Ok(new(market, state is { } own ? Of(own, orders) : null));
        }
        catch (Exception e)
            when (e
                    is FormatException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or JsonException
                        or IOException
            )
        {
            return Fail(at, e.Message, "an answer as the venue gives it");
        }

        bool Exists(string name) => File.Exists(Path.Combine(folder, name));

        JsonElement Load(string name)
        {
            at = name;
            return JsonElement.Parse(File.ReadAllText(Path.Combine(folder, name)));
        }
    }

    static MarketSnapshot Of(JsonElement prices, JsonElement fees, List<JsonElement> books, JsonElement? state)
    {
        var contexts = prices[1];
        var byCoin = books.ToDictionary(book => book.GetProperty("coin").GetString()!, StringComparer.Ordinal);
        var held = state is { } own ? Held(own).Select(one => one.Instrument).ToHashSet(StringComparer.Ordinal) : [];
        var quotes = ImmutableArray.CreateBuilder<InstrumentQuote>();
        var coins = ImmutableArray.CreateBuilder<UnderlyingMarket>();
        foreach (var (place, terms) in HyperliquidInstruments.Read(prices[0], fees))
        {
            JsonElement? book = byCoin.TryGetValue(terms.Name, out var found) ? found : null;
            if (book is null && !held.Contains(terms.Name))
                continue;
            var now = contexts[place];
            coins.Add(
                new()
                {
                    Underlying = terms.Name,
                    IndexUsd = (double)now.NeededAmount("oraclePx"),
                    Forwards = [],
                }
            );
            quotes.Add(Quote(terms, now, book));
        }
        long latest = books.Append(state ?? default).Max(Milliseconds);
        if (latest == 0)
            throw new FormatException("no time: an answer to l2Book or clearinghouseState states it");
        return SnapshotCleaning.Clean(
            new()
            {
                AsOf = DateTimeOffset.FromUnixTimeMilliseconds(latest),
                Venue = "hyperliquid",
                Source = "saved Hyperliquid answers",
                Underlyings = [.. coins.OrderBy(coin => coin.Underlying, StringComparer.Ordinal)],
                Quotes = [.. quotes.OrderBy(quote => quote.Instrument.Name, StringComparer.Ordinal)],
            }
        );
    }

    static InstrumentQuote Quote(PerpetualInstrument terms, JsonElement now, JsonElement? book)
    {
        decimal mark = now.NeededAmount("markPx");
        var (bid, ask) = (Best(book, 0), Best(book, 1));
        return new()
        {
            Instrument = terms,
            Mark = mark,
            Bid = bid?.Price,
            Ask = ask?.Price,
            BidContracts = bid?.Size,
            AskContracts = ask?.Size,
            BidDepthContracts = bid?.Depth,
            AskDepthContracts = ask?.Depth,
            OpenInterestContracts = now.Amount("openInterest"),
            DailyVolumeContracts = mark > 0 ? now.Amount("dayNtlVlm") / mark : null,
            // The venue states an hour's funding.
            FundingRate8h = (double?)(now.Amount("funding") * FundingHours),
        };
    }

    static (decimal Price, decimal Size, decimal Depth)? Best(JsonElement? book, int side)
    {
        if (book?.GetProperty("levels")[side] is not { } levels || levels.GetArrayLength() == 0)
            return null;
        return (
            levels[0].NeededAmount("px"),
            levels[0].NeededAmount("sz"),
            levels.EnumerateArray().Sum(level => level.NeededAmount("sz"))
        );
    }

    static Account Of(JsonElement state, JsonElement? orders) =>
        new()
        {
            Subaccounts =
            [
                new()
                {
                    Name = "main",
                    Venue = "hyperliquid",
                    MarginMode = MarginMode.CrossStandard,
                    Balances =
                    [
                        new Balance(
                            Currency.Usdc,
                            state.GetProperty("marginSummary").NeededAmount("accountValue")
                                - Held(state).Sum(position => position.IsolatedMargin ?? 0)
                        ),
                    ],
                    Positions = [.. Held(state)],
                    OpenOrders = orders is { } rows ? [.. rows.EnumerateArray().Select(Order)] : [],
                },
            ],
        };

    static IEnumerable<Position> Held(JsonElement state) =>
        state
            .GetProperty("assetPositions")
            .EnumerateArray()
            .Select(row => row.GetProperty("position"))
            .Select(held =>
            {
                // What an isolated position has used is its margin with its gain: it is marked to market here.
                bool isIsolated =
                    held.TryGetProperty("leverage", out var leverage)
                    && leverage.TryGetProperty("type", out var type)
                    && type.GetString() == "isolated";
                return new Position(held.GetProperty("coin").GetString()!, held.NeededAmount("szi"), null)
                {
                    IsolatedMargin = isIsolated ? held.NeededAmount("marginUsed") : null,
                };
            })
            .Where(held => held.Contracts != 0);

    static OpenOrder Order(JsonElement row) =>
        new(
            row.GetProperty("oid").ToString(),
            row.GetProperty("coin").GetString()!,
            row.GetProperty("side").GetString() == "B" ? Side.Buy : Side.Sell,
            row.NeededAmount("sz"),
            row.NeededAmount("limitPx"),
            row.TryGetProperty("reduceOnly", out var flag) && flag.ValueKind == JsonValueKind.True
        );

    static long Milliseconds(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("time", out var time) ? time.GetInt64() : 0;

    static Parsed<HyperliquidAnswers> Fail(string place, string found, string expected) =>
        Parsed<HyperliquidAnswers>.Fail(new Fault(place, null, "", found, expected));
}
