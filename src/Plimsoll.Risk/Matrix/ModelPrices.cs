using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Model price of every instrument now: options on the fitted surface, futures on their forwards.</summary>
/// <remarks>
/// Scenario gains start from the same surface that they move, so that a scenario in which nothing happens gains
/// nothing. Quotes enter only through the surface's fit and through costs. Immutable and thread safe.
/// </remarks>
public sealed class ModelPrices
{
    readonly MarketSnapshot snapshot;
    readonly IReadOnlyDictionary<string, VolatilitySurface> surfaces;
    readonly Dictionary<string, InstrumentQuote> quotes;

    /// <param name="snapshot">The market.</param>
    /// <param name="surfaces">By underlying.</param>
    public ModelPrices(MarketSnapshot snapshot, IReadOnlyDictionary<string, VolatilitySurface> surfaces)
    {
        (this.snapshot, this.surfaces) = (snapshot, surfaces);
        quotes = new Dictionary<string, InstrumentQuote>(snapshot.Quotes.Length, StringComparer.Ordinal);
        foreach (var quote in snapshot.Quotes)
            quotes[quote.Instrument.Name] = quote;
    }

    /// <summary>Time of the market.</summary>
    public DateTimeOffset AsOf => snapshot.AsOf;

    /// <summary>Quote of an instrument, or null.</summary>
    public InstrumentQuote? Quote(Instrument instrument) => quotes.GetValueOrDefault(instrument.Name);

    /// <summary>Contract of that name in the snapshot, or null.</summary>
    public Instrument? Find(string name) => quotes.GetValueOrDefault(name)?.Instrument;

    /// <summary>Index of a coin in USD, or null.</summary>
    public double? IndexUsd(string underlying) => snapshot.Find(underlying)?.IndexUsd;

    /// <summary>Fitted slice of an option, or null.</summary>
    public SviSlice? Slice(OptionInstrument option) =>
        surfaces.TryGetValue(option.Underlying, out var surface) ? surface.Find(option.Expiry) : null;

    /// <summary>
    /// Price in USD of what drives the payoff: the expiry's forward for options and dated futures, the mark (else the
    /// middle of a two-sided quote) for perpetuals, the index for spot. Null where the market does not say.
    /// </summary>
    public double? UnderlyingPriceUsd(Instrument instrument) =>
        instrument switch
        {
            OptionInstrument option => Slice(option) is { } slice
                ? ForwardUsd(option.Underlying, option.Expiry) ?? slice.ForwardUsd
                : null,
            FutureInstrument future => ForwardUsd(future.Underlying, future.Expiry),
            PerpetualInstrument => PerpetualPriceUsd(Quote(instrument)),
            SpotInstrument => IndexUsd(instrument.Underlying),
            _ => null,
        };

    /// <summary>
    /// Price in the instrument's own unit: coin per coin for inverse options, USDC per coin for linear ones, USD per
    /// coin otherwise. Null where the market does not say.
    /// </summary>
    public double? Price(Instrument instrument)
    {
        if (instrument is not OptionInstrument option)
            return UnderlyingPriceUsd(instrument);
        if (Slice(option) is not { } slice)
            return null;
        double forwardUsd = UnderlyingPriceUsd(option)!.Value;
        double ofForward = OptionValue.OfForward(option, slice, forwardUsd);
        return option.Shape == PayoffShape.Inverse ? ofForward : ofForward * forwardUsd;
    }

    /// <summary>Value of one contract in its settlement currency: futures and perpetuals are worth 0.</summary>
    public double? ValuePerContract(Instrument instrument) =>
        instrument is PerpetualInstrument or FutureInstrument ? 0 : Price(instrument) * (double)instrument.ContractSize;

    double? ForwardUsd(string underlying, DateTimeOffset expiry)
    {
        foreach (var forward in snapshot.Find(underlying)?.Forwards ?? [])
            if (forward.Expiry == expiry)
                return forward.PriceUsd;
        return null;
    }

    static double? PerpetualPriceUsd(InstrumentQuote? quote) =>
        quote is null ? null
        : quote.Mark is > 0 and { } mark ? (double)mark
        : quote.IsTwoSided ? (double)(quote.Bid!.Value + quote.Ask!.Value) / 2
        : null;
}
