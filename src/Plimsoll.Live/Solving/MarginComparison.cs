using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Margin;

namespace Plimsoll.Live;

/// <summary>A question to the venue's simulator, with what the engine knew when it asked.</summary>
/// <param name="Sequence">Sequence of the event that asked.</param>
/// <param name="Asked">The book.</param>
/// <param name="View">The state then.</param>
public sealed record MarginQuestion(ulong Sequence, SimulateMargin Asked, EngineView View);

/// <summary>The account's margin model against what the venue's simulator stated of the same book.</summary>
/// <remarks>
/// The venue answers at some moment between question and answer. The model is asked at both, and of its two figures
/// the nearest to the venue's counts: what the market did meanwhile is no error of the model. While orders rest only
/// maintenance margin counts.
/// </remarks>
public static class MarginComparison
{
    // Venues round each position's margin up to eight digits; what is left below a millionth is arithmetic.
    const double Rounding = 1e-8 * (1 + 1e-6);
    const int ShareDigits = 6;
    const int AmountDigits = 10;

    /// <summary>Compares; a pure function.</summary>
    /// <param name="settings">Whose account, margined how.</param>
    /// <param name="asked">The question.</param>
    /// <param name="now">The state when the answer came.</param>
    /// <param name="stated">The answer.</param>
    public static EngineEvent Run(SolveSettings settings, MarginQuestion asked, EngineView now, MarginStated stated)
    {
        var statements = stated
            .Pools.Select(pool => new StatedMargin(
                settings.Venue,
                pool.Currency,
                (double)pool.Initial,
                (double)pool.Maintenance
            ))
            .ToImmutableArray();
        var before = Errors(settings, asked.View, asked.Asked, statements, out var reasons);
        var after = Errors(settings, now, asked.Asked, statements, out var later);
        bool ordersRest = !asked.View.Orders.IsEmpty || !now.Orders.IsEmpty;
        var errors = ImmutableArray.CreateBuilder<ComparedMargin>();
        foreach (var one in before)
            if (after.FirstOrDefault(other => (other.Model, other.Pool) == (one.Model, one.Pool)) is { } other)
                errors.Add(Nearest(one, other, Rounding * asked.Asked.Positions.Length, ordersRest));
        string reason = string.Join("; ", reasons.Concat(later).Distinct(StringComparer.Ordinal));
        return new MarginCompared(asked.Sequence, errors.ToImmutable(), reason);
    }

    static ImmutableArray<MarginError> Errors(
        SolveSettings settings,
        EngineView view,
        SimulateMargin asked,
        ImmutableArray<StatedMargin> stated,
        out ImmutableArray<string> reasons
    )
    {
        var held = asked.Positions.ToDictionary(one => one.Instrument, one => one.Contracts, StringComparer.Ordinal);
        var book = view with
        {
            Instruments =
            [
                .. view.Instruments.Select(own => own with { Position = held.GetValueOrDefault(own.Terms.Name) }),
            ],
        };
        var account = SolveInput.AccountOf(book, settings);
        if (VenueMargins.Of(account.Subaccounts[0]) is not { } model)
        {
            reasons = [$"no margin model of {settings.Venue}"];
            return [];
        }
        var report = MarginReport.Of(account, SolveInput.Market(book, settings.Venue), _ => model);
        var errors = MarginReconciliation.Of(report, stated, out var unmatched);
        reasons = report.IsDetermined
            ? unmatched
            : [.. report.Subaccounts.SelectMany(row => row.Statement.Missing).Distinct(StringComparer.Ordinal)];
        return errors;
    }

    static ComparedMargin Nearest(MarginError one, MarginError other, double rounding, bool ordersRest)
    {
        var nearest = one with
        {
            Initial = Within(one.StatedInitial, one.Initial, other.Initial, rounding),
            Maintenance = Within(one.StatedMaintenance, one.Maintenance, other.Maintenance, rounding),
        };
        // A venue's initial margin counts the orders too; the question was about the positions.
        var counted = ordersRest ? nearest with { StatedInitial = nearest.Initial } : nearest;
        double share = Math.Round(counted.Shortfall, ShareDigits);
        return new ComparedMargin(
            nearest.Model,
            nearest.Pool,
            nearest.Currency,
            Exact(nearest.Initial),
            Exact(nearest.StatedInitial),
            Exact(nearest.Maintenance),
            Exact(nearest.StatedMaintenance),
            double.IsFinite(share) && share < (double)decimal.MaxValue ? (decimal)share : null
        );
    }

    static double Within(double stated, double one, double other, double rounding)
    {
        double nearest = Math.Clamp(stated, Math.Min(one, other), Math.Max(one, other));
        return Math.Abs(stated - nearest) <= rounding ? stated : nearest;
    }

    static decimal Exact(double amount) => Math.Round((decimal)amount, AmountDigits);
}
