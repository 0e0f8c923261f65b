using System.Text.Json;

namespace Plimsoll.Venues;

/// <summary>Which of the venue's error codes say that an order request was certainly not executed.</summary>
/// <remarks>From <c>data/venues/deribit/error-codes.json</c>; a code that is not listed there proves nothing.</remarks>
static class DeribitErrors
{
    public const int TooManyRequests = 10028;
    public const int InvalidCredentials = 13004;
    static readonly Lazy<HashSet<int>> notExecuted = new(Read);

    /// <summary>Whether the request may have been executed although it was answered by this code.</summary>
    public static bool IsAmbiguous(int code) => !notExecuted.Value.Contains(code);

    static HashSet<int> Read()
    {
        using var stream =
            typeof(DeribitErrors).Assembly.GetManifestResourceStream("venues/deribit/error-codes.json")
            ?? throw new InvalidOperationException("the program lacks its error codes");
        using var document = JsonDocument.Parse(stream);
        return
        [
            .. document
                .RootElement.GetProperty("codes")
                .EnumerateArray()
                .Where(row => row.GetProperty("executed").GetString() == "no")
                .Select(row => row.GetProperty("code").GetInt32()),
        ];
    }
}
