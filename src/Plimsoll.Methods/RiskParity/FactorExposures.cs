using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Methods;

/// <summary>
/// Exposures of one home unit of each instrument's notional, by name of the factor; those of all zeros are left out.
/// </summary>
/// <param name="Names">Such as <c>delta-BTC</c>, <c>vega-45d</c>.</param>
/// <param name="Rows">By factor, a number per instrument on its chosen side.</param>
sealed record FactorExposures(List<string> Names, List<double[]> Rows)
{
    const double DaysPerYear = 365;

    /// <summary>Upper ends of the tenors of vega, days to expiry; what is longer has one of its own.</summary>
    static readonly double[] TenorDays = [14, 45, 120];

    /// <summary>The words of the factors, in the order in which they are read.</summary>
    public static string[] Words => ["delta", "vega", "vega-by-tenor", "gamma", "basis", "funding"];

    /// <summary>Exposures of a problem's instruments.</summary>
    /// <remarks>
    /// Basis: change of value for a parallel move of the annual basis, dF = F·T·db, so that delta counts by its years
    /// to expiry. Funding: the notional of perpetuals, for a move of the funding rate.
    /// </remarks>
    public static FactorExposures Of(MethodProblem problem, IEnumerable<string> words)
    {
        var found = new FactorExposures([], []);
        var prepared = problem.Prepared;
        var greeks = problem.Universe.Select(line => prepared.Greeks[prepared.Lines[line].Column]).ToArray();
        var lines = Enumerable.Range(0, problem.Count).Select(problem.Line).ToArray();
        string[] coins = [.. lines.Select(line => line.Instrument.Underlying).Distinct().Order(StringComparer.Ordinal)];
        double Days(int i) => lines[i].Instrument.SettlesAt is { } at ? (at - prepared.Input.Market.AsOf).TotalDays : 0;
        void Add(string name, Func<int, double> exposure)
        {
            double[] row = [.. lines.Select((_, i) => problem.Side[i] * exposure(i) / problem.Notional[i])];
            if (!row.Any(value => value != 0))
                return;
            found.Names.Add(name);
            found.Rows.Add(row);
        }
        void ByCoin(string name, Func<int, double> exposure)
        {
            foreach (string coin in coins)
                Add($"{name}-{coin}", i => lines[i].Instrument.Underlying == coin ? exposure(i) : 0);
        }
        foreach (string word in words.Distinct(StringComparer.Ordinal))
            switch (word)
            {
                case "delta":
                    ByCoin(word, i => greeks[i].Delta);
                    break;
                case "vega":
                    Add(word, i => greeks[i].Vega1Pt);
                    break;
                case "vega-by-tenor":
                    for (int t = 0; t <= TenorDays.Length; t++)
                    {
                        double from = t == 0 ? double.NegativeInfinity : TenorDays[t - 1];
                        double to = t == TenorDays.Length ? double.PositiveInfinity : TenorDays[t];
                        string name = t == TenorDays.Length ? "long" : to.ToString(CultureInfo.InvariantCulture) + "d";
                        Add($"vega-{name}", i => Days(i) > from && Days(i) <= to ? greeks[i].Vega1Pt : 0);
                    }
                    break;
                case "gamma":
                    Add(word, i => greeks[i].Gamma1Pct);
                    break;
                case "basis":
                    ByCoin(word, i => greeks[i].Delta * Days(i) / DaysPerYear);
                    break;
                case "funding":
                    ByCoin(word, i => lines[i].Instrument is PerpetualInstrument ? problem.Notional[i] : 0);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(words), word, "no such factor");
            }
        return found;
    }
}
