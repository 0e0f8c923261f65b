using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>The cells of the P&amp;L matrix: gain of one option under every scenario's moved smile.</summary>
/// <remarks>
/// Full revaluation by Black-76 as out-of-the-money value plus intrinsic value, in units of the scenario's own forward.
/// Error below 2e-12 of the forward. The same bits at every vector width, no allocation; scenarios are independent, so
/// they may be cut into runs for threads or caches (about 1,000 a run keeps the inputs of all strikes in the first
/// cache) without changing a bit.
/// </remarks>
public static class RevaluationKernel
{
    const int Block = 256;

    /// <summary>gain_s = size·(v_s·conversion_s − valueNow_s), v_s the option's value over the forward.</summary>
    /// <param name="strikeUsd">Strike, positive.</param>
    /// <param name="right">Call or put.</param>
    /// <param name="slice">The fitted smile that moves.</param>
    /// <param name="scenarios">The moves.</param>
    /// <param name="first">First scenario of the run; its length is that of <paramref name="gain"/>.</param>
    /// <param name="size">Signed number of coins.</param>
    /// <param name="conversion">
    /// Home currency per unit of v: the settlement coin's price (inverse), forward times the price of USDC (linear).
    /// </param>
    /// <param name="valueNow">Value now times today's conversion, as each scenario counts it.</param>
    /// <param name="gain">Receives the gains, home currency.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A strike that is not positive, a run outside the scenarios.
    /// </exception>
    public static void OptionGain(
        double strikeUsd,
        OptionRight right,
        SviSlice slice,
        RevaluationScenarios scenarios,
        int first,
        double size,
        ReadOnlySpan<double> conversion,
        ReadOnlySpan<double> valueNow,
        Span<double> gain
    ) => OptionGain(strikeUsd, right, slice, scenarios, first, size, conversion, valueNow, gain, VectorWidths.Widest);

    /// <summary>
    /// The same over all scenarios for one strike of unprepared moves (as <see cref="RevaluationScenarios"/> takes
    /// them): slower by the preparation, and it allocates.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void OptionGain(
        double strikeUsd,
        OptionRight right,
        SviSlice slice,
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> varianceScale,
        ReadOnlySpan<double> tilt,
        double size,
        ReadOnlySpan<double> conversion,
        ReadOnlySpan<double> valueNow,
        Span<double> gain
    ) =>
        OptionGain(
            strikeUsd,
            right,
            slice,
            new RevaluationScenarios(logForward, varianceScale, tilt),
            0,
            size,
            conversion,
            valueNow,
            gain
        );

    internal static void OptionGain(
        double strikeUsd,
        OptionRight right,
        SviSlice slice,
        RevaluationScenarios scenarios,
        int first,
        double size,
        ReadOnlySpan<double> conversion,
        ReadOnlySpan<double> valueNow,
        Span<double> gain,
        VectorWidth width
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strikeUsd);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, scenarios.Count - gain.Length);
        SpanLengths.Require(gain.Length, conversion.Length, nameof(conversion));
        SpanLengths.Require(gain.Length, valueNow.Length, nameof(valueNow));
        var cell = new RevaluationCell(strikeUsd, Black76.SignOf(right), slice, size);
        var origins = scenarios.From(first);
        int done = 0;
        if (width == VectorWidth.Bits512)
            done = RunFrom<Lanes512, Vector512<double>>(cell, origins, conversion, valueNow, gain, done);
        // What is not called is not compiled, and scenarios mostly come in eights.
        if (width >= VectorWidth.Bits256 && done < gain.Length)
            done = RunFrom<Lanes256, Vector256<double>>(cell, origins, conversion, valueNow, gain, done);
        if (done < gain.Length)
            RunFrom<Lanes1, double>(cell, origins, conversion, valueNow, gain, done);
    }

    /// <remarks>
    /// In two short loops over a block rather than one long one: a cell is a chain of some 200 dependent cycles, of
    /// which a processor's window holds one and a half; split, several cells are under way at once.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int RunFrom<L, V>(
        RevaluationCell cell,
        RevaluationOrigins scenarios,
        ReadOnlySpan<double> conversion,
        ReadOnlySpan<double> valueNow,
        Span<double> gain,
        int from
    )
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double perValue = ref MemoryMarshal.GetReference(conversion);
        ref double now = ref MemoryMarshal.GetReference(valueNow);
        ref double into = ref MemoryMarshal.GetReference(gain);
        Span<double> scratch = stackalloc double[3 * Block];
        ref double near = ref scratch[0];
        ref double far = ref scratch[Block];
        ref double density = ref scratch[2 * Block];
        int i = from;
        while (i <= gain.Length - L.Count)
        {
            int end = Math.Min(Block, (gain.Length - i) / L.Count * L.Count);
            for (int j = 0; j < end; j += L.Count)
                RevaluationLanes<L, V>.Place(cell, scenarios, (nuint)(i + j), ref near, ref far, ref density, (nuint)j);
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                V value = RevaluationLanes<L, V>.Value(
                    cell,
                    L.Load(ref near, (nuint)j),
                    L.Load(ref far, (nuint)j),
                    L.Load(ref density, (nuint)j),
                    L.Load(ref scenarios.InverseForward, at)
                );
                V change = L.MultiplyAdd(value, L.Load(ref perValue, at), L.Negate(L.Load(ref now, at)));
                L.Store(L.Multiply(change, L.All(cell.Size)), ref into, at);
            }
            i += end;
        }
        return i;
    }
}
