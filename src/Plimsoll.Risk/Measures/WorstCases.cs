using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Largest loss of a part of the book, and where it comes from.</summary>
/// <param name="Name">Risk unit, underlying or contract.</param>
/// <param name="Loss">Home currency; at least 0 (a part that gains everywhere loses 0).</param>
/// <param name="Origin">Label of the scenario, or <c>tail:BTC 15000</c>; empty without a loss.</param>
public sealed record WorstCase(string Name, double Loss, string Origin)
{
    /// <summary>Loss in the stress set alone, at least 0: what the limits on units and underlyings look at.</summary>
    public double StressLoss { get; init; } = Loss;
}

/// <summary>Worst cases of parts of a book over a stress set and the tail range.</summary>
public static class WorstCases
{
    /// <summary>One row per name, in order of name.</summary>
    /// <param name="book">What is held.</param>
    /// <param name="stress">A column for every instrument held.</param>
    /// <param name="tails">By underlying, over the columns of <paramref name="stress"/>, home currency.</param>
    /// <param name="nameOf">Part to which a contract belongs; within a part everything nets.</param>
    public static ImmutableArray<WorstCase> By(
        Book book,
        PnlMatrix stress,
        IReadOnlyDictionary<string, TailRange> tails,
        Func<Instrument, string> nameOf
    )
    {
        double[] all = book.Contracts(stress.Instruments);
        var parts = new SortedDictionary<string, double[]>(StringComparer.Ordinal);
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i] == 0)
                continue;
            string name = nameOf(stress.Instruments[i]);
            if (!parts.TryGetValue(name, out double[]? contracts))
                parts[name] = contracts = new double[all.Length];
            contracts[i] = all[i];
        }
        return [.. parts.Select(part => Worst(part.Key, part.Value, stress, tails))];
    }

    static WorstCase Worst(
        string name,
        double[] contracts,
        PnlMatrix stress,
        IReadOnlyDictionary<string, TailRange> tails
    )
    {
        var gain = new double[stress.Scenarios.Count];
        var underlyings = new SortedSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < contracts.Length; i++)
        {
            if (contracts[i] == 0)
                continue;
            underlyings.Add(stress.Instruments[i].Underlying);
            AddScaled(stress.Gain, i, contracts[i], gain);
        }
        var worst = new WorstCase(name, 0, "");
        if (gain.Length > 0)
        {
            var (scenario, loss) = RiskMeasures.WorstScenario(gain);
            if (loss > 0)
                worst = new WorstCase(name, loss, stress.Scenarios.Origins[scenario]);
        }
        foreach (string underlying in underlyings)
            if (tails.TryGetValue(underlying, out var tail))
            {
                var at = tail.WorstLoss(contracts, 0);
                if (at.Loss > worst.Loss)
                    worst = worst with
                    {
                        Loss = at.Loss,
                        Origin = FormattableString.Invariant($"tail:{underlying} {at.PriceUsd:0.####}"),
                    };
            }
        return worst;
    }

    static void AddScaled(ColumnMatrix matrix, int column, double factor, double[] into)
    {
        var values = matrix.Column(column);
        for (int s = 0; s < into.Length; s++)
            into[s] += factor * values[s];
    }
}
