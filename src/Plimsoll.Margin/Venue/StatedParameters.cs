using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>How a venue's own public answers become a parameter file in our format.</summary>
/// <remarks>
/// A text is one answer as it came, a list of them, or <c>{"dated": "yyyy-MM-dd", "from": "https://...", "answers":
/// [...]}</c>, which says the day where no answer does and, unless it was the venue itself, who answered. What no
/// answer states is as shipped, and the file that is made names each part with its day and address.
/// </remarks>
/// <param name="Resource">The shipped file.</param>
/// <param name="Title">What the figures are, for the note: <c>Hyperliquid margin tiers</c>.</param>
/// <param name="Host">Who answers at the venue itself.</param>
/// <param name="Answers">The answers that are understood, for faults.</param>
/// <param name="Lay">Lays one answer over the figures; false: it is none of those.</param>
public sealed record StatedParameters(
    string Resource,
    string Title,
    string Host,
    string Answers,
    Func<ParameterNode, ParameterDraft, bool> Lay
)
{
    const string Day = "dated";
    const string From = "from";
    const string List = "answers";

    /// <summary>The text in our format; null where it is none of the venue's answers.</summary>
    /// <param name="json">All of the file.</param>
    /// <param name="place">What to call it in faults.</param>
    public Parsed<string>? InOurFormat(string json, string place)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null; // the reader of our own format says where it is broken
        }
        using (document)
        {
            var faults = new List<Fault>();
            var root = new ParameterNode(document.RootElement, "", place, faults);
            if (root.Has("model"))
                return null;
            bool isWrapped = root.Has(List);
            var draft = new ParameterDraft(this, isWrapped && root.Has(From) ? root.Text(From) : Host);
            if (isWrapped && root.Has(Day))
                draft.On(root.Date(Day));
            var answers =
                isWrapped ? root.List(List)
                : root.IsList ? root.Rows()
                : [root];
            // A list may itself be one answer, as metaAndAssetCtxs is.
            bool isOne = !isWrapped && root.IsList && Lay(root, draft);
            bool isAny = isOne;
            foreach (var answer in isOne ? [] : answers)
                if (Lay(answer, draft))
                    isAny = true;
                else if (isWrapped)
                    answer.Fail("", $"an answer of {Answers}");
            if (!isAny && !isWrapped)
                return null;
            if (answers.IsEmpty)
                root.Fail(List, $"answers of {Answers}");
            else if (faults.Count == 0 && !draft.SaysAny)
                root.Fail(isWrapped ? List : "", $"figures of the model in {Answers}");
            if (draft.Dated is null)
                root.Fail(Day, "the day of the answers beside them: {\"dated\": \"yyyy-MM-dd\", \"answers\": [...]}");
            return faults.Count > 0 ? Parsed<string>.Fail(faults) : Parsed<string>.Ok(draft.Text());
        }
    }

    /// <summary>Answers as they came, of one day, in one text that <see cref="InOurFormat"/> reads.</summary>
    /// <param name="day">UTC.</param>
    /// <param name="from">Who answered.</param>
    /// <param name="answers">Each in JSON.</param>
    public static string Gather(DateOnly day, Uri from, IEnumerable<string> answers) =>
        FormattableString.Invariant($"{{\"{Day}\": \"{day:yyyy-MM-dd}\", \"{From}\": \"{from.OriginalString}\", ")
        + $"\"{List}\": ["
        + string.Join(",\n", answers)
        + "]}";
}
