using System.CommandLine;
using System.Text.Json;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll status</c>, <c>arm</c>, <c>kill</c>: look at a run, let it trade, stop it.</summary>
static class OperateCommands
{
    public static Command Status(Terminal terminal)
    {
        var data = RunService.Data();
        var json = InputOptions.Json();
        var command = new Command("status", "Shows how a run stands: mode, account, positions and targets.")
        {
            data,
            json,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                using var service = RunService.Find(terminal, parsed.GetValue(data)!, operates: false);
                if (service is null)
                    return ExitCode.BadInput;
                using var answer = await service.ReadAsync(terminal, "/v1/status");
                if (answer is null)
                    return ExitCode.Fault;
                if (parsed.GetValue(json))
                    terminal.Out.WriteLine(JsonSerializer.Serialize(answer, Indented));
                else
                    terminal.Tables().Write(StatusView.Of(answer.RootElement));
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Arm(Terminal terminal) =>
        Operate(
            terminal,
            "arm",
            "Lets a run trade again, after a start or a kill; a person with a reason.",
            "/v1/arm",
            new Option<bool>("--flatten") { Hidden = true }
        );

    public static Command Kill(Terminal terminal) =>
        Operate(
            terminal,
            "kill",
            "Stops a run at once: every order is cancelled and nothing is opened any more.",
            "/v1/kill",
            new Option<bool>("--flatten") { Description = "close every position too" }
        );

    static Command Operate(Terminal terminal, string name, string description, string path, Option<bool> flatten)
    {
        var data = RunService.Data();
        var why = new Option<string>("--why")
        {
            Description = "the reason, for the journal",
            HelpName = "WORDS",
            DefaultValueFactory = _ => "by hand",
        };
        var command = new Command(name, description) { data, why };
        if (!flatten.Hidden)
            command.Add(flatten);
        command.SetAction(
            async (parsed, _) =>
            {
                using var service = RunService.Find(terminal, parsed.GetValue(data)!, operates: true);
                if (service is null)
                    return ExitCode.BadInput;
                bool close = !flatten.Hidden && parsed.GetValue(flatten);
                object body = new
                {
                    who = Environment.UserName,
                    why = parsed.GetValue(why),
                    flatten = close,
                };
                if (!await service.CommandAsync(terminal, path, body))
                    return ExitCode.Fault;
                terminal.Out.WriteLine($"{name}: taken{(close ? "; every position is being closed" : "")}");
                return ExitCode.Done;
            }
        );
        return command;
    }

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
