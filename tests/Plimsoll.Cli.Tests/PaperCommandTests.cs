using System.Diagnostics;
using System.Runtime.Versioning;

namespace Plimsoll.Cli.Tests;

/// <summary>The command gives its place to the daemon; a script stands in for it here.</summary>
[SupportedOSPlatform("linux")]
public sealed class PaperCommandTests
{
    [Fact]
    public async Task It_becomes_the_daemon_with_its_options_its_environment_and_its_exit_code()
    {
        string daemon = Path.Combine(AppContext.BaseDirectory, "plimsoll-daemon");
        const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        await File.WriteAllTextAsync(
            daemon,
            "#!/bin/sh\necho \"$$ $* $PLIMSOLL_WORD\"\nexit 7\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(daemon, Executable);
        try
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "plimsoll"))
            {
                RedirectStandardOutput = true,
            };
            foreach (string word in (string[])["paper", "--seed", "5", "--faults", "drop=1%,délai=2%"])
                start.ArgumentList.Add(word);
            start.Environment["PLIMSOLL_WORD"] = "here";
            using var process = Process.Start(start)!;
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            // The same process number: signals reach the daemon without anyone in between.
            Assert.Equal($"{process.Id} paper --faults drop=1%,délai=2% --seed 5 here\n", output);
            Assert.Equal(7, process.ExitCode);
        }
        finally
        {
            File.Delete(daemon);
        }
    }
}
