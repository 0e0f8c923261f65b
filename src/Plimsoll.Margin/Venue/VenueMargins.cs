using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A model of the registry: how to make it from parameters, shipped or stated by the venue.</summary>
/// <param name="Key">Key of the model.</param>
/// <param name="Venue">The venue's key.</param>
/// <param name="IsPortfolio">Whether it is the venue's portfolio margin.</param>
/// <param name="Resource">Shipped parameters: the path below <c>data</c>.</param>
/// <param name="Load">Makes the model from a text in our format and the name of its place.</param>
public sealed record VenueMarginEntry(
    string Key,
    string Venue,
    bool IsPortfolio,
    string Resource,
    Func<string, string, Parsed<IVenueMargin>> Load
)
{
    readonly ConditionalWeakTable<MarginFile, IVenueMargin> stated = [];
    IVenueMargin? shipped;

    /// <summary>How the venue's public answers become our format; null: it publishes nothing of this model.</summary>
    public StatedParameters? Stated { get; init; }

    /// <summary>The model with the parameters that ship with the program; read once.</summary>
    public IVenueMargin Shipped() => shipped ??= Load(VenueParameters.Shipped(Resource), Resource).Value;

    /// <summary>The model from a text in our format or in the venue's own words.</summary>
    /// <param name="text">All of the file.</param>
    /// <param name="place">What to call it in faults: a file name.</param>
    public Parsed<IVenueMargin> Read(string text, string place)
    {
        if (Stated?.InOurFormat(text, place) is not { } ours)
            return Load(text, place);
        return ours.Succeeded ? Load(ours.Value, place) : Parsed<IVenueMargin>.Fail(ours.Faults);
    }

    /// <summary>The model with the figures of a file, read once, or with the shipped ones.</summary>
    /// <exception cref="InvalidOperationException">The file is faulty: whoever took it in had to read it.</exception>
    public IVenueMargin With(MarginFile? file) =>
        file is null ? Shipped() : stated.GetValue(file, of => Read(of.Text, of.Name).Value);
}

/// <summary>Every venue's margin; a model is one line here.</summary>
public static class VenueMargins
{
    /// <summary>In order of venue.</summary>
    public static ImmutableArray<VenueMarginEntry> All { get; } =
    [
        new(
            "deribit-standard-margin",
            "deribit",
            false,
            "venues/deribit/standard-margin.json",
            DeribitStandardMargin.LoadVenue
        ),
        new(
            "deribit-portfolio-margin",
            "deribit",
            true,
            DeribitPortfolioParameters.Resource,
            DeribitPortfolioMargin.LoadVenue
        )
        {
            Stated = DeribitStatedParameters.Reading,
        },
        new("okx-tiered-margin", "okx", false, OkxTieredMargin.Resource, OkxTieredMargin.LoadVenue)
        {
            Stated = OkxStatedTiers.Reading,
        },
        new("okx-portfolio-margin", "okx", true, OkxParameters.Resource, OkxPortfolioMargin.LoadVenue)
        {
            Stated = OkxStatedParameters.Reading,
        },
        new("span-like-margin", "cme", true, SpanParameters.Resource, SpanLikeMargin.LoadVenue),
        new(
            "derive-standard-margin",
            "derive",
            false,
            "venues/derive/standard-margin.json",
            DeriveStandardMargin.LoadVenue
        )
        {
            Stated = DeriveStatedParameters.Standard,
        },
        new(
            "derive-portfolio-margin-2",
            "derive",
            true,
            "venues/derive/portfolio-margin-2.json",
            DerivePortfolioMargin2.LoadVenue
        )
        {
            Stated = DeriveStatedParameters.Portfolio,
        },
        new(
            "derive-portfolio-margin",
            "derive",
            true,
            "venues/derive/portfolio-margin.json",
            DerivePortfolioMargin.LoadVenue
        ),
        new("binance-margin", "binance", false, "venues/binance/margin.json", BinanceMargin.LoadVenue)
        {
            Stated = BinanceStatedParameters.Reading,
        },
        new(
            "binance-portfolio-margin",
            "binance",
            true,
            "venues/binance/portfolio-margin.json",
            BinancePortfolioMargin.LoadVenue
        )
        {
            Stated = BinanceStatedParameters.Portfolio,
        },
        new("bybit-unified-margin", "bybit", false, "venues/bybit/unified-margin.json", BybitUnifiedMargin.LoadVenue)
        {
            Stated = BybitStatedParameters.Reading,
        },
        new(
            "bybit-portfolio-margin",
            "bybit",
            true,
            "venues/bybit/portfolio-margin.json",
            UnpublishedMargin.Loader("bybit-portfolio-margin", "bybit")
        ),
        new("hyperliquid-margin", "hyperliquid", false, "venues/hyperliquid/margin.json", HyperliquidMargin.LoadVenue)
        {
            Stated = HyperliquidStatedParameters.Reading,
        },
        new("dydx-margin", "dydx", false, "venues/dydx/margin.json", DydxMargin.LoadVenue)
        {
            Stated = DydxStatedParameters.Reading,
        },
    ];

