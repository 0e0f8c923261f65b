using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>A view P·μ = Q on the returns of a problem.</summary>
/// <param name="Row">P by asset, on the side that the method takes.</param>
/// <param name="Value">Q over the horizon.</param>
/// <param name="Confidence">In (0, 1].</param>
public sealed record BlackLittermanView(double[] Row, double Value, double Confidence);

/// <summary>Where <see cref="BlackLitterman"/> takes its views from.</summary>
public static class BlackLittermanViews
{
    /// <summary>One absolute view for each asset with an edge, all with one confidence.</summary>
    public static List<BlackLittermanView> OfEdges(MethodReturns returns, double confidence) =>
        [
            .. Enumerable
                .Range(0, returns.Count)
                .Where(i => returns.Mean[i] != 0 && confidence > 0)
                .Select(i => new BlackLittermanView(Row(returns.Count, (i, 1)), returns.Mean[i], confidence)),
        ];

    /// <summary>The mandate's drift views (absolute) and relative ones (one coin less another).</summary>
    /// <param name="problem">Its coins are looked for among perpetuals first, then among futures.</param>
    /// <param name="missing">Why the views cannot be taken; empty when they can.</param>
    public static List<BlackLittermanView> OfMandate(MethodProblem problem, out string missing)
    {
        var mandate = problem.Prepared.Mandate;
        double years = mandate.Horizon.Value;
        var views = new List<BlackLittermanView>();
        missing = problem.Prepared.Home.IsDollar ? "" : "a home currency in dollars: the views are of prices in USD";
        foreach (var view in mandate.Views)
        {
            if (missing.Length > 0 || view.Confidence == 0)
                continue;
            if (view is not (DriftView or RelativeView))
            {
                missing =
                    $"views of drift and relative ones alone, not \"{view.Text}\": "
                    + "others work by views = \"edges\"";
                continue;
            }
            string against = (view as RelativeView)?.Against ?? view.Underlying;
            int own = Find(problem, view.Underlying),
                other = Find(problem, against);
            if (own < 0 || other < 0)
            {
                string coin = own < 0 ? view.Underlying : against;
                missing = $"a perpetual or future of {coin} to hold the view \"{view.Text}\"";
                continue;
            }
            views.Add(
                view is RelativeView relative
                    ? new BlackLittermanView(
                        Row(problem.Count, (own, problem.Side[own]), (other, -problem.Side[other])),
                        relative.AnnualOutperformance * years,
                        view.Confidence
                    )
                    : new BlackLittermanView(
                        Row(problem.Count, (own, problem.Side[own])),
                        ((DriftView)view).AnnualDrift * years,
                        view.Confidence
                    )
            );
        }
        return views;
    }

    static int Find(MethodProblem problem, string coin)
    {
        int First(Func<Instrument, bool> kind) =>
            Enumerable
                .Range(0, problem.Count)
                .FirstOrDefault(
                    i => problem.Line(i).Instrument.Underlying == coin && kind(problem.Line(i).Instrument),
                    -1
                );
        int perpetual = First(instrument => instrument is PerpetualInstrument);
        return perpetual >= 0 ? perpetual : First(instrument => instrument is FutureInstrument);
    }

    static double[] Row(int count, params ReadOnlySpan<(int Asset, double Weight)> entries)
    {
        var row = new double[count];
        foreach (var (asset, weight) in entries)
            row[asset] = weight;
        return row;
    }
}
