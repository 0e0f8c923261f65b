namespace Plimsoll.Tails;

/// <summary>How the quantile itself follows from yesterday's.</summary>
public enum CaviarKind
{
    /// <summary>v' = b₀ + b₁v + b₂|r|.</summary>
    SymmetricAbsolute,

    /// <summary>v' = b₀ + b₁v + b₂r⁺ + b₃r⁻.</summary>
    AsymmetricSlope,

    /// <summary>v' = √(b₀ + b₁v² + b₂r²).</summary>
    IndirectGarch,
}

/// <summary>Recursions of value at risk (positive here, as in the paper).</summary>
/// <remarks>Engle and Manganelli, J. Business and Economic Statistics 22 (2004), section 3.</remarks>
public static class CaviarRecursion
{
    /// <summary>Number of parameters.</summary>
    public static int Count(CaviarKind kind) => kind == CaviarKind.AsymmetricSlope ? 4 : 3;

    /// <summary>Tomorrow's value at risk from today's and today's return; NaN where the root is not real.</summary>
    public static double Next(CaviarKind kind, ReadOnlySpan<double> b, double valueAtRisk, double r) =>
        kind switch
        {
            CaviarKind.SymmetricAbsolute => b[0] + b[1] * valueAtRisk + b[2] * Math.Abs(r),
            CaviarKind.AsymmetricSlope => b[0] + b[1] * valueAtRisk + b[2] * Math.Max(r, 0) + b[3] * Math.Max(-r, 0),
            _ => Math.Sqrt(b[0] + b[1] * valueAtRisk * valueAtRisk + b[2] * r * r),
        };
}
