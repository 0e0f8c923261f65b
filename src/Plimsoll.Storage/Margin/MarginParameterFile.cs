using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Reads a file of a venue's margin figures: in the form of data/venues or in the venue's own words.</summary>
public static class MarginParameterFile
{
    /// <summary>Largest file that is read: sixteen mebibytes; a venue's list of all brackets has one or two.</summary>
    public const long LargestBytes = 1 << 24;

    /// <summary>The file, once the model takes it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="entry">The model whose figures it must be.</param>
    /// <param name="name">How it was named; null: its file name.</param>
    public static Parsed<MarginFile> Read(string path, VenueMarginEntry entry, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = InputText.Read(path, LargestBytes);
        if (!text.Succeeded)
            return Parsed<MarginFile>.Fail(text.Faults);
        var model = entry.Read(text.Value.Text, text.Value.Place);
        return model.Succeeded
            ? Parsed<MarginFile>.Ok(new MarginFile(name ?? text.Value.Place, text.Value.Text))
            : Parsed<MarginFile>.Fail(model.Faults);
    }
}
