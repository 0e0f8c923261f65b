using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>Every forecaster by name.</summary>
public static class TailModels
{
    /// <summary>Levels at which models are judged and sizes are made.</summary>
    public static ImmutableArray<TailProbability> Levels { get; } = [new(0.01), new(0.025)];

    /// <summary>Name of the combination that is used when nothing else is asked for.</summary>
    public const string Auto = "auto";

    /// <summary>The reference of every comparison, and what remains when inputs are missing.</summary>
    public static GarchModel GarchStudent { get; } =
        new("GARCH-t", new(VarianceDynamics.Garch, InnovationFamily.Student, VarianceStart.WindowVariance));

    /// <summary>Volatility from ranges and the other coins, skewed Student law.</summary>
    public static RealisedScaleModel Realised { get; } =
        new("HAR-panel", ResidualTail.Parametric, new RealisedScaleOptions());

    /// <summary>Members of <see cref="Auto"/>.</summary>
    public static ImmutableArray<ITailModel> AutoMembers { get; } = [GarchStudent, Realised];

    /// <summary>All single models, simple ones first.</summary>
    public static ImmutableArray<ITailModel> All { get; } =
    [
        SimpleModels.EwmaNormal,
        SimpleModels.Historical(),
        SimpleModels.FilteredEwma(),
        GarchStudent,
        GarchStudent with
        {
            Name = "FHS-GARCH",
            Tail = ResidualTail.Empirical,
        },
        GarchStudent with
        {
            Name = "GARCH-EVT",
            Tail = ResidualTail.Pareto,
        },
        Of("GARCH-normal", VarianceDynamics.Garch, InnovationFamily.Normal),
        Of("GARCH-skt", VarianceDynamics.Garch, InnovationFamily.SkewedStudent),
        Of("GJR-t", VarianceDynamics.Gjr, InnovationFamily.Student),
        Of("GJR-skt", VarianceDynamics.Gjr, InnovationFamily.SkewedStudent),
        Of("EGARCH-t", VarianceDynamics.Egarch, InnovationFamily.Student),
        Of("EGARCH-skt", VarianceDynamics.Egarch, InnovationFamily.SkewedStudent),
        new ImpliedScaleModel("GARCH-IV", GarchStudent),
        new CaviarModel("CAViaR-AS", CaviarKind.AsymmetricSlope),
        new CaviarModel("CAViaR-SAV", CaviarKind.SymmetricAbsolute),
        new CaviarModel("CAViaR-IG", CaviarKind.IndirectGarch),
        new ScoreDrivenModel("FZ-1F", IsHybrid: false),
        new ScoreDrivenModel("FZ-hybrid", IsHybrid: true),
        new TwoFactorModel("FZ-2F"),
        Realised,
        new RealisedScaleModel("HAR-EVT", ResidualTail.Pareto, new RealisedScaleOptions()),
        new NetworkModel("network", new RealisedScaleOptions(), [.. Levels], new NetworkOptions()),
        new BoostedModel("boosted", new RealisedScaleOptions(), [.. Levels], new BoostingOptions()),
    ];

    /// <summary>Names of all models, the combination first.</summary>
    public static ImmutableArray<string> Names { get; } = [Auto, .. All.Select(model => model.Name)];

    /// <summary>A single model by name; null where there is none.</summary>
    public static ITailModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    static GarchModel Of(string name, VarianceDynamics dynamics, InnovationFamily innovations) =>
        new(name, new(dynamics, innovations, VarianceStart.WindowVariance));
}
