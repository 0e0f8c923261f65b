using System.Diagnostics;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Bench;

/// <summary>
/// The same comparisons without BenchmarkDotNet: the least of 30 repeats of at least 4 ms each, after warming.
/// </summary>
static class QuickKernels
{
    const int Repeats = 30;

    public static void Run(TextWriter output)
    {
        var data = new KernelData();
        output.WriteLine(
            $"widest vector here: {VectorWidths.Widest}; ns per option or cell, least of {Repeats} repeats"
        );
        output.WriteLine("| kernel | plain formulas | scalar | 256 bits | 512 bits | bytes a call |");
        output.WriteLine("|---|---|---|---|---|---|");
        Row(
            "price",
            KernelData.Options,
            () => PlainFormulas.Price(data),
            width => Black76Kernel.Price(data.Inputs, data.Greeks[0], width)
        );
        Row(
            "price with six Greeks",
            KernelData.Options,
            () => PlainFormulas.PriceWithGreeks(data),
            width => Black76Kernel.WithGreeks(data.Inputs, data.Results, width)
        );
        Row(
            "implied volatility",
            KernelData.Options,
            () => PlainFormulas.ImpliedVolatility(data),
            width => ImpliedVolatility.Solve(data.Prices, data.Solved, data.Status, width)
        );
        Row(
            "revaluation cell",
            KernelData.Scenarios,
            () => PlainFormulas.Revaluation(data),
            width => Revalue(data, width)
        );

        void Row(string name, int items, Action plain, Action<VectorWidth> kernel)
        {
            double[] times =
            [
                Least(plain, items),
                Least(() => kernel(VectorWidth.Scalar), items),
                Least(() => kernel(VectorWidth.Bits256), items),
                Least(() => kernel(VectorWidth.Bits512), items),
            ];
            long before = GC.GetAllocatedBytesForCurrentThread();
            kernel(VectorWidth.Bits512);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            string cells = string.Join(" | ", times.Select(t => t.ToString("F2", CultureInfo.InvariantCulture)));
            output.WriteLine($"| {name} | {cells} | {bytes} |");
        }
    }

    /// <summary>One option over all scenarios in runs of 1,000, as the P&amp;L matrix does it.</summary>
    public static void Revalue(KernelData data, VectorWidth width)
    {
        for (int first = 0; first < KernelData.Scenarios; first += 1_000)
            RevaluationKernel.OptionGain(
                70_000,
                OptionRight.Call,
                data.Slice,
                data.Moves,
                first,
                size: 1,
                data.Conversion.AsSpan(first, 1_000),
                data.ValueNow.AsSpan(first, 1_000),
                data.Gain.AsSpan(first, 1_000),
                width
            );
    }

    static double Least(Action work, int items)
    {
        for (int i = 0; i < 40; i++)
            work();
        double least = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            int calls = 0;
            var watch = Stopwatch.StartNew();
            do
            {
                work();
                calls++;
            } while (watch.Elapsed.TotalMilliseconds < 4);
            least = Math.Min(least, watch.Elapsed.TotalNanoseconds / ((double)calls * items));
        }
        return least;
    }
}
