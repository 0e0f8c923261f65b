using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using static Plimsoll.Storage.AssumptionKeys;
using static Plimsoll.Storage.LimitKeys;
using static Plimsoll.Storage.MandateKeys;
using static Plimsoll.Storage.SurvivalKeys;

namespace Plimsoll.Storage;

/// <summary>Views read from a file of their own.</summary>
public sealed record ViewList(ImmutableArray<View> Views);

/// <summary>
/// Reads a mandate: strict TOML, every fault at once with file, line, key path, value and expectation.
/// </summary>
/// <remarks>Keys, ranges and defaults are in docs/mandate.md, which derives from the same description.</remarks>
public static class MandateFile
{
    /// <summary>Reads a mandate file.</summary>
    public static Parsed<Mandate> Read(string path) => Value(ReadLocated(path));

    /// <summary>Reads mandate text; <paramref name="place"/> stands in the faults.</summary>
    public static Parsed<Mandate> Parse(string text, string place) => Value(ParseLocated(text, place));

    /// <summary>Reads a mandate file and keeps the line of each key.</summary>
    public static Parsed<Located<Mandate>> ReadLocated(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded
            ? TomlDocument.Bind(text.Value.Text, text.Value.Place, Root, (root, b) => Make(root, b, FolderOf(path)))
            : Parsed<Located<Mandate>>.Fail(text.Faults);
    }

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>Reads mandate text and keeps the line of each key.</summary>
    public static Parsed<Located<Mandate>> ParseLocated(string text, string place) =>
        TomlDocument.Bind(text, place, Root, (root, binding) => Make(root, binding, null));

    /// <summary>Reads a file of <c>[[views]]</c> alone and keeps the line of each key.</summary>
    public static Parsed<Located<ViewList>> ReadViews(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded
            ? ParseViews(text.Value.Text, text.Value.Place)
            : Parsed<Located<ViewList>>.Fail(text.Faults);
    }

    /// <summary>Reads text of <c>[[views]]</c> alone and keeps the line of each key.</summary>
    public static Parsed<Located<ViewList>> ParseViews(string text, string place) =>
        TomlDocument.Bind(text, place, ViewsRoot, (table, binding) => new ViewList(MakeViews(table, binding)));

    /// <summary>Reads what a mandate file says of sizing methods.</summary>
    public static Parsed<Located<MethodChoice>> ReadMethods(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded
            ? ParseMethods(text.Value.Text, text.Value.Place)
            : Parsed<Located<MethodChoice>>.Fail(text.Faults);
    }

    /// <summary>Reads what mandate text says of sizing methods.</summary>
    public static Parsed<Located<MethodChoice>> ParseMethods(string text, string place) =>
        TomlDocument.Bind(text, place, Root, (root, _) => MethodKeys.Make(root));

    static Parsed<Mandate> Value(Parsed<Located<Mandate>> located) => located.Select(found => found.Value);

    static Mandate Make(BoundTable root, TomlBinding binding, string? folder) =>
        new()
        {
            Dependence = root.Get(AheadKeys.Dependence),
            Events = [.. AheadKeys.MakeEvents(root), .. MandateCompanions.Calendar(root, binding, folder)],
            ExpiryAhead = root.Find(AheadKeys.ExpiryAhead) is { } ahead
                ? new ExpiryAhead(ahead.Get(AheadKeys.ExpiryBefore).Years!.Value, ahead.Get(AheadKeys.ExpiryKeep))
                : null,
            Objective = root.Number(Objective),
            KellyFraction = root.Get(MandateKeys.KellyFraction),
            Horizon = root.Get(Horizon).Years!.Value,
            HomeCurrency = root.Number(HomeCurrency),
            Holding = root.Get(Holding).Years,
            HistoricalPremium = root.Get(HistoricalPremium),
            Carry = root.Get(Carry),
            TailModel = root.Get(TailModel),
            AllowBoughtOptions = root.Get(AllowBoughtOptions),
            Candidates = root.Number(Candidates) ?? [],
            TradableCollateral = root.Number(TradableCollateral) ?? [],
            Survival = MakeSurvival(root.Find(Survival), binding, folder),
            Limits = MakeLimits(root.Find(Limits)),
            Assumptions = root.Find(AssumptionKeys.Assumptions) is { } assumed
                ? new Assumptions(
                    assumed.Find(AssumedDepth),
                    assumed.Number(AssumedFunding),
                    assumed.Number(AssumedSpread),
                    assumed.Find(AssumedVolume),
                    assumed.Find(AssumedDeleveraging) is { } deleveraging
                        ? new DeleveragingStress(
                            deleveraging.Get(DeleveragingVenue),
                            deleveraging.Get(DeleveragingMove),
                            deleveraging.Number(DeleveragingShare) ?? 1
                        )
                        : null,
                    assumed.Find(AssumedDeleveraging)?.Get(DeleveragingLimits) ?? DeleveragedLimits.Liquidation,
                    assumed.Number(AssumedBorrow)
                )
                : new Assumptions(),
            Throttles = MakeThrottles(root.Number(Throttles) ?? [], binding),
            Groups = MakeGroups(root.Number(Groups) ?? [], binding),
            Views = MakeViews(root, binding),
        };

