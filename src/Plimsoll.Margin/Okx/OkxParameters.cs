using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Amounts charged by tier: marginal rates over a size, convex and without jumps.</summary>
/// <param name="BoundsUsd">Upper ends of all tiers but the last, rising.</param>
/// <param name="Rates">One more than bounds.</param>
public sealed record MarginTiers(ImmutableArray<double> BoundsUsd, ImmutableArray<double> Rates)
{
    /// <summary>Σ over tiers of rate times the part of the size inside it.</summary>
    public double Marginal(double sizeUsd)
    {
        double sum = 0,
            from = 0;
        for (int n = 0; n < Rates.Length; n++)
        {
            double to = n < BoundsUsd.Length ? BoundsUsd[n] : double.PositiveInfinity;
            sum += Rates[n] * Math.Max(0, Math.Min(sizeUsd, to) - from);
            from = to;
        }
        return sum;
    }

    /// <summary>The rate of one more at a size.</summary>
    public double Slope(double sizeUsd)
    {
        int n = 0;
        while (n < BoundsUsd.Length && sizeUsd >= BoundsUsd[n])
            n++;
        return Rates[n];
    }

    /// <summary>The rate of the tier in which the size falls, on all of it: jumps at the bounds.</summary>
    public double Whole(double sizeUsd)
    {
        int n = 0;
        while (n < BoundsUsd.Length && sizeUsd > BoundsUsd[n])
            n++;
        return Rates[n] * sizeUsd;
    }

    /// <summary>Largest rate where rates rise, so that the charge is convex; else without bound.</summary>
    public double Steepest => Rates.SequenceEqual(Rates.Order()) ? Rates[^1] : double.PositiveInfinity;

    internal static MarginTiers Read(ParameterNode node, string rates)
    {
        var bounds = node.Numbers("bounds_usd", 0);
        var values = node.Numbers(rates, 0);
        if (values.Length != bounds.Length + 1)
            node.Fail(rates, "one rate more than bounds_usd has entries");
        return new MarginTiers(bounds, values);
    }
}

/// <summary>Figures of one coin in OKX's portfolio margin.</summary>
/// <param name="SpotShocks">Relative moves up and down, rising.</param>
/// <param name="ExtremeShock">Relative move of MR6.</param>
/// <param name="AnnualisedMoveRisk">Basis move a year.</param>
/// <param name="LeastBasisMove">Least basis move; null: not known.</param>
/// <param name="MinimumCharge">Of each dollar of delta of a future; null: not known.</param>
public sealed record OkxUnit(
    ImmutableArray<double> SpotShocks,
    double ExtremeShock,
    double AnnualisedMoveRisk,
    double? LeastBasisMove,
    double? MinimumCharge
);

/// <summary>Shocks of options, which the venue does not publish.</summary>
/// <param name="VolatilityUp">Relative rise at 30 days.</param>
/// <param name="VolatilityDown">Relative fall at 30 days.</param>
/// <param name="Power">The shock grows as (30/days)^power.</param>
/// <param name="TermStructure">Volatility by which tenors part, a fraction a year.</param>
/// <param name="Rate">Move of the interest rate, a fraction a year.</param>
/// <param name="ShortCharge">Minimum charge of each dollar of underlying of a short option.</param>
public sealed record OkxOptionShocks(
    double VolatilityUp,
    double VolatilityDown,
    double Power,
    double TermStructure,
    double Rate,
    double ShortCharge
);

/// <summary>Parameters of OKX's portfolio margin with date and source.</summary>
/// <param name="Note">Date, source, doubts.</param>
/// <param name="InitialFactor">Initial over maintenance.</param>
/// <param name="ExtremeShare">Share of the extreme move's loss that counts.</param>
/// <param name="BorrowMaintenance">Of each dollar borrowed.</param>
/// <param name="BorrowInitial">Of each dollar borrowed.</param>
/// <param name="Options">Null: not known.</param>
/// <param name="ChargeTiers">Multipliers of the minimum charge.</param>
/// <param name="StablecoinTiers">Charge of hedges across stablecoins.</param>
/// <param name="Haircuts">By collateral currency; what is not listed is not known.</param>
/// <param name="Units">By underlying.</param>
public sealed record OkxParameters(
    MarginNote Note,
    double InitialFactor,
    double ExtremeShare,
    double BorrowMaintenance,
    double BorrowInitial,
    OkxOptionShocks? Options,
    MarginTiers ChargeTiers,
    MarginTiers StablecoinTiers,
    ImmutableSortedDictionary<string, double> Haircuts,
    ImmutableSortedDictionary<string, OkxUnit> Units
)
{
    /// <summary>Amount of a currency up to which its haircut is known; any where it is not there.</summary>
    public ImmutableDictionary<string, double> HaircutsUpTo { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Where the shipped figures are.</summary>
    public const string Resource = "venues/okx/portfolio-margin.json";

    /// <summary>Reads a text in the format of data/venues/okx/portfolio-margin.json.</summary>
    public static Parsed<OkxParameters> Parse(string json, string place) =>
        VenueParameters.Read(json, place, "portfolio-margin", Make);

    static OkxParameters Make(ParameterNode root, MarginNote note)
    {
        var borrow = root.Node("borrow");
        return new OkxParameters(
            note,
            root.Number("initial_factor", 1, 10),
            root.Number("extreme_share", 0, 1),
            borrow.Number("maintenance", 0, 1),
            borrow.Number("initial", 0, 1),
            root.Has("options_shocks") ? Shocks(root.Node("options_shocks")) : null,
            MarginTiers.Read(root.Node("minimum_charge_tiers"), "multipliers"),
            MarginTiers.Read(root.Node("stablecoin_hedge"), "fractions"),
            root.Entries("haircuts")
                .ToImmutableSortedDictionary(row => row.Key, row => row.Node.Number("haircut", 0, 1)),
            root.Entries("units").ToImmutableSortedDictionary(row => row.Key, row => Unit(row.Node))
        )
        {
            HaircutsUpTo = CollateralRates.KnownUpTo(root, "haircuts"),
        };
    }

    static OkxOptionShocks Shocks(ParameterNode row) =>
        new(
            row.Number("volatility_up", 0, 10),
            row.Number("volatility_down", 0, 1),
            row.Number("power", 0, 2),
            row.Number("term_structure", 0, 1),
            row.Number("rate", 0, 1),
            row.Number("short_charge", 0, 1)
        );

    static OkxUnit Unit(ParameterNode row) =>
        new(
            row.Numbers("spot_shocks", 0.001, 0.999),
            row.Number("extreme_shock", 0.001, 0.999),
            row.Number("annualised_move_risk", 0, 10),
            row.OptionalNumber("least_basis_move", 0, 1),
            row.OptionalNumber("minimum_charge", 0, 1)
        );
}
