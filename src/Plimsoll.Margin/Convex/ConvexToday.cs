using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A form at one market: the requirement of any book there, and its slope. USD.</summary>
public sealed class ConvexToday
{
    readonly ConvexForm form;
    readonly double[][] rows;
    readonly double[] spotUsd;
    readonly double[] tYears;

    /// <param name="form">The form.</param>
    /// <param name="market">Quotes of every column in a group.</param>
    /// <exception cref="ArgumentException">A quote or an index is missing.</exception>
    public ConvexToday(ConvexForm form, MarginMarket market)
    {
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(market);
        this.form = form;
        rows = new double[form.Instruments.Length][];
        tYears = new double[form.Groups];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = [];
            if (form.GroupOf[i] < 0)
                continue;
            var instrument = form.Instruments[i];
            var quote =
                market.Quote(instrument)
                ?? throw new ArgumentException($"no quote of {instrument.Name}", nameof(market));
            double years = instrument.SettlesAt is { } at ? Years.Between(market.AsOf, at).Value : 0;
            tYears[form.GroupOf[i]] = years;
            rows[i] = new double[form.Rows];
            form.Fill(
                i,
                new ContractMarket(
                    instrument is OptionInstrument ? quote.UnderlyingUsd : quote.Mark,
                    quote.ImpliedVolatility ?? 0,
                    years
                ),
                rows[i]
            );
        }
        spotUsd =
        [
            .. form.CoinOf.Select(coin =>
                market.PriceUsd(new Currency(coin)) ?? throw new ArgumentException($"no index of {coin}")
            ),
        ];
    }

    /// <summary>The convex requirement.</summary>
    public double Bound(ReadOnlySpan<double> contracts, MarginKind kind) => form.Bound(At(contracts), kind, null);

    /// <summary>The venue's own.</summary>
    public double Exact(ReadOnlySpan<double> contracts, MarginKind kind) => form.Exact(At(contracts), kind);

    /// <summary>A slope of the convex requirement, by column.</summary>
    public double[] Slope(ReadOnlySpan<double> contracts, MarginKind kind)
    {
        var slope = new FormSlope(form.Groups, form.Rows, contracts.Length);
        form.Bound(At(contracts, everything: true), kind, slope);
        double[] into = [.. slope.Contracts];
        for (int i = 0; i < into.Length; i++)
            if (form.GroupOf[i] is >= 0 and var group)
            {
                var weights = slope.Of(group);
                for (int r = 0; r < weights.Length; r++)
                    into[i] += weights[r] * rows[i][r];
            }
        return into;
    }

    FormPoint At(ReadOnlySpan<double> contracts, bool everything = false)
    {
        double[]?[] sums = new double[form.Groups][];
        for (int i = 0; i < contracts.Length; i++)
        {
            if (contracts[i] == 0 || form.GroupOf[i] is not (>= 0 and var group))
                continue;
            double[] sum = sums[group] ??= new double[form.Rows];
            for (int r = 0; r < sum.Length; r++)
                sum[r] += contracts[i] * rows[i][r];
        }
        return new FormPoint
        {
            Active = Enumerable.Range(0, sums.Length).Where(g => everything || sums[g] is not null).ToArray(),
            Sums = sums,
            Offset = 0,
            Contracts = contracts,
            Fixed = form.Fixed(contracts),
            SpotUsd = spotUsd,
            TYears = tYears,
        };
    }
}
