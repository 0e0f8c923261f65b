using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>
/// Inputs of <see cref="ImpliedVolatility"/>, one entry per option, all of one length; any numbers at all.
/// </summary>
public readonly ref struct ImpliedVolatilityInputs
{
    /// <summary>Price, USD per coin.</summary>
    public required ReadOnlySpan<double> PriceUsd { get; init; }

    /// <summary>Forward of the option's own expiry, USD.</summary>
    public required ReadOnlySpan<double> ForwardUsd { get; init; }

    /// <summary>Strike, USD.</summary>
    public required ReadOnlySpan<double> StrikeUsd { get; init; }

    /// <summary>Years to expiry.</summary>
    public required ReadOnlySpan<double> TYears { get; init; }

    /// <summary>+1 for a call, −1 for a put (<see cref="Black76.SignOf"/>).</summary>
    public required ReadOnlySpan<double> Sign { get; init; }
}

/// <summary>The volatility that makes Black-76 give a price.</summary>
/// <remarks>
/// Relative error below 1e-12 wherever the double price determines the volatility so far, from prices of 1e-300 of the
/// forward to one ulp below the maximum; every price strictly inside the bounds is solved (method in
/// <see cref="ImpliedVolatilityLanes{L, V}"/>). No price outside them is clipped: the status says which bound it
/// breaks, and the number returned with it is 0 and means nothing. Equal bits at every vector width, no allocation.
/// </remarks>
public static class ImpliedVolatility
{
    /// <summary>Solves one option.</summary>
    public static (ImpliedVolatilityStatus Status, double VolAnnual) Solve(
        double priceUsd,
        double forwardUsd,
        double strikeUsd,
        double tYears,
        OptionRight right
    )
    {
        double sign = Black76.SignOf(right);
        double vol = 0;
        var status = ImpliedVolatilityStatus.Domain;
        var of = new ImpliedVolatilityInputs
        {
            PriceUsd = new ReadOnlySpan<double>(in priceUsd),
            ForwardUsd = new ReadOnlySpan<double>(in forwardUsd),
            StrikeUsd = new ReadOnlySpan<double>(in strikeUsd),
            TYears = new ReadOnlySpan<double>(in tYears),
            Sign = new ReadOnlySpan<double>(in sign),
        };
        Solve(of, new Span<double>(ref vol), new Span<ImpliedVolatilityStatus>(ref status), VectorWidth.Scalar);
        return (status, vol);
    }

    /// <summary>Solves many.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Solve(
        ImpliedVolatilityInputs of,
        Span<double> volAnnual,
        Span<ImpliedVolatilityStatus> status
    ) => Solve(of, volAnnual, status, VectorWidths.Widest);

    /// <returns>The most evaluations that any vector took.</returns>
    internal static int Solve(
        ImpliedVolatilityInputs of,
        Span<double> volAnnual,
        Span<ImpliedVolatilityStatus> status,
        VectorWidth width
    )
    {
        int count = of.PriceUsd.Length;
        SpanLengths.Require(count, of.ForwardUsd.Length, nameof(of.ForwardUsd));
        SpanLengths.Require(count, of.StrikeUsd.Length, nameof(of.StrikeUsd));
        SpanLengths.Require(count, of.TYears.Length, nameof(of.TYears));
        SpanLengths.Require(count, of.Sign.Length, nameof(of.Sign));
        SpanLengths.Require(count, volAnnual.Length, nameof(volAnnual));
        SpanLengths.Require(count, status.Length, nameof(status));
        int most = 0;
        int done = 0;
        if (width == VectorWidth.Bits512 && count >= Lanes512.Count)
        {
            // The last vector overlaps the one before: to compile narrower code for the rest takes longer than that.
            done = SolveFrom<Lanes512, Vector512<double>>(of, volAnnual, status, done, ref most);
            if (done < count)
                SolveFrom<Lanes512, Vector512<double>>(of, volAnnual, status, count - Lanes512.Count, ref most);
            return most;
        }
        if (width >= VectorWidth.Bits256)
            done = SolveFrom<Lanes256, Vector256<double>>(of, volAnnual, status, done, ref most);
        SolveFrom<Lanes1, double>(of, volAnnual, status, done, ref most);
        return most;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int SolveFrom<L, V>(
        ImpliedVolatilityInputs of,
        Span<double> volAnnual,
        Span<ImpliedVolatilityStatus> status,
        int from,
        ref int most
    )
        where L : struct, ILanes<V>
        where V : struct
    {
        ref double price = ref MemoryMarshal.GetReference(of.PriceUsd);
        ref double forward = ref MemoryMarshal.GetReference(of.ForwardUsd);
        ref double strike = ref MemoryMarshal.GetReference(of.StrikeUsd);
        ref double t = ref MemoryMarshal.GetReference(of.TYears);
        ref double sign = ref MemoryMarshal.GetReference(of.Sign);
        ref double vol = ref MemoryMarshal.GetReference(volAnnual);
        var scratch = new ImpliedVolatilityScratch(stackalloc double[ImpliedVolatilityScratch.Length]);
        int i = from;
        while (i <= volAnnual.Length - L.Count)
        {
            int end = Math.Min(ImpliedVolatilityScratch.Block, (volAnnual.Length - i) / L.Count * L.Count);
            for (int j = 0; j < end; j += L.Count)
            {
                nuint at = (nuint)(i + j);
                ImpliedVolatilityLanes<L, V>.Reduce(
                    L.Load(ref price, at),
                    L.Load(ref forward, at),
                    L.Load(ref strike, at),
                    L.Load(ref t, at),
                    L.Load(ref sign, at),
                    scratch,
                    (nuint)j
                );
            }
            most = Math.Max(most, Search<L, V>(scratch, end));
            for (int j = 0; j < end; j += L.Count)
            {
                V isSolved = L.IsEqual(L.Load(ref scratch.Status, (nuint)j), L.All(0));
                V rootT = L.SquareRoot(L.Select(isSolved, L.Load(ref t, (nuint)(i + j)), L.All(1)));
                V annual = L.Divide(L.Load(ref scratch.S, (nuint)j), rootT);
                L.Store(L.Select(isSolved, annual, L.All(0)), ref vol, (nuint)(i + j));
            }
            for (int j = 0; j < end; j++)
                status[i + j] = (ImpliedVolatilityStatus)(int)Unsafe.Add(ref scratch.Status, j);
            i += end;
        }
        return i;
    }

    /// <summary>One evaluation of every open vector, then the next: neighbours are independent and overlap.</summary>
    /// <returns>Evaluations of the vector that took most.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Search<L, V>(ImpliedVolatilityScratch scratch, int end)
        where L : struct, ILanes<V>
        where V : struct
    {
        int evaluations = 0;
        for (bool isOpen = end > 0; isOpen; evaluations++)
        {
            isOpen = false;
            for (int j = 0; j < end; j += L.Count)
                if (L.Any(L.Load(ref scratch.IsOpen, (nuint)j)))
                    isOpen |= ImpliedVolatilityLanes<L, V>.Improve(scratch, (nuint)j);
        }
        return evaluations;
    }
}
