using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>A venue whose rule, or a safe bound of it, charges every position alone: the optimiser's form.</summary>
public interface IPositionwiseVenue : IVenueMargin
{
    /// <summary>
    /// Rates per contract in the settlement currency that are nowhere below the venue's requirement while the position
    /// is one that the venue would open with this equity; null: no figures for the contract.
    /// </summary>
    /// <remarks>
    /// Where the rule has tiers the rate is the chord from zero to the largest such position, which a convex rule
    /// without fixed cost never exceeds.
    /// </remarks>
    MarginRate? Bound(Instrument instrument, MarginPrice price, double equityUsd);

    /// <summary>Whether the venue lets a position in the contract share the account's margin.</summary>
    bool TakesCross(Instrument instrument) => true;
}

/// <summary>Position-wise rates of every instrument under its own venue.</summary>
/// <remarks>
/// Deribit's standard margin exactly; Hyperliquid, dYdX, Binance, Bybit and Derive's standard manager by
/// <see cref="IPositionwiseVenue.Bound"/>, convex and safe, whose slack the exact rule of the venue shows afterwards.
/// Contracts of a venue without such a form are rated by Deribit's rule, which the account's warnings say.
/// </remarks>
public sealed class VenueRates : IMarginModel
{
    readonly ImmutableSortedDictionary<string, IPositionwiseVenue> venues;
    readonly double equityUsd;
    readonly MarginWidening widening;
    readonly IMarginModel deribit;
    readonly ImmutableSortedDictionary<string, double> leverage;

    /// <param name="instruments">Everything that may be rated.</param>
    /// <param name="equityUsd">Equity of the account; tiers are bounded up to what it can open.</param>
    /// <param name="account">Whose subaccounts may name figures of their venue; null: the shipped ones.</param>
    /// <param name="widening">By how much models were seen to ask too little; null: nothing.</param>
    public VenueRates(
        IEnumerable<Instrument> instruments,
        double equityUsd,
        Account? account = null,
        MarginWidening? widening = null
    )
    {
        (this.equityUsd, this.widening) = (equityUsd, widening ?? MarginWidening.None);
        deribit = Deribit(account);
        leverage = LeverageOf(account);
        venues = instruments
            .Select(instrument => instrument.Venue)
            .Distinct(StringComparer.Ordinal)
            .Select(venue => VenueMargins.StandardOf(venue, account))
            .OfType<IPositionwiseVenue>()
            .ToImmutableSortedDictionary(venue => venue.Venue, venue => venue, StringComparer.Ordinal);
        IsMixed = venues.Count > 0;
        bool hasDeribit = instruments.Any(instrument => !venues.ContainsKey(instrument.Venue));
        Note = string.Join(
            " ",
            (hasDeribit || !IsMixed ? [deribit.Note] : Array.Empty<string>()).Concat(
                venues.Values.Select(venue => venue.Note.Text)
            )
        );
    }

