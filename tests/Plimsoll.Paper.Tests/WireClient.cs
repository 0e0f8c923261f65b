using System.Text.Json;

namespace Plimsoll.Paper.Tests;

/// <summary>A connection to a gateway inside the test, with the time in the test's hand.</summary>
sealed class WireClient
{
    readonly Gateway gateway;
    readonly Func<long> nowUs;
    int id;

    public WireClient(Gateway gateway, Func<long> nowUs, string? login = "paper")
    {
        (this.gateway, this.nowUs) = (gateway, nowUs);
        Session = gateway.Open("127.0.0.1", nowUs());
        if (login is not null)
            Call(
                "public/auth",
                new
                {
                    grant_type = "client_credentials",
                    client_id = login,
                    client_secret = login + "-secret",
                }
            );
    }

    public Session Session { get; }

    public List<JsonElement> Notifications { get; } = [];

    /// <summary>Result of a call; a refusal fails the test.</summary>
    public JsonElement Call(string method, object? parameters = null)
    {
        var answer = Ask(method, parameters);
        Assert.True(answer.TryGetProperty("result", out var result), answer.GetRawText());
        return result;
    }

    /// <summary>Code of the refusal of a call.</summary>
    public int Refusal(string method, object? parameters = null) =>
        Ask(method, parameters).GetProperty("error").GetProperty("code").GetInt32();

    public JsonElement Ask(string method, object? parameters)
    {
        int asked = ++id;
        gateway.Receive(
            Session,
            JsonSerializer.Serialize(
                new
                {
                    jsonrpc = "2.0",
                    id = asked,
                    method,
                    @params = parameters ?? new { },
                }
            ),
            nowUs()
        );
        JsonElement? found = null;
        foreach (var frame in Frames())
            if (frame.TryGetProperty("id", out var given) && given.GetInt32() == asked)
                found = frame;
            else
                Notifications.Add(frame);
        return found ?? throw new InvalidOperationException("no answer");
    }

    /// <summary>Lets the gateway send what is due.</summary>
    public void Pump()
    {
        gateway.Pump(nowUs());
        Notifications.AddRange(Frames());
    }

    /// <summary>Data of the notifications of a channel so far.</summary>
    public IEnumerable<JsonElement> Data(string channel) =>
        Notifications
            .Where(frame =>
                frame.GetProperty("params").TryGetProperty("channel", out var name) && name.GetString() == channel
            )
            .Select(frame => frame.GetProperty("params").GetProperty("data"));

    IEnumerable<JsonElement> Frames()
    {
        while (Session.Take() is { } frame)
            yield return JsonDocument.Parse(frame).RootElement;
    }
}
