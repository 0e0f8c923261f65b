using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Margin;

/// <summary>Loops over runs of scenarios: fused, eight at a time, the same bits at every vector width.</summary>
static class ScanSums
{
    /// <summary>sums += money·(a·value − b·still − c).</summary>
    public static void Add(
        ReadOnlySpan<double> value,
        ReadOnlySpan<double> still,
        ReadOnlySpan<double> money,
        double a,
        double b,
        double c,
        Span<double> sums
    )
    {
        ref double first = ref MemoryMarshal.GetReference(value);
        ref double second = ref MemoryMarshal.GetReference(still);
        ref double third = ref MemoryMarshal.GetReference(money);
        ref double into = ref MemoryMarshal.GetReference(sums);
        var (times, less, fixedPart) = (Vector512.Create(a), Vector512.Create(-b), Vector512.Create(-c));
        int s = 0;
        for (; s + 8 <= sums.Length; s += 8)
        {
            nuint at = (nuint)s;
            var gain = Vector512.FusedMultiplyAdd(
                Vector512.LoadUnsafe(ref first, at),
                times,
                Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref second, at), less, fixedPart)
            );
            Vector512
                .FusedMultiplyAdd(gain, Vector512.LoadUnsafe(ref third, at), Vector512.LoadUnsafe(ref into, at))
                .StoreUnsafe(ref into, at);
        }
        for (; s < sums.Length; s++)
        {
            double gain = Math.FusedMultiplyAdd(value[s], a, Math.FusedMultiplyAdd(still[s], -b, -c));
            sums[s] = Math.FusedMultiplyAdd(gain, money[s], sums[s]);
        }
    }

    /// <summary>worst = max(worst, −gain − equity·index − dampener·unit).</summary>
    public static void KeepWorst(
        ReadOnlySpan<double> gain,
        ReadOnlySpan<double> index,
        ReadOnlySpan<double> unit,
        double equity,
        double dampener,
        Span<double> worst
    )
    {
        ref double first = ref MemoryMarshal.GetReference(gain);
        ref double second = ref MemoryMarshal.GetReference(index);
        ref double third = ref MemoryMarshal.GetReference(unit);
        ref double into = ref MemoryMarshal.GetReference(worst);
        var (held, dampened) = (Vector512.Create(-equity), Vector512.Create(-dampener));
        int s = 0;
        for (; s + 8 <= worst.Length; s += 8)
        {
            nuint at = (nuint)s;
            var loss = Vector512.FusedMultiplyAdd(
                Vector512.LoadUnsafe(ref second, at),
                held,
                Vector512.FusedMultiplyAdd(
                    Vector512.LoadUnsafe(ref third, at),
                    dampened,
                    -Vector512.LoadUnsafe(ref first, at)
                )
            );
            Vector512.Max(Vector512.LoadUnsafe(ref into, at), loss).StoreUnsafe(ref into, at);
        }
        for (; s < worst.Length; s++)
        {
            double loss = Math.FusedMultiplyAdd(index[s], -equity, Math.FusedMultiplyAdd(unit[s], -dampener, -gain[s]));
            worst[s] = Math.Max(worst[s], loss);
        }
    }
}
