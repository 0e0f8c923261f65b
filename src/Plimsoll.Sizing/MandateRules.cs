using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Rules of a mandate that need the market or the account; all faults at once, by key path.</summary>
public static class MandateRules
{
    /// <summary>Place that faults name; the reader of the file replaces it and adds the line.</summary>
    public const string Place = "mandate";

    /// <summary>Every fault.</summary>
    /// <param name="input">Market, account, mandate.</param>
    public static IEnumerable<Fault> Check(SizingInput input)
    {
        var (market, mandate, home) = (input.Market, input.Mandate, input.Home);
        var coins = market.Underlyings.Select(coin => coin.Underlying).ToHashSet(StringComparer.Ordinal);
        string known = string.Join(", ", coins.Order(StringComparer.Ordinal));
        if (mandate.HomeCurrency is { } stated && input.Account.HomeCurrency is { } own && stated != own)
            yield return Fault(
                "home-currency",
                stated.Code,
                $"{own.Code}, in which the account counts its wealth and its high-water mark, or no home-currency here"
            );
        if (!home.IsDollar && !coins.Contains(home.Code))
            yield return Fault("home-currency", home.Code, $"USD or a coin of the market: {known}");
        if (mandate.Survival.Drawdown is { Within: null } && mandate.Views.IsEmpty)
            yield return Fault(
                "survival.drawdown.within",
                "ever",
                "a time such as \"30d\": without a view and its edge only cash never falls below a floor for ever"
            );
        if (mandate.Survival.LooksAtPaths && input.KeptScenarios < input.Scenarios)
            yield return Fault(
                mandate.Survival.PathLoss is null ? "survival.liquidation.on-the-way" : "survival.path-loss",
                FormattableString.Invariant($"with scenarios reduced to {input.KeptScenarios}"),
                "no reduction: what is left of many scenarios has no path on the way"
            );
        string[] days = [.. StressDefinition.Default.Days.Select(day => day.Label)];
        for (int i = 0; i < (mandate.Survival.Stress?.Days.Length ?? 0); i++)
            if (!days.Contains(mandate.Survival.Stress!.Days[i]))
                yield return Fault(
                    $"survival.stress.days[{i}]",
                    mandate.Survival.Stress.Days[i],
                    $"a recorded day: {string.Join(", ", days)}"
                );
        for (int i = 0; i < mandate.Candidates.Length; i++)
            if (!market.Quotes.Any(quote => NamePattern.Matches(mandate.Candidates[i], quote.Instrument.Name)))
                yield return Fault(
                    $"candidates[{i}]",
                    mandate.Candidates[i],
                    "a name or pattern of a listed instrument"
                );
        for (int i = 0; i < mandate.TradableCollateral.Length; i++)
            if (!coins.Contains(mandate.TradableCollateral[i]))
                yield return Fault($"tradable-collateral[{i}]", mandate.TradableCollateral[i], $"one of {known}");
        for (int i = 0; i < mandate.Groups.Length; i++)
        for (int j = 0; j < mandate.Groups[i].Members.Length; j++)
            if (!market.Quotes.Any(quote => NamePattern.Matches(mandate.Groups[i].Members[j], quote.Instrument.Name)))
                yield return Fault(
                    $"group[{i}].members[{j}]",
                    mandate.Groups[i].Members[j],
                    "a name or pattern of a listed instrument"
                );
        for (int i = 0; i < mandate.Views.Length; i++)
            foreach (var fault in CheckView(mandate.Views[i], $"views[{i}]", market, known))
                yield return fault;
    }

    static IEnumerable<Fault> CheckView(View view, string path, MarketSnapshot market, string known)
    {
        var coin = market.Find(view.Underlying);
        if (coin is null)
            yield return Fault($"{path}.underlying", view.Underlying, $"a coin of the market: {known}");
        if (view is RelativeView relative)
        {
            if (market.Find(relative.Against) is null)
                yield return Fault($"{path}.against", relative.Against, $"a coin of the market: {known}");
            if (relative.Against == relative.Underlying)
                yield return Fault($"{path}.against", relative.Against, "another coin than underlying");
        }
        if (view is not LevelView level)
            yield break;
        string date = level.Touch ? "touch" : "at";
        if (level.At <= market.AsOf)
            yield return Fault(
                $"{path}.{date}",
                FormattableString.Invariant($"{level.At:yyyy-MM-dd}"),
                FormattableString.Invariant($"a day after the market's {market.AsOf:yyyy-MM-dd HH:mm} UTC")
            );
        if (level.Touch && coin is not null && level.Above == level.LevelUsd <= coin.IndexUsd)
            yield return Fault(
                $"{path}.{(level.Above ? "above" : "below")}",
                FormattableString.Invariant($"{level.LevelUsd:0.########}"),
                FormattableString.Invariant(
                    $"a level that {view.Underlying} at {coin.IndexUsd:0.##} has not reached yet"
                )
            );
    }

    static Fault Fault(string path, string found, string expected) => new(Place, null, path, found, expected);
}
