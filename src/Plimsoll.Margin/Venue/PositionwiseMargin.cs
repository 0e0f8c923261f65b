using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A rule in which every position stands alone, seen as a venue's margin of a whole portfolio.</summary>
public sealed class PositionwiseMargin(IMarginModel model, string venue, MarginNote note) : IVenueMargin
{
    /// <summary>The rule of single positions.</summary>
    public IMarginModel Rule => model;

    /// <inheritdoc />
    public string Key => model.Key;

    /// <inheritdoc />
    public string Venue => venue;

    /// <inheritdoc />
    public MarginNote Note => note;

    /// <inheritdoc />
    public bool IsConvex => model.IsConvex;

    /// <inheritdoc />
    public MarginStatement Assess(MarginPortfolio portfolio) => MarginStatement.Of(portfolio, this, Missing, Assess);

    IEnumerable<string> Missing(PoolContents pool) =>
        pool.MissingPrices(needsVolatility: false)
            .Concat(model.Missing(pool.Positions.Select(position => position.Instrument)));

    PoolStatement Assess(PoolContents pool)
    {
        var charges = ImmutableArray.CreateBuilder<MarginCharge>();
        foreach (var position in pool.Positions)
        {
            var quote = pool.Market.Quote(position.Instrument)!;
            var rate = model.Rate(position.Instrument, new MarginPrice(quote.UnderlyingUsd, quote.Mark))!.Value;
            double unit = pool.InPool(position.Instrument.Settlement);
            charges.Add(
                new MarginCharge(
                    position.Instrument.Name,
                    "position",
                    rate.Initial(position.Contracts) * unit,
                    rate.Maintenance(position.Contracts) * unit
                )
            );
        }
        var value = pool.Value();
        double balance = model.OptionValueIsMargin ? value.Equity : value.Cash + value.Unrealised;
        return new PoolStatement
        {
            Name = pool.Name,
            Currency = pool.Currency,
            UnitUsd = pool.UnitUsd,
            Equity = value.Equity,
            Balance = balance,
            MaintenanceBalance = balance,
            Initial = charges.Sum(charge => charge.Initial),
            Maintenance = charges.Sum(charge => charge.Maintenance),
            Charges = charges.ToImmutable(),
        };
    }
}
