using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Plimsoll.Cli;

/// <summary>Help that ends with command lines which run as pasted.</summary>
sealed class HelpWithExamples : SynchronousCommandLineAction
{
    const int Width = 100;

    readonly HelpAction help = new() { MaxWidth = Width };
    readonly Dictionary<Command, string[]> examples = [];

    /// <summary>Adds the command lines that help on this command ends with.</summary>
    public Command Show(Command command, params string[] lines)
    {
        examples[command] = lines;
        return command;
    }

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        if (!examples.TryGetValue(parseResult.CommandResult.Command, out string[]? lines))
            return code;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string line in lines)
            output.WriteLine($"  {line}");
        output.WriteLine();
        return code;
    }
}
