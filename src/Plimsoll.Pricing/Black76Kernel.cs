using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>Inputs of <see cref="Black76Kernel"/>, one entry per option, all of one length.</summary>
/// <remarks>
/// The caller has checked them: forward and strike positive, time and volatility not negative. A NaN gives NaN in its
/// own lane; other numbers from outside give meaningless ones.
/// </remarks>
public readonly ref struct Black76Inputs
{
    /// <summary>Forward of the option's own expiry, USD.</summary>
    public required ReadOnlySpan<double> ForwardUsd { get; init; }

    /// <summary>Strike, USD.</summary>
    public required ReadOnlySpan<double> StrikeUsd { get; init; }

    /// <summary>Years to expiry.</summary>
    public required ReadOnlySpan<double> TYears { get; init; }

    /// <summary>Annual volatility, a fraction.</summary>
    public required ReadOnlySpan<double> VolAnnual { get; init; }

    /// <summary>+1 for a call, −1 for a put (<see cref="Black76.SignOf"/>).</summary>
    public required ReadOnlySpan<double> Sign { get; init; }
}

/// <summary>Results of <see cref="Black76Kernel"/>: units as in <see cref="OptionGreeks"/>.</summary>
public readonly ref struct Black76Results
{
    /// <summary>Value.</summary>
    public required Span<double> PriceUsd { get; init; }

    /// <summary>Delta.</summary>
    public required Span<double> Delta { get; init; }

    /// <summary>Gamma.</summary>
    public required Span<double> GammaPerUsd { get; init; }

    /// <summary>Vega.</summary>
    public required Span<double> VegaUsdPerVol { get; init; }

    /// <summary>Theta.</summary>
    public required Span<double> ThetaUsdPerYear { get; init; }

    /// <summary>Vanna.</summary>
    public required Span<double> VannaPerVol { get; init; }

    /// <summary>Volga.</summary>
    public required Span<double> VolgaUsdPerVol2 { get; init; }
}

/// <summary>Black-76 over spans: the bits of <see cref="Black76"/> at every vector width, no allocation.</summary>
public static class Black76Kernel
{
    /// <summary>Values in USD.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Price(Black76Inputs of, Span<double> priceUsd) => Price(of, priceUsd, VectorWidths.Widest);

    /// <summary>Values and six Greeks in USD.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void WithGreeks(Black76Inputs of, Black76Results into) => WithGreeks(of, into, VectorWidths.Widest);

    internal static void Price(Black76Inputs of, Span<double> priceUsd, VectorWidth width)
    {
        int count = CountOf(of);
        SpanLengths.Require(count, priceUsd.Length, nameof(priceUsd));
        var to = new Black76Output { PriceUsd = ref MemoryMarshal.GetReference(priceUsd) };
        int done = 0;
        if (width == VectorWidth.Bits512)
            done = PriceFrom<Lanes512, Vector512<double>>(of, to, done, count);
        if (width >= VectorWidth.Bits256)
            done = PriceFrom<Lanes256, Vector256<double>>(of, to, done, count);
        PriceFrom<Lanes1, double>(of, to, done, count);
    }

    internal static void WithGreeks(Black76Inputs of, Black76Results into, VectorWidth width)
    {
        int count = CountOf(of);
        SpanLengths.Require(count, into.PriceUsd.Length, nameof(into.PriceUsd));
        SpanLengths.Require(count, into.Delta.Length, nameof(into.Delta));
        SpanLengths.Require(count, into.GammaPerUsd.Length, nameof(into.GammaPerUsd));
        SpanLengths.Require(count, into.VegaUsdPerVol.Length, nameof(into.VegaUsdPerVol));
        SpanLengths.Require(count, into.ThetaUsdPerYear.Length, nameof(into.ThetaUsdPerYear));
        SpanLengths.Require(count, into.VannaPerVol.Length, nameof(into.VannaPerVol));
        SpanLengths.Require(count, into.VolgaUsdPerVol2.Length, nameof(into.VolgaUsdPerVol2));
        var to = new Black76Output
        {
            PriceUsd = ref MemoryMarshal.GetReference(into.PriceUsd),
            Delta = ref MemoryMarshal.GetReference(into.Delta),
            GammaPerUsd = ref MemoryMarshal.GetReference(into.GammaPerUsd),
            VegaUsdPerVol = ref MemoryMarshal.GetReference(into.VegaUsdPerVol),
            ThetaUsdPerYear = ref MemoryMarshal.GetReference(into.ThetaUsdPerYear),
            VannaPerVol = ref MemoryMarshal.GetReference(into.VannaPerVol),
            VolgaUsdPerVol2 = ref MemoryMarshal.GetReference(into.VolgaUsdPerVol2),
        };
        int done = 0;
        if (width == VectorWidth.Bits512)
            done = GreeksFrom<Lanes512, Vector512<double>>(of, to, done, count);
        if (width >= VectorWidth.Bits256)
            done = GreeksFrom<Lanes256, Vector256<double>>(of, to, done, count);
        GreeksFrom<Lanes1, double>(of, to, done, count);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int PriceFrom<L, V>(Black76Inputs of, Black76Output to, int from, int count)
        where L : struct, ILanes<V>
        where V : struct =>
        Run<L, V>(of, to, from, count, false, new Black76Scratch(stackalloc double[Black76Scratch.Length]));

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int GreeksFrom<L, V>(Black76Inputs of, Black76Output to, int from, int count)
        where L : struct, ILanes<V>
        where V : struct =>
        Run<L, V>(of, to, from, count, true, new Black76Scratch(stackalloc double[Black76Scratch.Length]));

    /// <remarks>
    /// Two short loops over a block rather than one long one: an option is a chain of some 300 dependent cycles, of
    /// which a processor's window holds one; split, several options are under way at once.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Run<L, V>(
        Black76Inputs of,
        Black76Output to,
        int from,
        int count,
        bool withGreeks,
        Black76Scratch scratch
    )
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double forward = ref MemoryMarshal.GetReference(of.ForwardUsd);
        ref double strike = ref MemoryMarshal.GetReference(of.StrikeUsd);
        ref double t = ref MemoryMarshal.GetReference(of.TYears);
        ref double vol = ref MemoryMarshal.GetReference(of.VolAnnual);
        ref double sign = ref MemoryMarshal.GetReference(of.Sign);
        int i = from;
        while (i <= count - L.Count)
        {
            int end = Math.Min(Black76Scratch.Block, (count - i) / L.Count * L.Count);
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                Black76Lanes<L, V>.Place(
                    L.Load(ref forward, at),
                    L.Load(ref strike, at),
                    L.Load(ref t, at),
                    L.Load(ref vol, at),
                    scratch,
                    (nuint)j
                );
            }
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                Black76Lanes<L, V>.Finish(
                    L.Load(ref forward, at),
                    L.Load(ref strike, at),
                    L.Load(ref vol, at),
                    L.Load(ref sign, at),
                    withGreeks,
                    scratch,
                    (nuint)j,
                    to,
                    at
                );
            }
            i += end;
        }
        return i;
    }

    static int CountOf(Black76Inputs of)
    {
        int count = of.ForwardUsd.Length;
        SpanLengths.Require(count, of.StrikeUsd.Length, nameof(of.StrikeUsd));
        SpanLengths.Require(count, of.TYears.Length, nameof(of.TYears));
        SpanLengths.Require(count, of.VolAnnual.Length, nameof(of.VolAnnual));
        SpanLengths.Require(count, of.Sign.Length, nameof(of.Sign));
        return count;
    }
}
