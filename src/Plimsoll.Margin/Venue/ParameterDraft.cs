using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>A parameter file while it is made from a venue's answers; it starts as the shipped file.</summary>
public sealed class ParameterDraft
{
    static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    readonly StatedParameters kind;
    readonly string host;
    readonly List<(string Part, string Source)> stated = [];
    readonly SortedSet<string> kept = new(StringComparer.Ordinal);
    readonly List<string> doubts = [];
    readonly string shippedDay;
    readonly string shippedSource;

    internal ParameterDraft(StatedParameters kind, string host)
    {
        (this.kind, this.host) = (kind, host.TrimEnd('/'));
        Figures = JsonNode.Parse(VenueParameters.Shipped(kind.Resource))!.AsObject();
        (shippedDay, shippedSource) = ((string)Figures["dated"]!, (string)Figures["source"]!);
        if (Figures["doubts"] is JsonArray said)
            doubts.AddRange(said.Select(text => (string)text!));
    }

    /// <summary>The figures, in our format.</summary>
    public JsonObject Figures { get; }

    /// <summary>What one answer says that another needs; it is in no file.</summary>
    internal Dictionary<string, double> Scratch { get; } = new(StringComparer.Ordinal);

    /// <summary>Day of the answers; null: none says it.</summary>
    public DateOnly? Dated { get; private set; }

    /// <summary>Whether any answer stated any part.</summary>
    internal bool SaysAny => stated.Count > 0;

    /// <summary>The answers are of this day; the latest of several counts.</summary>
    public void On(DateOnly day) => Dated = Dated > day ? Dated : day;

    /// <summary>An answer says when it was made.</summary>
    /// <param name="answer">The node.</param>
    /// <param name="key">Milliseconds since 1970, a number or a text; nothing where it is absent.</param>
    public void At(ParameterNode answer, string key)
    {
        if (!answer.Has(key))
            return;
        double most = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        var at = DateTimeOffset.FromUnixTimeMilliseconds((long)answer.Amount(key, 0, most));
        On(DateOnly.FromDateTime(at.UtcDateTime));
    }

    /// <summary>A part is as the venue stated it.</summary>
    /// <param name="part">In words.</param>
    /// <param name="path">
    /// Of the question, from who answered on (<c>/v5/market/risk-limit</c>), or whole where another host answers it.
    /// </param>
    public void Says(string part, string path)
    {
        kept.Remove(part);
        var row = (part, path.StartsWith("https://", StringComparison.Ordinal) ? path : host + path);
        if (!stated.Contains(row))
            stated.Add(row);
    }

    /// <summary>A part is as shipped unless an answer states it.</summary>
    /// <param name="part">In words.</param>
    public void Keeps(string part)
    {
        if (!stated.Any(row => row.Part == part))
            kept.Add(part);
    }

    /// <summary>What the source leaves unclear, in place of the shipped file's doubts that begin so.</summary>
    /// <param name="begins">Beginning of the doubts that no longer hold; null: none.</param>
    /// <param name="doubt">The doubt; null: none.</param>
    public void Doubt(string? begins, string? doubt)
    {
        if (begins is not null)
            doubts.RemoveAll(text => text.StartsWith(begins, StringComparison.Ordinal));
        if (doubt is not null && !doubts.Contains(doubt))
            doubts.Add(doubt);
    }

    /// <summary>The object of a key among the figures; a new one where there is none.</summary>
    public JsonObject Table(string key) => Row(Figures, key);

    /// <summary>The object of a key in another; a new one where there is none.</summary>
    public static JsonObject Row(JsonObject of, string key)
    {
        if (of[key] is JsonObject known)
            return known;
        var made = new JsonObject();
        of[key] = made;
        return made;
    }

    /// <summary>The file.</summary>
    internal string Text()
    {
        string day = Dated!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var parts = new JsonArray();
        foreach (var (part, source) in stated)
            parts.Add(Part(part, day, source));
        foreach (string part in kept)
            parts.Add(Part(part, shippedDay, shippedSource));
        Figures["dated"] = day;
        Figures["source"] = stated[0].Source;
        Figures["note"] =
            $"{kind.Title}, stated by the venue on {day}: {string.Join(", ", stated.Select(part => part.Part))}."
            + (kept.Count > 0 ? $" As shipped, {shippedDay}: {string.Join(", ", kept)}." : "");
        Figures["doubts"] = new JsonArray([.. doubts.Select(text => (JsonNode)text)]);
        Figures["parts"] = parts;
        return Figures.ToJsonString(Form);
    }

    static JsonObject Part(string part, string day, string source) =>
        new()
        {
            ["part"] = part,
            ["dated"] = day,
            ["source"] = source,
        };
}
