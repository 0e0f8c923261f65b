using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>One venue's contract terms with their date and source.</summary>
public sealed class VenueContracts
{
    readonly Dictionary<(string Product, ContractKind Kind), ContractTerms> terms;

    /// <summary>Terms as of one day.</summary>
    /// <param name="venue">The venue's key.</param>
    /// <param name="dated">Day for which the terms were stated.</param>
    /// <param name="source">Where the venue states them.</param>
    /// <param name="all">One row per product and kind.</param>
    /// <exception cref="ArgumentException">A product and kind stands twice.</exception>
    public VenueContracts(string venue, DateOnly dated, string source, ImmutableArray<ContractTerms> all)
    {
        (Venue, Dated, Source, All) = (venue, dated, source, all);
        terms = all.ToDictionary(row => (row.Product, row.Kind));
    }

    /// <summary>The venue's key.</summary>
    public string Venue { get; }

    /// <summary>Day for which the terms were stated.</summary>
    public DateOnly Dated { get; }

    /// <summary>Where the venue states them.</summary>
    public string Source { get; }

    /// <summary>Every row.</summary>
    public ImmutableArray<ContractTerms> All { get; }

    /// <summary>The contract of a name, or null where the venue's data has no terms for it.</summary>
    public Instrument? Instrument(DeribitName name) =>
        terms.GetValueOrDefault((name.Product, name.Kind))?.Instrument(name);
}
