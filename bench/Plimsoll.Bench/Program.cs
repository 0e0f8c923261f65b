using BenchmarkDotNet.Running;
using Plimsoll.Bench;

// --quick: least of 30 repeats in this process, a table in a minute. Otherwise BenchmarkDotNet and its arguments.
if (args is ["--quick", ..])
    QuickKernels.Run(Console.Out);
else
    BenchmarkSwitcher.FromAssembly(typeof(KernelBenchmarks).Assembly).Run(args);
