using Spectre.Console;

namespace Plimsoll.Cli;

/// <summary>Where a run of the command writes, and whether people read along.</summary>
/// <param name="Out">Answers.</param>
/// <param name="Error">Faults and progress.</param>
/// <param name="IsErrorTerminal">Whether progress reaches a person.</param>
/// <param name="HasColor">Whether the output may be coloured.</param>
/// <param name="Width">Columns of a page of tables.</param>
sealed record Terminal(TextWriter Out, TextWriter Error, bool IsErrorTerminal, bool HasColor, int Width)
{
    /// <summary>Folder in which surfaces and scenarios are kept between runs; null: nothing is kept.</summary>
    public string? CacheFolder { get; init; }

    const int PipedWidth = 100;
    const int LeastWidth = 80;

    /// <summary>
    /// Terminal of this process: plain and 100 columns wide when piped, no colour when NO_COLOR is set.
    /// </summary>
    public static Terminal OfProcess()
    {
        bool piped = Console.IsOutputRedirected;
        bool plain = piped || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        int width = piped ? PipedWidth : Math.Max(LeastWidth, SafeWidth());
        var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var error = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
        return new Terminal(output, error, !Console.IsErrorRedirected, !plain, width) { CacheFolder = UserCache() };
    }

    /// <summary>The user's cache directory by the XDG base directory specification; null where there is none.</summary>
    static string? UserCache()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathRooted(root))
            root = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
                ? Path.Combine(home, ".cache")
                : null;
        return root is null ? null : Path.Combine(root, "plimsoll");
    }

    /// <summary>A console of tables on the output.</summary>
    public IAnsiConsole Tables() => Create(Out, HasColor);

    /// <summary>Does long work; on a terminal a moving line on the error stream tells what runs.</summary>
    public T Working<T>(string what, Func<T> work) =>
        IsErrorTerminal ? Create(Error, HasColor).Status().Start(Markup.Escape(what), _ => work()) : work();

    /// <summary>Does work of known length; on a terminal a bar on the error stream tells how far it is.</summary>
    /// <param name="what">What runs.</param>
    /// <param name="steps">Steps in all.</param>
    /// <param name="work">Reports the steps that are done.</param>
    public T Progressing<T>(string what, int steps, Func<Action<int>, T> work) =>
        IsErrorTerminal
            ? Create(Error, HasColor)
                .Progress()
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new RemainingTimeColumn()
                )
                .Start(context =>
                {
                    var task = context.AddTask(Markup.Escape(what), maxValue: steps);
                    return work(done => task.Value = done);
                })
            : work(_ => { });

    IAnsiConsole Create(TextWriter writer, bool ansi)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = ansi ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = Width;
        return console;
    }

    static int SafeWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return PipedWidth;
        }
    }
}
