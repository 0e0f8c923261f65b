using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>
/// Portfolio margin's figures as Deribit itself states them: <c>public/pme/get_params</c>, or <c>model_params</c> of an
/// answer of <c>private/pme/simulate</c>.
/// </summary>
/// <remarks>
/// Source: docs.deribit.com. Coins and currencies that the answer does not name, and the extended table's moves, which
/// no answer states, are the shipped ones. The date is the answer's.
/// </remarks>
static class DeribitStatedParameters
{
    const string Path = "/api/v2/public/pme/get_params";

    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            DeribitPortfolioParameters.Resource,
            "Deribit portfolio margin",
            "https://www.deribit.com",
            "public/pme/get_params or private/pme/simulate",
            Lay
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft)
    {
        if (Find(answer) is not { } stated)
            return false;
        var (coins, currencies) = (draft.Table("underlyings"), draft.Table("currencies"));
        foreach (string coin in coins.Select(row => row.Key).ToList())
            draft.Keeps($"grid of {coin}");
        foreach (string currency in currencies.Select(row => row.Key).ToList())
            draft.Keeps($"offsets of {currency}");
        draft.Keeps("moves of the extended table");
        var general = stated.Node("general");
        draft.At(general, "timestamp");
        Over(general, draft.Table("general"));
        foreach (var (pair, figures) in stated.Entries("currency_pair"))
        {
            string coin = pair.Split('_')[0].ToUpperInvariant();
            Over(figures, ParameterDraft.Row(coins, coin));
            draft.Says($"grid of {coin}", Path);
        }
        foreach (var (currency, figures) in stated.Entries("currency"))
        {
            string code = currency.ToUpperInvariant() is "USD" ? "USDC" : currency.ToUpperInvariant();
            Over(figures, ParameterDraft.Row(currencies, code));
            draft.Says($"offsets of {code}", Path);
            // Stated by currency; one that shares its direction makes all pairs move alike, the safe side.
            if (figures.IsSet("correlation_set"))
                draft.Table("general")["correlation_set"] = true;
        }
        return true;
    }

    static ParameterNode? Find(ParameterNode at) =>
        at.HasNode("currency_pair") && at.HasNode("general") ? at
        : at.HasNode("model_params") && Find(at.Node("model_params")) is { } found ? found
        : at.HasNode("result") ? Find(at.Node("result"))
        : null;

    static void Over(ParameterNode stated, JsonObject figures)
    {
        foreach (var (name, value) in stated.Members())
            figures[name] = value.Json();
    }
}
