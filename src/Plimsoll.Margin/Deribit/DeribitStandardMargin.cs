using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Deribit's standard margin: short options and futures, each position by itself.</summary>
/// <remarks>
/// Inverse option, per unit of underlying, in coin, F the mark of the expiry's future, m the option's mark:
/// <c>OTM = max(K − F, 0)</c> (call) or <c>max(F − K, 0)</c> (put);
/// call <c>IM = max(0.15 − OTM/F, 0.10) + m</c>, <c>MM = 0.075 + m</c>;
/// put <c>MM = max(0.075, 0.075·m) + m</c>, <c>IM = max(max(0.15 − OTM/F, 0.10) + m, MM)</c>.
/// Linear option: the same with each fraction times F and m in USDC. Long options need nothing beyond their premium,
/// and their value is no margin. Future or perpetual of Q coins: <c>IM = Q·(0.02 + 0.00005·Q)</c>,
/// <c>MM = Q·(0.01 + 0.00005·Q)</c>. Figures shown are BTC's; all are dated data (data/venues/deribit).
/// Linear in each short option and quadratic in each future, hence convex and separable at a fixed market.
/// </remarks>
public sealed class DeribitStandardMargin : IMarginModel
{
    readonly StandardMarginParameters parameters;

    /// <summary>The model with other parameters than the shipped ones.</summary>
    public DeribitStandardMargin(StandardMarginParameters parameters) => this.parameters = parameters;

    /// <summary>The model with the shipped, dated parameters.</summary>
    public static DeribitStandardMargin Shipped { get; } = new(StandardMarginParameters.Shipped());

    /// <summary>The rule as a venue's margin of a whole portfolio, from a text of parameters.</summary>
    public static Parsed<IVenueMargin> LoadVenue(string json, string place) =>
        StandardMarginParameters
            .Parse(json, place)
            .Select(
                IVenueMargin (of) =>
                    new PositionwiseMargin(
                        new DeribitStandardMargin(of),
                        "deribit",
                        new MarginNote(of.Dated, of.Source, of.Note, [])
                    )
            );

    /// <inheritdoc />
    public string Key => "deribit-standard-margin";

    /// <inheritdoc />
    public string Note => parameters.Note;

    /// <inheritdoc />
    public bool IsConvex => true;

    /// <inheritdoc />
    public bool OptionValueIsMargin => false;

    /// <inheritdoc />
    public IInstrumentMargin? For(Instrument instrument)
    {
        if (instrument is SpotInstrument)
            return NoMargin.Instance;
        if (parameters.Find(instrument.Underlying) is not { } fractions)
            return null;
        return instrument is OptionInstrument option
            ? fractions.Option is { } ofOption
                ? new ShortOptionMargin(option, ofOption)
                : null
            : fractions.Future is { } ofFuture
                ? new FutureMargin(instrument, ofFuture)
                : null;
    }

    /// <inheritdoc cref="IMarginModel.Rate" />
    public MarginRate? Rate(Instrument instrument, MarginPrice price) => For(instrument)?.At(price);

    /// <inheritdoc />
    public ImmutableArray<string> Missing(IEnumerable<Instrument> instruments) =>
        [
            .. instruments
                .Where(instrument => For(instrument) is null)
                .Select(instrument => $"{instrument.Name}: no standard-margin fractions for {instrument.Underlying}"),
        ];

    sealed class NoMargin : IInstrumentMargin
    {
        public static readonly NoMargin Instance = new();

        public MarginRate At(MarginPrice price) => default;
    }

    sealed class ShortOptionMargin(OptionInstrument option, OptionMarginFractions fractions) : IInstrumentMargin
    {
        readonly double size = (double)option.ContractSize;
        readonly double strikeUsd = (double)option.StrikeUsd;
        readonly bool isCall = option.Right == OptionRight.Call;
        readonly bool inverse = option.Shape == PayoffShape.Inverse;

        public MarginRate At(MarginPrice price)
        {
            double unit = inverse ? 1 : price.UnderlyingUsd;
            double away = isCall ? strikeUsd - price.UnderlyingUsd : price.UnderlyingUsd - strikeUsd;
            double outOfTheMoney = Math.Max(0, away) / price.UnderlyingUsd;
            double initial =
                unit * Math.Max(fractions.InitialFraction - outOfTheMoney, fractions.InitialFloor) + price.Price;
            double maintenance = isCall
                ? fractions.MaintenanceFraction * unit + price.Price
                : fractions.MaintenanceFraction * Math.Max(unit, price.Price) + price.Price;
            return new MarginRate(0, size * Math.Max(initial, isCall ? 0 : maintenance), 0, 0, size * maintenance, 0);
        }
    }

    sealed class FutureMargin(Instrument future, FutureMarginFractions fractions) : IInstrumentMargin
    {
        readonly double size = (double)future.ContractSize;
        readonly bool inverse = future.Shape == PayoffShape.Inverse;

        public MarginRate At(MarginPrice price)
        {
            double coins = inverse ? size / price.UnderlyingUsd : size;
            double unit = inverse ? 1 : price.UnderlyingUsd;
            double initial = fractions.InitialBase * coins * unit,
                maintenance = fractions.MaintenanceBase * coins * unit;
            double square = fractions.SlopePerCoin * coins * coins * unit;
            return new MarginRate(initial, initial, square, maintenance, maintenance, square);
        }
    }
}
