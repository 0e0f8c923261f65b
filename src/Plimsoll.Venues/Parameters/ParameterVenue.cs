using System.Collections.Immutable;

namespace Plimsoll.Venues;

/// <summary>A question that a venue answers to anybody.</summary>
/// <param name="Path">From the venue's address on, with its query.</param>
/// <param name="Body">JSON to post; null: a GET.</param>
sealed record PublicQuestion(string Path, string? Body = null);

/// <summary>A margin model whose figures, or some of them, its venue states to anybody.</summary>
/// <param name="Model">Key of the model.</param>
/// <param name="Live">The venue itself.</param>
/// <param name="TestNet">Its test net; null: it has none with figures of its own.</param>
/// <param name="CallsPerSecond">Well within what the venue allows an address.</param>
public sealed record ParameterVenue(string Model, Uri Live, Uri? TestNet, double CallsPerSecond)
{
    static readonly Uri Derive = new("https://api.derive.xyz/v3");
    static readonly Uri DeriveTest = new("https://testnet.api.derive.xyz/v3");
    static readonly PublicQuestion DeriveCurrencies = new("/public/get_all_currencies", "{}");

    /// <summary>Every such model; one is one entry here.</summary>
    public static ImmutableArray<ParameterVenue> All { get; } =
    [
        new("hyperliquid-margin", HyperliquidSettings.Live, HyperliquidSettings.TestNet, 1)
        {
            Once = [new("/info", """{"type":"meta"}""")],
        },
        new("deribit-portfolio-margin", DeribitSettings.Live, DeribitSettings.TestNet, 1)
        {
            Once = [new("/api/v2/public/pme/get_params")],
        },
        new("okx-portfolio-margin", new Uri("https://www.okx.com"), null, 1)
        {
            OfCoin = coin => [new($"/api/v5/public/discount-rate-interest-free-quota?ccy={coin}")],
        },
        new("okx-tiered-margin", new Uri("https://www.okx.com"), null, 1)
        {
            OfCoin = coin =>
                [
                    new($"/api/v5/public/instruments?instType=SWAP&instFamily={coin}-USDT"),
                    new($"/api/v5/public/position-tiers?instType=SWAP&tdMode=cross&instFamily={coin}-USDT"),
                    new($"/api/v5/public/discount-rate-interest-free-quota?ccy={coin}"),
                ],
        },
        new("bybit-unified-margin", new Uri("https://api.bybit.com"), new Uri("https://api-testnet.bybit.com"), 4)
        {
            OfCoin = coin =>
                [
                    new($"/v5/market/risk-limit?category=linear&symbol={coin}USDT"),
                    new($"/v5/spot-margin-trade/collateral?currency={coin}"),
                ],
        },
        new("binance-margin", new Uri("https://eapi.binance.com"), null, 1) { Once = [new("/eapi/v1/exchangeInfo")] },
        new("dydx-margin", new Uri("https://indexer.dydx.trade"), new Uri("https://indexer.v4testnet.dydx.exchange"), 1)
        {
            Once = [new("/v4/perpetualMarkets")],
        },
        new("derive-standard-margin", Derive, DeriveTest, 1) { Once = [DeriveCurrencies] },
        new("derive-portfolio-margin-2", Derive, DeriveTest, 1) { Once = [DeriveCurrencies] },
    ];

    /// <summary>Questions that are asked once.</summary>
    internal ImmutableArray<PublicQuestion> Once { get; init; } = [];

    /// <summary>Questions about one coin; null: the venue states every coin at once.</summary>
    internal Func<string, ImmutableArray<PublicQuestion>>? OfCoin { get; init; }

    /// <summary>Whether the questions name coins.</summary>
    public bool NamesCoins => OfCoin is not null;

    /// <summary>The model of a key, or null.</summary>
    public static ParameterVenue? Find(string model) => All.FirstOrDefault(each => each.Model == model);

    /// <summary>Why an address may not be asked; null: it may.</summary>
    /// <param name="url">The address.</param>
    /// <param name="isLive">Whether the person said that the venue itself is meant.</param>
    public string? Problem(Uri url, bool isLive)
    {
        ArgumentNullException.ThrowIfNull(url);
        return url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
                ? "https, or http on loopback"
            : !isLive && !url.IsLoopback && url.Host != TestNet?.Host
                ? TestNet is null ? "--live: the venue has no test net with figures of its own"
                    : $"{TestNet.Host}, loopback, or --live"
            : null;
    }
}
