using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Text to a value by a description: syntax first, then every fault of its contents at once.</summary>
static class TomlDocument
{
    public static Parsed<Located<T>> Bind<T>(
        string text,
        string place,
        TomlTableKind kind,
        Func<BoundTable, TomlBinding, T> make
    )
        where T : class
    {
        var parsed = TomlText.Parse(place, text);
        if (!parsed.Succeeded)
            return Parsed<Located<T>>.Fail(parsed.Faults);
        if (parsed.Value.Entries.Count == 0)
            return Parsed<Located<T>>.Fail(new Fault(place, null, "", "no keys", kind.Expectation));
        var binding = new TomlBinding(place);
        if (!kind.TryBind(parsed.Value, "", binding, out var bound))
            return Parsed<Located<T>>.Fail(binding.Faults);
        var value = make(bound, binding);
        return binding.Faults.Length > 0
            ? Parsed<Located<T>>.Fail(binding.Faults)
            : Parsed<Located<T>>.Ok(new Located<T>(value, place, binding.Lines));
    }
}