    static SurvivalLimits MakeSurvival(BoundTable? survival, TomlBinding binding, string? folder) =>
        survival is null
            ? new SurvivalLimits()
            : new SurvivalLimits
            {
                Drawdown = survival.Find(Drawdown) is { } drawdown
                    ? new DrawdownLimit(
                        drawdown.Get(SurvivalKeys.DrawdownLimit),
                        drawdown.Get(DrawdownProbability),
                        drawdown.Get(DrawdownWithin).Years
                    )
                    : null,
                WorstCase = survival.Find(WorstCase) is { } worst ? MakeWorstCase(worst) : null,
                Stress = survival.Find(AheadKeys.Stress) is { } stress
                    ? MandateCompanions.Stress(stress, binding, folder)
                    : null,
                ExpectedShortfall = survival.Find(ExpectedShortfall) is { } shortfall
                    ? new ExpectedShortfallLimit(shortfall.Get(ShortfallLevel), shortfall.Get(ShortfallShare))
                    : null,
                PathLoss = survival.Find(PathLoss) is { } path
                    ? new PathLossLimit(path.Get(PathLossShare), path.Get(PathLossProbability))
                    : null,
                Liquidation = survival.Find(Liquidation) is { } liquidation
                    ? new LiquidationLimit(
                        liquidation.Get(LiquidationProbability),
                        liquidation.Number(MinimumDistance),
                        liquidation.Get(OnTheWay)
                    )
                    : null,
            };

    static WorstCaseLimit MakeWorstCase(BoundTable worst)
    {
        var range = worst.Get(TailRange);
        return new WorstCaseLimit(worst.Get(WorstCaseShare), range.Low, range.High, range.Unbounded);
    }

    static MandateLimits MakeLimits(BoundTable? limits) =>
        limits is null
            ? new MandateLimits()
            : new MandateLimits
            {
                RiskUnitWorstCase = limits.Number(RiskUnitWorstCase),
                UnderlyingWorstCase = limits.Number(UnderlyingWorstCase),
                ContractStandaloneWorstCase = limits.Number(ContractWorstCase),
                InitialMargin = limits.Number(InitialMargin),
                Greeks = limits.Find(Greeks) is { } greeks
                    ? new GreekLimits(
                        greeks.Number(Delta),
                        greeks.Number(Gamma1Pct),
                        greeks.Number(Vega1Pt),
                        greeks.Number(Theta1D)
                    )
                    : null,
                Liquidity = limits.Find(Liquidity) is { } liquidity
                    ? new LiquidityLimits(
                        liquidity.Number(DailyVolume),
                        liquidity.Number(BookDepth),
                        liquidity.Number(ExitDays)
                    )
                    : null,
            };

    static ImmutableArray<Throttle> MakeThrottles(ImmutableArray<BoundTable> tables, TomlBinding binding)
    {
        var throttles = ImmutableArray.CreateBuilder<Throttle>();
        foreach (var table in tables)
        {
            var throttle = new Throttle(table.Get(ThrottleDrawdown), table.Get(ThrottleKeep));
            if (throttles.Count > 0 && throttle.Drawdown <= throttles[^1].Drawdown)
                binding.Refuse(
                    table.Source.Find("drawdown")!,
                    $"{table.Path}.drawdown",
                    "throttles in order of drawdown, each above the one before"
                );
            else if (throttles.Count > 0 && throttle.Keep > throttles[^1].Keep)
                binding.Refuse(
                    table.Source.Find("keep")!,
                    $"{table.Path}.keep",
                    "no more than the throttle before keeps"
                );
            throttles.Add(throttle);
        }
        return throttles.ToImmutable();
    }

    static ImmutableArray<RiskUnit> MakeGroups(ImmutableArray<BoundTable> tables, TomlBinding binding)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in tables)
            if (!seen.Add(table.Get(GroupName)))
                binding.Refuse(table.Source.Find("name")!, $"{table.Path}.name", "each group's name once");
        return [.. tables.Select(table => new RiskUnit(table.Get(GroupName), table.Get(GroupMembers)))];
    }

    static ImmutableArray<View> MakeViews(BoundTable root, TomlBinding binding) =>
        [.. (root.Number(MandateKeys.Views) ?? []).Select(view => ViewKeys.Make(view, binding)).OfType<View>()];
}
