using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>The moved smile of one expiry in every scenario, prepared once for all its strikes.</summary>
/// <remarks>
/// Moved total variance: w_s(k) = u_s·(w(κ) + τ_s·κ), κ = k/√u_s, k = ln(strike) − logForward_s. Preparing takes what a
/// strike does not change (a root, two divisions and an exponential) out of <see cref="RevaluationKernel"/>. Immutable.
/// </remarks>
public sealed class RevaluationScenarios
{
    /// <summary>Prepares.</summary>
    /// <param name="logForward">ln of the expiry's forward in USD.</param>
    /// <param name="varianceScale">u, positive.</param>
    /// <param name="tilt">τ, total variance per unit of κ.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public RevaluationScenarios(
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> varianceScale,
        ReadOnlySpan<double> tilt
    )
    {
        Count = logForward.Length;
        SpanLengths.Require(Count, varianceScale.Length, nameof(varianceScale));
        SpanLengths.Require(Count, tilt.Length, nameof(tilt));
        (LogForward, Tilt) = (logForward.ToArray(), tilt.ToArray());
        (InverseForward, RootScale, InverseRootScale) = (new double[Count], new double[Count], new double[Count]);
        for (int s = 0; s < Count; s++)
        {
            InverseForward[s] = LaneMath<Lanes1, double>.Exp(-LogForward[s]);
            RootScale[s] = Math.Sqrt(varianceScale[s]);
            InverseRootScale[s] = 1 / RootScale[s];
        }
    }

    /// <summary>Number of scenarios.</summary>
    public int Count { get; }

    internal double[] LogForward { get; }

    internal double[] InverseForward { get; }

    internal double[] RootScale { get; }

    internal double[] InverseRootScale { get; }

    internal double[] Tilt { get; }

    internal RevaluationOrigins From(int first) =>
        new()
        {
            LogForward = ref Entry(LogForward, first),
            InverseForward = ref Entry(InverseForward, first),
            RootScale = ref Entry(RootScale, first),
            InverseRootScale = ref Entry(InverseRootScale, first),
            Tilt = ref Entry(Tilt, first),
        };

    static ref double Entry(double[] of, int first) => ref MemoryMarshal.GetReference(of.AsSpan(first));
}

/// <summary>Where a run of scenarios starts in each of the prepared arrays.</summary>
ref struct RevaluationOrigins
{
    public ref double LogForward;
    public ref double InverseForward;
    public ref double RootScale;
    public ref double InverseRootScale;
    public ref double Tilt;
}
