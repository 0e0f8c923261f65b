using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Plimsoll.Bench;

// --quick: least of 30 repeats, a table in three seconds; --surface [CHAIN...]: surface fits; --solver: linear algebra
// and the convex solver; --programs: the solvers of sizing methods; --stress: reverse stress and joint scenarios;
// --tails: the tail forecaster; --margin: portfolio margin in every scenario; --latency: the live engine;
// --soak [MINUTES]: its memory; --crash MARKET [SPEED [passive]]: recorded crash days as timelines (docs/crash-days.md).
// Otherwise BenchmarkDotNet and its arguments, in this process: the kernels are compiled in full from their first call,
// so a project built for each benchmark would buy nothing.
if (args is ["--quick", ..])
    QuickKernels.Run(Console.Out);
else if (args is ["--solver", ..])
    QuickSolver.Run(Console.Out);
else if (args is ["--programs", ..])
    QuickPrograms.Run(Console.Out);
else if (args is ["--stress", ..])
    QuickStress.Run(Console.Out);
else if (args is ["--tails", ..])
    QuickTails.Run(Console.Out);
else if (args is ["--margin", ..])
    QuickMargin.Run(Console.Out);
else if (args is ["--latency", ..])
    QuickLatency.Run(Console.Out);
else if (args is ["--soak", .. var length])
    QuickSoak.Run(Console.Out, length is [var minutes] ? double.Parse(minutes, CultureInfo.InvariantCulture) : 10);
else if (args is ["--crash", var market, .. var pace])
    QuickCrash.Run(
        Console.Out,
        market,
        pace is [var speed, ..] ? double.Parse(speed, CultureInfo.InvariantCulture) : 1,
        rests: pace is [_, "passive"]
    );
else if (args is ["--surface", .. var chains])
    QuickSurface.Run(Console.Out, chains);
else
    BenchmarkSwitcher
        .FromAssembly(typeof(KernelBenchmarks).Assembly)
        .Run(
            args,
            DefaultConfig.Instance.AddJob(
                Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(15).WithWarmupCount(5)
            )
        );
