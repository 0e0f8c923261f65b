using System.Text.Json;
using Plimsoll.TestSupport;

namespace Plimsoll.Venues.Tests;

/// <summary>Messages that a venue published as examples of its own.</summary>
static class Recorded
{
    /// <summary>A message by name.</summary>
    public static JsonElement Of(string venue, string name) =>
        JsonDocument
            .Parse(
                File.ReadAllText(
                    Path.Combine(Repository.Root, "tests", "Plimsoll.Venues.Tests", "Payloads", $"{venue}.json")
                )
            )
            .RootElement.GetProperty(name);
}
