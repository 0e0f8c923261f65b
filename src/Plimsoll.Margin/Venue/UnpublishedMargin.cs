using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A venue's margin whose figures are not public: it names what is lacking and states nothing.</summary>
public sealed class UnpublishedMargin(string key, string venue, MarginNote note, ImmutableArray<string> lacking)
    : IVenueMargin
{
    /// <summary>Makes the loader of a venue's file, whose <c>unpublished</c> lists what is lacking.</summary>
    public static Func<string, string, Parsed<IVenueMargin>> Loader(string key, string venue) =>
        (json, place) =>
        {
            var read = VenueParameters.Read(
                json,
                place,
                key,
                (node, note) => new UnpublishedMargin(key, venue, note, node.Texts("unpublished"))
            );
            return read.Succeeded ? Parsed<IVenueMargin>.Ok(read.Value) : Parsed<IVenueMargin>.Fail(read.Faults);
        };

    /// <inheritdoc />
    public string Key => key;

    /// <inheritdoc />
    public string Venue => venue;

    /// <inheritdoc />
    public MarginNote Note => note;

    /// <inheritdoc />
    public bool IsConvex => false;

    /// <summary>Undetermined, whatever is held.</summary>
    public MarginStatement Assess(MarginPortfolio portfolio)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        return MarginStatement.Undetermined(
            portfolio,
            this,
            lacking
                .Select(text => $"{portfolio.Name}: {venue} does not publish {text}")
                .Concat(portfolio.Pools().SelectMany(pool => pool.MissingPrices(needsVolatility: true)))
        );
    }
}
