using System.Runtime.InteropServices;

namespace Plimsoll.Cli;

/// <summary>Gives this process's place to the daemon (execve), so that signals and the exit code are its own.</summary>
/// <remarks>So no other command ever loads a web server.</remarks>
static class DaemonHandover
{
    const string Program = "plimsoll-daemon";

    /// <summary>Becomes the daemon; returns only when it could not.</summary>
    public static int To(Terminal terminal, string[] arguments)
    {
        if (Find() is not { } daemon)
        {
            terminal.Error.WriteLine(
                $"plimsoll: {Program} is not built: start by ./plimsoll {arguments[0]} in a checkout"
            );
            return ExitCode.Fault;
        }
        terminal.Out.Flush();
        Execute(daemon, [daemon, .. arguments, null], Environment());
        terminal.Error.WriteLine($"plimsoll: {daemon} could not be started");
        return ExitCode.Fault;
    }

    /// <summary>The daemon beside this program, or in the folder that the launcher builds it in.</summary>
    static string? Find()
    {
        string here = AppContext.BaseDirectory;
        string[] places = [Path.Combine(here, Program), Path.Combine(here, "..", "daemon", Program)];
        return places.Select(Path.GetFullPath).FirstOrDefault(File.Exists);
    }

    static string?[] Environment() =>
        [
            .. System
                .Environment.GetEnvironmentVariables()
                .Cast<System.Collections.DictionaryEntry>()
                .Select(entry => $"{entry.Key}={entry.Value}"),
            null,
        ];

    [DllImport("libc", EntryPoint = "execve")]
    static extern int Execute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] environment
    );
}
