using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>What a method sees: a view on a prepared sizing over the instruments that it may choose among.</summary>
/// <remarks>All arrays by asset are in the order of <see cref="Universe"/>; money is in the home currency.</remarks>
public sealed class MethodProblem
{
    /// <summary>Share of the notional below which a gain is none.</summary>
    const double Worth = 1e-12;

    MethodProblem(
        PreparedSizing prepared,
        MethodSettings settings,
        ImmutableArray<int> universe,
        ImmutableArray<int> worthless
    )
    {
        (Prepared, Settings, Universe, Worthless) = (prepared, settings, universe, worthless);
        int[] columns = [.. universe.Select(line => prepared.Lines[line].Column)];
        Gain = prepared.Matrix.Gain.Select(columns);
        Shift = [.. columns.Select(column => prepared.Edge.Shift[column])];
        Edge = [.. columns.Select(column => prepared.Edge.Edge[column])];
        Notional = [.. universe.Select(line => NotionalOf(prepared, prepared.Lines[line]))];
        Side = [.. Edge.Select(edge => SideOf(settings.Get(MethodParameters.Side), edge))];
    }

    /// <summary>Everything behind it: stress set, margin, collateral, surfaces, histories.</summary>
    public PreparedSizing Prepared { get; }

    /// <summary>Parameters.</summary>
    public MethodSettings Settings { get; }

    /// <summary>Lines of the account that the method chooses among.</summary>
    public ImmutableArray<int> Universe { get; }

    /// <summary>
    /// Lines of the universe that gain and lose nothing in any scenario: no method has a choice in them, they stay as
    /// they are.
    /// </summary>
    public ImmutableArray<int> Worthless { get; }

    /// <summary>Number of assets n.</summary>
    public int Count => Universe.Length;

    /// <summary>Gain of one contract in each scenario, S x n, without any edge taken out.</summary>
    public ColumnMatrix Gain { get; }

    /// <summary>Constant to add to each column, so that its mean under <see cref="Weights"/> is the edge.</summary>
    public double[] Shift { get; }

    /// <summary>Stated edge of one contract over the horizon.</summary>
    public double[] Edge { get; }

    /// <summary>p: the law of risk.</summary>
    public double[] RiskWeights => Prepared.Law.Prior;

    /// <summary>x: the law after the views.</summary>
    public double[] Weights => Prepared.Law.Weights;

    /// <summary>Wealth now.</summary>
    public double Equity => Prepared.Equity;

    /// <summary>Size of one contract at today's index.</summary>
    public double[] Notional { get; }

    /// <summary>+1 or −1: the side for methods that know none.</summary>
    public double[] Side { get; }

    /// <summary>Line of an asset.</summary>
    public SizingLine Line(int asset) => Prepared.Lines[Universe[asset]];

    /// <summary>Name of an asset.</summary>
    public string Name(int asset) => Line(asset).Name;

    /// <summary>Contracts held now.</summary>
    public double Current(int asset) => Line(asset).CurrentContracts;

    /// <summary>Half spread and fee of one contract; null where that side cannot be traded.</summary>
    public double? Cost(int asset, bool buy) => (buy ? Line(asset).Cost.Buy : Line(asset).Cost.Sell)?.Home;

    /// <summary>The view of a prepared input.</summary>
    /// <param name="prepared">Prepared for growth, so that lines may open.</param>
    /// <param name="settings">Parameters.</param>
    public static Parsed<MethodProblem> Of(PreparedSizing prepared, MethodSettings settings)
    {
        var names = settings.Get(MethodParameters.Universe);
        var open = Enumerable.Range(0, prepared.Lines.Length).Where(i => prepared.Lines[i].IsCandidate).ToList();
        var faults = names
            .Where(name => !prepared.Lines.Any(line => NamePattern.Matches(name, line.Name)))
            .Select(name => new Fault(
                MandateRules.Place,
                null,
                MethodParameters.Universe.Name,
                name,
                "a name or pattern of an instrument that the account can hold"
            ))
            .ToList();
        if (faults.Count > 0)
            return Parsed<MethodProblem>.Fail(faults);
        IEnumerable<int> chosen;
        if (!names.IsEmpty)
            chosen = Enumerable
                .Range(0, prepared.Lines.Length)
                .Where(i => prepared.Lines[i].IsCandidate || prepared.Lines[i].IsHeld)
                .Where(i => names.Any(name => NamePattern.Matches(name, prepared.Lines[i].Name)));
        else if (!prepared.Mandate.Candidates.IsEmpty)
            chosen = open;
        else
            chosen = Plain(prepared, open);
        var worthless = chosen.Where(line => IsWorthless(prepared, prepared.Lines[line])).ToImmutableArray();
        return Parsed<MethodProblem>.Ok(
            new MethodProblem(prepared, settings, [.. chosen.Except(worthless)], worthless)
        );
    }

    static bool IsWorthless(PreparedSizing prepared, SizingLine line)
    {
        double least = Worth * NotionalOf(prepared, line);
        if (Math.Abs(prepared.Edge.Edge[line.Column]) > least)
            return false;
        foreach (double gain in prepared.Matrix.Gain.Column(line.Column))
            if (Math.Abs(gain) > least)
                return false;
        return true;
    }

    /// <summary>
    /// One line a coin: its perpetual that trades most; futures where no coin has one; else every candidate.
    /// </summary>
    static IEnumerable<int> Plain(PreparedSizing prepared, List<int> open)
    {
        double Traded(int i) =>
            (double)(prepared.Lines[i].Quote.DailyVolumeContracts ?? 0) * NotionalOf(prepared, prepared.Lines[i]);
        // Two perpetuals of a coin are one bet: a method that takes them for two would give it twice its part.
        var perpetuals = open.Where(i => prepared.Lines[i].Instrument is PerpetualInstrument)
            .GroupBy(i => prepared.Lines[i].Instrument.Underlying)
            .Select(coin =>
                coin.OrderByDescending(Traded).ThenBy(i => prepared.Lines[i].Name, StringComparer.Ordinal).First()
            )
            .ToList();
        if (perpetuals.Count > 0)
            return perpetuals;
        var futures = open.Where(i => prepared.Lines[i].Instrument is FutureInstrument).ToList();
        return futures.Count > 0 ? futures : open;
    }

    static double NotionalOf(PreparedSizing prepared, SizingLine line)
    {
        double index = prepared.Input.Market.Find(line.Instrument.Underlying)!.IndexUsd;
        return Markets.Notional.PerContractUsd(line.Instrument, index) * prepared.Matrix.Prices!.Now(Currency.Usd);
    }

    static double SideOf(string word, double edge) =>
        word switch
        {
            "long" => 1,
            "short" => -1,
            _ => edge < 0 ? -1 : 1,
        };
}