    /// <summary>The model of a key, or null.</summary>
    public static VenueMarginEntry? Find(string key) => All.FirstOrDefault(entry => entry.Key == key);

    /// <summary>
    /// Why a model cannot margin an account of a venue in a mode; null: it can. The comparison's model margins those
    /// of any venue.
    /// </summary>
    public static string? Problem(string model, string venue, MarginMode mode)
    {
        if (Find(model) is not { } entry)
            return "one of " + string.Join(", ", All.Select(each => each.Key));
        if (entry.Venue != venue && entry.Venue != SpanLikeMargin.ComparisonVenue)
            return $"a model of {venue}: "
                + string.Join(
                    ", ",
                    All.Where(each => each.Venue == venue || each.Venue == SpanLikeMargin.ComparisonVenue)
                        .Select(each => each.Key)
                );
        bool isPortfolio = PortfolioRule.IsPortfolio(mode);
        return entry.IsPortfolio && !isPortfolio ? "margin-mode \"cross_pm\" beside it"
            : !entry.IsPortfolio && isPortfolio ? "a margin-mode of standard margin beside it"
            : entry is { IsPortfolio: true, Venue: not "deribit" } && mode != MarginMode.CrossPortfolio
                ? "margin-mode \"cross_pm\" beside it"
            : null;
    }

    /// <summary>The model of a subaccount with the figures that it names, else the shipped ones; null: none.</summary>
    public static IVenueMargin? Of(Subaccount subaccount)
    {
        ArgumentNullException.ThrowIfNull(subaccount);
        return EntryOf(subaccount)?.With(subaccount.MarginParameters);
    }

    /// <summary>The entry of a subaccount's model, or null.</summary>
    public static VenueMarginEntry? EntryOf(Subaccount subaccount)
    {
        ArgumentNullException.ThrowIfNull(subaccount);
        return For(subaccount.Venue, subaccount.MarginMode, subaccount.MarginModel);
    }

    /// <summary>
    /// A venue's standard model, with the figures that a subaccount under it names, else the shipped ones; null: none.
    /// </summary>
    public static IVenueMargin? StandardOf(string venue, Account? account)
    {
        if (All.FirstOrDefault(entry => entry.Venue == venue && !entry.IsPortfolio) is not { } standard)
            return null;
        var under = account?.Subaccounts.FirstOrDefault(each =>
            each.MarginParameters is not null && EntryOf(each) == standard
        );
        return standard.With(under?.MarginParameters);
    }

    /// <summary>
    /// The model of a venue's account: the one that is named, else its portfolio margin or its standard one, whichever
    /// exists; null for a venue without a model.
    /// </summary>
    public static VenueMarginEntry? For(string venue, MarginMode mode, string? model = null)
    {
        if (model is not null)
            return Find(model);
        bool wanted = mode is MarginMode.SegregatedPortfolio or MarginMode.CrossPortfolio;
        return All.FirstOrDefault(entry => entry.Venue == venue && entry.IsPortfolio == wanted)
            ?? All.FirstOrDefault(entry => entry.Venue == venue);
    }
}
