using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>One thing that a person wrote wrong: where it stands, what was found, what was expected.</summary>
/// <param name="Place">File name, or the option of the command line that it came from.</param>
/// <param name="Line">1-based line in the file; null where the input has no lines.</param>
/// <param name="Path">
/// Key path of the field, such as <c>limits.greeks.vega-1pt</c>; empty for the file as a whole.
/// </param>
/// <param name="Found">The value found, as written.</param>
/// <param name="Expected">What would have been accepted, in words.</param>
public sealed record Fault(string Place, int? Line, string Path, string Found, string Expected)
{
    /// <summary>
    /// One line for people: <c>mandate.toml: line 12: survival.drawdown.limit = "0.2": expected ...</c>
    /// </summary>
    public override string ToString()
    {
        string line = Line is { } number ? FormattableString.Invariant($"line {number}: ") : "";
        string field =
            Path.Length == 0 ? Found
            : Found.Length == 0 ? Path
            : $"{Path} = {Found}";
        return $"{Place}: {line}{field}: expected {Expected}";
    }
}

/// <summary>Either a value or every fault of the input; never both, never neither.</summary>
public sealed class Parsed<T>
    where T : class
{
    readonly T? value;

    Parsed(T? value, ImmutableArray<Fault> faults) => (this.value, Faults) = (value, faults);

    /// <summary>All faults at once; empty when the input was good.</summary>
    public ImmutableArray<Fault> Faults { get; }

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded => value is not null;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">The input had faults.</exception>
    public T Value =>
        value ?? throw new InvalidOperationException("the input had faults: " + string.Join("; ", Faults));

    /// <summary>What is made of a good value, or the same faults.</summary>
    public Parsed<TOther> Select<TOther>(Func<T, TOther> make)
        where TOther : class
    {
        ArgumentNullException.ThrowIfNull(make);
        return value is null ? Parsed<TOther>.Fail(Faults) : Parsed<TOther>.Ok(make(value));
    }

    /// <summary>A good input.</summary>
    public static Parsed<T> Ok(T value) => new(value, []);

    /// <summary>A bad input with at least one fault.</summary>
    public static Parsed<T> Fail(params IEnumerable<Fault> faults) => new(null, [.. faults]);
}
