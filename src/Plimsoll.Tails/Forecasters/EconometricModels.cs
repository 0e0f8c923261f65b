namespace Plimsoll.Tails;

/// <summary>The econometric forecasters by name.</summary>
public static class EconometricModels
{
    /// <summary>GARCH(1,1) with Student innovations, the reference of every comparison.</summary>
    public static GarchModel GarchStudent { get; } =
        new("GARCH-t", new(VarianceDynamics.Garch, InnovationFamily.Student, VarianceStart.WindowVariance));

    /// <summary>The same volatility with past residuals as law.</summary>
    public static GarchModel FilteredGarch { get; } =
        GarchStudent with
        {
            Name = "FHS-GARCH",
            Tail = ResidualTail.Empirical,
        };

    /// <summary>The same with Pareto tails.</summary>
    public static GarchModel GarchPareto { get; } =
        GarchStudent with
        {
            Name = "GARCH-EVT",
            Tail = ResidualTail.Pareto,
        };
}
