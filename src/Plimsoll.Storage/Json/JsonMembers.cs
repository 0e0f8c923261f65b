using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plimsoll.Storage;

/// <summary>What a number must be, beyond being finite.</summary>
/// <param name="least">Least value.</param>
/// <param name="most">Greatest value.</param>
/// <param name="expected">The same in words.</param>
[AttributeUsage(AttributeTargets.Parameter)]
sealed class MustBeAttribute(double least, double most, string expected) : Attribute
{
    /// <summary>Least value; itself excluded when it is 0 and <see cref="ZeroRefused"/>.</summary>
    public double Least { get; } = least;

    /// <summary>Greatest value.</summary>
    public double Most { get; } = most;

    /// <summary>The same in words.</summary>
    public string Expected { get; } = expected;

    /// <summary>Whether 0 itself is refused.</summary>
    public bool ZeroRefused { get; init; }
}

/// <summary>One member of a record that stands in a JSON file.</summary>
/// <param name="Name">In the file.</param>
/// <param name="Type">Type of the value, without <c>Nullable</c>.</param>
/// <param name="Optional">Whether it may be absent or null.</param>
/// <param name="Rule">What a number must be, or null.</param>
/// <param name="Meaning">For the schema.</param>
sealed record JsonMember(string Name, Type Type, bool Optional, MustBeAttribute? Rule, string Meaning);

/// <summary>How a record is made from a JSON object: its primary constructor, one member a parameter.</summary>
sealed class JsonMembers
{
    static readonly ConcurrentDictionary<Type, JsonMembers> Known = [];

    readonly ConstructorInvoker constructor;
    readonly Dictionary<string, int> indices;

    JsonMembers(Type type)
    {
        var primary = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance)
            .OrderByDescending(candidate => candidate.GetParameters().Length)
            .First();
        constructor = ConstructorInvoker.Create(primary);
        var nullability = new NullabilityInfoContext();
        All =
        [
            .. primary
                .GetParameters()
                .Select(parameter => new JsonMember(
                    parameter.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                        ?? type.GetProperty(parameter.Name!)?.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                        ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!),
                    Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType,
                    nullability.Create(parameter).WriteState == NullabilityState.Nullable,
                    parameter.GetCustomAttribute<MustBeAttribute>(),
                    parameter.GetCustomAttribute<DescriptionAttribute>()?.Description ?? ""
                )),
        ];
        indices = All.Select((member, i) => (member.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
    }

    /// <summary>In order of the constructor.</summary>
    public JsonMember[] All { get; }

    /// <summary>The members of a record type.</summary>
    public static JsonMembers Of(Type type) => Known.GetOrAdd(type, key => new(key));

    /// <summary>Place of a member by its name in the file, or −1.</summary>
    public int IndexOf(string name) => indices.GetValueOrDefault(name, -1);

    /// <summary>The record with these values.</summary>
    public object Make(object?[] values) => constructor.Invoke(values.AsSpan());
}
