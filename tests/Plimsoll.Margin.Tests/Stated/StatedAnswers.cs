using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>A venue's answers read as its model's figures.</summary>
static class StatedAnswers
{
    /// <summary>Answers of one day beside it.</summary>
    public static string Dated(params string[] answers) =>
        $$"""{"dated": "2026-11-27", "answers": [{{string.Join(',', answers)}}]}""";

    /// <summary>The model by a text.</summary>
    public static Parsed<IVenueMargin> Read(string key, string text) =>
        VenueMargins.Find(key)!.Read(text, "answers.json");

    /// <summary>The one fault of a text, as a person reads it.</summary>
    public static string Fault(string key, string text) => Assert.Single(Read(key, text).Faults).ToString();

    /// <summary>The file in our format that a text makes.</summary>
    public static JsonObject Ours(string key, string text) =>
        JsonNode.Parse(VenueMargins.Find(key)!.Stated!.InOurFormat(text, "answers.json")!.Value)!.AsObject();

    /// <summary>The file that ships.</summary>
    public static JsonObject Shipped(string key) =>
        JsonNode.Parse(VenueParameters.Shipped(VenueMargins.Find(key)!.Resource))!.AsObject();

    /// <summary>Parts of a model with the day of each.</summary>
    public static string[] Parts(IVenueMargin model) =>
        [.. model.Note.Parts.Select(part => FormattableString.Invariant($"{part.Dated:yyyy-MM-dd} {part.Part}"))];

    /// <summary>One position and a hundred million of its settlement currency, at a mark that is its index too.</summary>
    public static MarginPortfolio Held(Instrument instrument, double contracts, double mark) =>
        new()
        {
            Name = "main",
            IsCross = true,
            Positions = [new MarginPosition(instrument, contracts)],
            Balances = [new CollateralBalance(instrument.Settlement, 100e6)],
            Market = new MarginMarket
            {
                AsOf = DateTimeOffset.UnixEpoch,
                IndexUsd = ImmutableDictionary<string, double>
                    .Empty.Add(instrument.Underlying, mark)
                    .Add("USDT", 1)
                    .Add("USDC", 1),
                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(
                    instrument.Name,
                    new MarginQuote(mark, mark)
                ),
            },
        };
}
