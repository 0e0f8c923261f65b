using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>Files that a mandate names: they stand beside it, and their faults are reported with its own.</summary>
static class MandateCompanions
{
    const string What = "a mandate";

    /// <summary>Events of the calendar that the mandate names; none without one.</summary>
    public static IEnumerable<MarketEvent> Calendar(BoundTable root, TomlBinding binding, string? folder)
    {
        if (CompanionFile.PathOf(root, AheadKeys.Calendar, binding, folder, What) is not { } path)
            return [];
        var text = InputText.Read(path);
        if (!text.Succeeded)
        {
            binding.Add(text.Faults);
            return [];
        }
        var read = TomlDocument.Bind(
            text.Value.Text,
            text.Value.Place,
            AheadKeys.CalendarRoot,
            (calendar, _) => new EventList([.. AheadKeys.MakeEvents(calendar)])
        );
        binding.Add(read.Faults);
        return read.Succeeded ? read.Value.Value.Events : [];
    }

    /// <summary>The named-stress limit with the cases of its file.</summary>
    public static NamedStressLimit Stress(BoundTable stress, TomlBinding binding, string? folder)
    {
        ImmutableArray<Risk.StressCase> cases = [];
        if (CompanionFile.PathOf(stress, AheadKeys.StressFileName, binding, folder, What) is { } path)
        {
            var read = StressFile.Read(path);
            binding.Add(read.Faults);
            if (read.Succeeded)
                cases = read.Value.Cases;
        }
        var days = stress.Number(AheadKeys.StressDays) ?? [];
        if (days.IsEmpty && stress.Find(AheadKeys.StressFileName) is null)
            binding.Refuse(stress.Source, stress.Path, "file or days: what may lose so much");
        return new NamedStressLimit(stress.Get(AheadKeys.StressShare), days, cases);
    }

    sealed record EventList(ImmutableArray<MarketEvent> Events);
}
