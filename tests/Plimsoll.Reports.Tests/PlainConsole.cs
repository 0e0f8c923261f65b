using Spectre.Console;

namespace Plimsoll.Reports.Tests;

static class PlainConsole
{
    /// <summary>What a page looks like when piped: plain, 100 columns.</summary>
    public static string Text(Action<IAnsiConsole> page)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = 100;
        page(console);
        return writer.ToString();
    }
}
