using BenchmarkDotNet.Running;
using Plimsoll.Bench;

// --quick: least of 30 repeats in this process, a table in a minute; --surface [CHAIN...]: surface fits.
// Otherwise BenchmarkDotNet and its arguments.
if (args is ["--quick", ..])
    QuickKernels.Run(Console.Out);
else if (args is ["--surface", .. var chains])
    QuickSurface.Run(Console.Out, chains);
else
    BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(args);