    /// <summary>Rates of a market's contracts for an account.</summary>
    public static VenueRates Of(RiskMarket market, Account account)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(account);
        double equityUsd = 0;
        foreach (var wallet in Wallets.Of(account, market.Snapshot, market.Prices).List)
            equityUsd +=
                wallet.Equity * (wallet.Currency.IsDollar ? 1 : market.Prices.IndexUsd(wallet.Currency.Code) ?? 0);
        return new VenueRates(
            market.Snapshot.Quotes.Select(quote => quote.Instrument),
            Math.Max(0, equityUsd),
            account
        );
    }

    /// <summary>
    /// The smallest leverage that an account's positions state for each instrument: initial margin is at least the
    /// notional over it.
    /// </summary>
    static ImmutableSortedDictionary<string, double> LeverageOf(Account? account)
    {
        var subaccounts = account?.Subaccounts ?? [];
        return subaccounts
            .Where(subaccount => !subaccount.IsIsolated)
            .SelectMany(subaccount => subaccount.Positions)
            .Where(position => position.Leverage is not null)
            .GroupBy(position => position.Instrument, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(
                group => group.Key,
                group => (double)group.Min(position => position.Leverage!.Value),
                StringComparer.Ordinal
            );
    }

    /// <summary>Deribit's standard rule with the figures that the account names, else the shipped ones.</summary>
    public static IMarginModel Deribit(Account? account) =>
        ((PositionwiseMargin)VenueMargins.StandardOf("deribit", account)!).Rule;

    /// <summary>Whether a venue other than Deribit is rated by a form of its own.</summary>
    public bool IsMixed { get; }

    /// <inheritdoc />
    public string Key => IsMixed ? "venue-rates" : deribit.Key;

    /// <inheritdoc />
    public string Note { get; }

    /// <inheritdoc />
    public bool IsConvex => true;

    /// <inheritdoc />
    public bool OptionValueIsMargin => false;

    /// <summary>The venue's exact rule behind the rates of an instrument; null: Deribit's rule stands for it.</summary>
    public IPositionwiseVenue? VenueOf(Instrument instrument) => venues.GetValueOrDefault(instrument.Venue);

    /// <inheritdoc />
    public IInstrumentMargin? For(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        if (instrument is SpotInstrument || VenueOf(instrument) is not { } venue)
            return Wider(deribit.For(instrument), deribit.Key);
        return venue.Bound(instrument, new MarginPrice(1, instrument is OptionInstrument ? 0 : 1), equityUsd) is null
            ? null
            : Wider(new OfVenue(venue, instrument, equityUsd, SettingOf(instrument)), venue.Key);
    }

    IInstrumentMargin? Wider(IInstrumentMargin? rule, string model) =>
        rule is null || widening.Factor(model) is 1 ? rule : new Widened(rule, widening.Factor(model));

    /// <inheritdoc cref="IMarginModel.Rate" />
    public MarginRate? Rate(Instrument instrument, MarginPrice price) => For(instrument)?.At(price);

    /// <inheritdoc />
    public ImmutableArray<string> Missing(IEnumerable<Instrument> instruments) =>
        [
            .. instruments
                .Where(instrument => For(instrument) is null)
                .Select(instrument =>
                    VenueOf(instrument) is { } venue
                        ? $"{instrument.Name}: {venue.Key} has no figures for it"
                        : deribit.Missing([instrument])[0]
                ),
        ];

    sealed class Widened(IInstrumentMargin rule, double factor) : IInstrumentMargin
    {
        public MarginRate At(MarginPrice price)
        {
            var rate = rule.At(price);
            return new MarginRate(
                factor * rate.InitialLong,
                factor * rate.InitialShort,
                factor * rate.InitialSquare,
                factor * rate.MaintenanceLong,
                factor * rate.MaintenanceShort,
                factor * rate.MaintenanceSquare
            );
        }
    }

    /// <summary>The smallest leverage that the account's positions state for a future; null: none is set.</summary>
    public double? SettingOf(Instrument instrument) =>
        instrument is not null and not OptionInstrument && leverage.TryGetValue(instrument.Name, out double set)
            ? set
            : null;

    sealed class OfVenue(IPositionwiseVenue venue, Instrument instrument, double equityUsd, double? leverage)
        : IInstrumentMargin
    {
        public MarginRate At(MarginPrice price)
        {
            var rate = venue.Bound(instrument, price, equityUsd) ?? default;
            if (leverage is not { } set)
                return rate;
            var (usd, unitUsd) = ContractNotional.Of(instrument, price);
            double least = usd / unitUsd / set;
            return rate with
            {
                InitialLong = Math.Max(rate.InitialLong, least),
                InitialShort = Math.Max(rate.InitialShort, least),
            };
        }
    }
}

/// <summary>Notional of one contract of a linear or inverse future, for venues that reckon in dollars.</summary>
static class ContractNotional
{
    /// <summary>Notional in USD, and USD of one unit of the settlement currency.</summary>
    public static (double Usd, double UnitUsd) Of(Instrument instrument, MarginPrice price)
    {
        double size = (double)instrument.ContractSize;
        return instrument.Shape == PayoffShape.Inverse ? (size, price.UnderlyingUsd) : (size * price.UnderlyingUsd, 1);
    }

    /// <summary>Rates of a future that asks the same on either side.</summary>
    public static MarginRate Alike(double initial, double maintenance) =>
        new(initial, initial, 0, maintenance, maintenance, 0);
}
