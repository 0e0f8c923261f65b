namespace Plimsoll.Cli.Tests;

/// <summary>One run of the command inside the test's process, as if piped.</summary>
sealed record CommandRun(int Code, string Out, string Error)
{
    public static CommandRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = PlimsollCommand.Run(args, new Terminal(output, error, false, false, 100));
        return new CommandRun(code, output.ToString(), error.ToString());
    }
}
