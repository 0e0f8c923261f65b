using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using static Plimsoll.Storage.AccountKeys;

namespace Plimsoll.Storage;

/// <summary>Which rule margins an account and with which figures, as its file says.</summary>
/// <param name="Model">Key of the model; null: the venue's own for the mode.</param>
/// <param name="Parameters">Its figures; null: the shipped ones.</param>
sealed record MarginKeys(string? Model, MarginFile? Parameters)
{
    /// <summary>Reads <c>margin-model</c> and <c>margin-parameters</c> of a table that may have them.</summary>
    /// <param name="table">Has <c>margin-mode</c> too.</param>
    /// <param name="venue">The venue's key.</param>
    /// <param name="binding">Takes the faults, of the other file too.</param>
    /// <param name="folder">Folder of the file that is read; null: it is no file.</param>
    /// <param name="what">What is read, for a fault: <c>an account</c>.</param>
    public static MarginKeys Read(BoundTable table, string venue, TomlBinding binding, string? folder, string what)
    {
        var mode = table.Get(Mode);
        string? model = table.Find(AccountKeys.Model);
        if (model is not null && VenueMargins.Problem(model, venue, mode) is { } expectation)
        {
            Refuse(table, AccountKeys.Model, binding, expectation);
            return new MarginKeys(model, null);
        }
        if (CompanionFile.PathOf(table, AccountKeys.Parameters, binding, folder, what) is not { } path)
            return new MarginKeys(model, null);
        if (VenueMargins.For(venue, mode, model) is not { } entry)
        {
            string known = string.Join(", ", VenueMargins.All.Select(each => each.Venue).Distinct());
            Refuse(table, AccountKeys.Parameters, binding, $"a venue with a margin model beside it: {known}");
            return new MarginKeys(model, null);
        }
        var read = MarginParameterFile.Read(path, entry, table.Find(AccountKeys.Parameters));
        binding.Add(read.Faults);
        return new MarginKeys(model, read.Succeeded ? read.Value : null);
    }

    /// <summary>One model has one set of figures in an account.</summary>
    public static void RefuseTwo(Account account, ImmutableArray<BoundTable> tables, TomlBinding binding)
    {
        var seen = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (int i = 0; i < tables.Length; i++)
            if (VenueMargins.EntryOf(account.Subaccounts[i]) is { } entry)
            {
                string? text = account.Subaccounts[i].MarginParameters?.Text;
                if (seen.TryAdd(entry.Key, text) || seen[entry.Key] == text)
                    continue;
                if (tables[i].Source.Find(AccountKeys.Parameters.Name) is { } written)
                    binding.Refuse(
                        written,
                        TomlBinding.Join(tables[i].Path, AccountKeys.Parameters.Name),
                        $"the same figures of {entry.Key} in every subaccount"
                    );
                else
                    binding.Miss(
                        tables[i].Source,
                        TomlBinding.Join(tables[i].Path, AccountKeys.Parameters.Name),
                        $"the same figures of {entry.Key} in every subaccount"
                    );
            }
    }

    static void Refuse(BoundTable table, TomlKey<string> key, TomlBinding binding, string expected) =>
        binding.Refuse(table.Source.Find(key.Name)!, TomlBinding.Join(table.Path, key.Name), expected);
}
