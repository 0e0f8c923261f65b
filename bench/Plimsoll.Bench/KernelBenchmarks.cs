using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Bench;

/// <summary>Each kernel against the plain formulas in the same run; times are per option or cell.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class KernelBenchmarks
{
    readonly KernelData data = new();

    [Params(VectorWidth.Scalar, VectorWidth.Bits256, VectorWidth.Bits512)]
    public VectorWidth Width { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = KernelData.Options), BenchmarkCategory("price with six Greeks")]
    public void PlainGreeks() => PlainFormulas.PriceWithGreeks(data);

    [Benchmark(OperationsPerInvoke = KernelData.Options), BenchmarkCategory("price with six Greeks")]
    public void KernelGreeks() => Black76Kernel.WithGreeks(data.Inputs, data.Results, Width);

    [Benchmark(Baseline = true, OperationsPerInvoke = KernelData.Options), BenchmarkCategory("implied volatility")]
    public void PlainImplied() => PlainFormulas.ImpliedVolatility(data);

    [Benchmark(OperationsPerInvoke = KernelData.Options), BenchmarkCategory("implied volatility")]
    public void KernelImplied() => ImpliedVolatility.Solve(data.Prices, data.Solved, data.Status, Width);

    [Benchmark(Baseline = true, OperationsPerInvoke = KernelData.Scenarios), BenchmarkCategory("revaluation cell")]
    public void PlainCell() => PlainFormulas.Revaluation(data);

    [Benchmark(OperationsPerInvoke = KernelData.Scenarios), BenchmarkCategory("revaluation cell")]
    public void KernelCell() => QuickKernels.Revalue(data, Width);
}
