using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Paper;

/// <summary>What a market starts from: a snapshot, its surfaces, and the days by which its dates are moved.</summary>
/// <remarks>
/// A venue on a laptop lives now, a snapshot lived then. Expiries move by whole days, so that they stay at 08:00 UTC;
/// times to expiry grow by less than a day. Zero days leaves every date as recorded.
/// </remarks>
public sealed class MarketStart
{
    readonly SortedDictionary<string, VolatilitySurface> surfaces = new(StringComparer.Ordinal);

    MarketStart(MarketSnapshot snapshot, int shiftDays) => (Snapshot, ShiftDays) = (snapshot, shiftDays);

    /// <summary>The snapshot as recorded.</summary>
    public MarketSnapshot Snapshot { get; }

    /// <summary>Days by which expiries are later than recorded.</summary>
    public int ShiftDays { get; }

    /// <summary>Coins that have a surface, in order.</summary>
    public IEnumerable<string> Coins => surfaces.Keys;

    /// <summary>Fits the surfaces of a snapshot.</summary>
    /// <param name="snapshot">Cleaned.</param>
    /// <param name="startMs">When the venue starts; the snapshot's own time leaves every date as it is.</param>
    /// <param name="place">What to call it in faults.</param>
    public static Parsed<MarketStart> Of(MarketSnapshot snapshot, long startMs, string place)
    {
        const double DayMs = 86_400_000;
        int days = (int)Math.Ceiling((startMs - snapshot.AsOf.ToUnixTimeMilliseconds()) / DayMs);
        var start = new MarketStart(snapshot, days);
        var faults = new List<Fault>();
        foreach (string coin in snapshot.Underlyings.Select(market => market.Underlying))
        {
            bool hasOptions = snapshot.Quotes.Any(quote =>
                quote.Instrument is OptionInstrument && quote.Instrument.Underlying == coin
            );
            if (!hasOptions)
                continue;
            var fit = SurfaceFit.Fit(snapshot, coin);
            if (fit.Surface is { } surface)
                start.surfaces.Add(coin, surface);
            else
                faults.Add(new Fault(place, null, coin, fit.Reason ?? "no surface", "quotes that give a surface"));
        }
        if (start.surfaces.Count == 0 && faults.Count == 0)
            faults.Add(new Fault(place, null, "", "no options", "at least one coin with options"));
        return faults.Count == 0 ? Parsed<MarketStart>.Ok(start) : Parsed<MarketStart>.Fail(faults);
    }

    /// <summary>Surface of a coin.</summary>
    public VolatilitySurface Surface(string coin) => surfaces[coin];

    /// <summary>Index of a coin, USD.</summary>
    public double IndexUsd(string coin) => Snapshot.Find(coin)!.IndexUsd;

    /// <summary>Growth of the forward over the index a year, from the nearest recorded expiry; 0 without one.</summary>
    public double Carry(string coin, double tYears)
    {
        var market = Snapshot.Find(coin)!;
        double best = double.MaxValue,
            carry = 0;
        foreach (var forward in market.Forwards)
        {
            double t = Years.Between(Snapshot.AsOf, forward.Expiry).Value;
            if (t <= 0 || Math.Abs(t - tYears) >= best)
                continue;
            best = Math.Abs(t - tYears);
            carry = Math.Log(forward.PriceUsd / market.IndexUsd) / t;
        }
        return carry;
    }

    /// <summary>The snapshot's contracts on their moved dates, each with its quote as recorded.</summary>
    public IEnumerable<(Instrument Instrument, InstrumentQuote Quote)> Contracts() =>
        Snapshot
            .Quotes.Where(quote => surfaces.ContainsKey(quote.Instrument.Underlying))
            .Select(quote => (Moved(quote.Instrument, ShiftDays), quote))
            .OfType<(Instrument, InstrumentQuote)>();

    /// <summary>A contract some days later; null for what has no venue name.</summary>
    public static Instrument Moved(Instrument instrument, int days)
    {
        if (instrument.SettlesAt is not { } expiry || days == 0)
            return instrument;
        var name = DeribitNames.Parse(instrument.Name, out _)!;
        string moved = DeribitNames.Write(name with { ExpiryDate = name.ExpiryDate!.Value.AddDays(days) });
        return instrument switch
        {
            OptionInstrument option => option with { Name = moved, Expiry = expiry.AddDays(days) },
            FutureInstrument future => future with { Name = moved, Expiry = expiry.AddDays(days) },
            _ => instrument,
        };
    }
}
