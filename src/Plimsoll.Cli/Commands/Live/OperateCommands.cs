using System.CommandLine;
using System.Text.Json;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll status</c>, <c>arm</c>: look at a run, let it trade.</summary>
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

    public static Command Arm(Terminal terminal)
    {
        var data = RunService.Data();
        var why = RunService.Why();
        var command = new Command("arm", "Lets a run trade again, after a start or a kill; a person with a reason.")
        {
            data,
            why,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                using var service = RunService.Find(terminal, parsed.GetValue(data)!, operates: true);
                if (service is null)
                    return ExitCode.BadInput;
                object body = new { who = Environment.UserName, why = parsed.GetValue(why) };
                if (await service.CommandAsync("/v1/arm", body) is { } trouble)
                {
                    terminal.Error.WriteLine($"plimsoll: {trouble}");
                    return ExitCode.Fault;
                }
                terminal.Out.WriteLine("arm: taken");
                return ExitCode.Done;
            }
        );
        return command;
    }

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
}
