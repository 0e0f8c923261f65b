namespace Plimsoll.Storage;

/// <summary>Forms that keys of several tables share.</summary>
static class KeyForms
{
    /// <summary>What an absent limit means.</summary>
    public const string NoLimit = "no such limit";

    /// <summary>A required share strictly between 0 and 1.</summary>
    public static TomlKey<double> Share(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.Between(0, 100), example), meaning, required: true);

    /// <summary>A required share above 0, up to the whole.</summary>
    public static TomlKey<double> Part(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, 100), example), meaning, required: true);

    /// <summary>A share above 0, up to the whole; absent: no limit.</summary>
    public static TomlKey<double> Limit(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, 100), example), meaning, absent: NoLimit);
}
