using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Saved answers in which a venue itself states margin.</summary>
/// <remarks>
/// Deribit's <c>private/simulate_portfolio</c>, <c>private/get_account_summary</c> and <c>get_account_summaries</c>
/// (<c>currency</c>, <c>initial_margin</c>, <c>maintenance_margin</c> in that currency), with or without the frame of
/// JSON-RPC; OKX's position builder (<c>totalImr</c>, <c>totalMmr</c> in USD, texts). Deribit's
/// <c>private/pme/simulate</c> has <c>margins</c> by currency (recorded 2024-06-17 and 2026-02-15); of its initial
/// margin what open orders and market-maker protection reserve is taken off, since the model knows positions alone.
/// </remarks>
public static class MarginAnswers
{
    /// <summary>Reads one answer.</summary>
    /// <param name="path">A JSON file.</param>
    public static Parsed<ImmutableList<StatedMargin>> Read(string path) =>
        Parse(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads one answer from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">File name, for faults.</param>
    public static Parsed<ImmutableList<StatedMargin>> Parse(string json, string place)
    {
        var binding = new JsonBinding(place, strict: false);
        using var document = binding.Parse(json);
        if (document is null)
            return Parsed<ImmutableList<StatedMargin>>.Fail(binding.Faults);
        return Read(document.RootElement, binding);
    }

    /// <summary>Reads one answer that came over a connection.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="place">The method, for faults.</param>
    public static Parsed<ImmutableList<StatedMargin>> Read(JsonElement answer, string place) =>
        Read(answer, new JsonBinding(place, strict: false));

    static Parsed<ImmutableList<StatedMargin>> Read(JsonElement answer, JsonBinding binding)
    {
        var found = ImmutableList.CreateBuilder<StatedMargin>();
        Look(answer, "", found, binding);
        if (found.Count == 0 && binding.Faults.Count == 0)
            binding.Add(
                "",
                "no margin",
                "an answer of Deribit's simulate_portfolio, pme/simulate or get_account_summary, or of OKX's "
                    + "position-builder"
            );
        return binding.Faults.Count > 0
            ? Parsed<ImmutableList<StatedMargin>>.Fail(binding.Faults)
            : Parsed<ImmutableList<StatedMargin>>.Ok(found.ToImmutable());
    }

    static void Look(JsonElement element, string path, ImmutableList<StatedMargin>.Builder found, JsonBinding binding)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            int i = 0;
            foreach (var item in element.EnumerateArray())
                Look(item, FormattableString.Invariant($"{path}[{i++}]"), found, binding);
        }
        if (element.ValueKind != JsonValueKind.Object)
            return;
        string prefix = path.Length == 0 ? "" : path + ".";
        if (element.TryGetProperty("totalImr", out var initial) && element.TryGetProperty("totalMmr", out var keep))
        {
            Add("okx", Currency.Usd, (initial, prefix + "totalImr"), (keep, prefix + "totalMmr"));
            return;
        }
        if (
            element.TryGetProperty("initial_margin", out initial)
            && element.TryGetProperty("maintenance_margin", out keep)
            && element.TryGetProperty("currency", out var currency)
            && currency.ValueKind == JsonValueKind.String
        )
        {
            Add(
                "deribit",
                new Currency(currency.GetString()!.ToUpperInvariant()),
                (initial, prefix + "initial_margin"),
                (keep, prefix + "maintenance_margin")
            );
            return;
        }
        if (element.TryGetProperty("margins", out var margins) && margins.ValueKind == JsonValueKind.Object)
        {
            foreach (var of in margins.EnumerateObject())
                Matrix(of, prefix + "margins." + of.Name, found, binding);
            return;
        }
        foreach (var member in element.EnumerateObject())
            Look(member.Value, prefix + member.Name, found, binding);

        void Add(
            string venue,
            Currency unit,
            (JsonElement Value, string Path) first,
            (JsonElement Value, string Path) second
        )
        {
            if (
                Amount(first.Value, first.Path, binding) is { } opens
                && Amount(second.Value, second.Path, binding) is { } keeps
            )
                found.Add(new StatedMargin(venue, unit, opens, keeps));
        }
    }

    /// <summary>Margin of one currency in an answer of <c>pme/simulate</c>.</summary>
    static void Matrix(JsonProperty of, string path, ImmutableList<StatedMargin>.Builder found, JsonBinding binding)
    {
        JsonElement Member(JsonElement parent, string name) =>
            parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;
        double? Of(JsonElement parent, string name) => Amount(Member(parent, name), $"{path}.{name}", binding);
        double? initial = Of(of.Value, "initial_margin"),
            maintenance = Of(of.Value, "maintenance_margin");
        foreach (string other in (string[])["open_orders_margin", "mmp_margin"])
            if (
                Member(Member(of.Value, "initial_margin_details"), other) is
                { ValueKind: JsonValueKind.Number } reserved
            )
                initial -= reserved.GetDouble();
        if (initial is { } opens && maintenance is { } keeps)
            found.Add(new StatedMargin("deribit", new Currency(of.Name.ToUpperInvariant()), Math.Max(0, opens), keeps));
    }

    static double? Amount(JsonElement element, string path, JsonBinding binding)
    {
        if (element.ValueKind == JsonValueKind.Number && element.GetDouble() is >= 0 and var number)
            return number;
        if (
            element.ValueKind == JsonValueKind.String
            && double.TryParse(element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double text)
            && text >= 0
        )
            return text;
        string written = element.ValueKind == JsonValueKind.Undefined ? "nothing" : element.GetRawText();
        binding.Add(path, written, "an amount that is not negative");
        return null;
    }
}
