using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Storage;

/// <summary>JSON schema of a file, derived from the records that it is bound to.</summary>
static class JsonSchema
{
    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Text of the schema of a record type.</summary>
    public static string Of(Type type, string id, string title)
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = id,
            ["title"] = title,
        };
        foreach (var (name, node) in Node(type, null).AsObject().ToList())
            root[name] = node?.DeepClone();
        return root.ToJsonString(Indented) + "\n";
    }

    /// <summary>The same as tables for people: one for the record and for each record that it holds.</summary>
    public static string Tables(Type type)
    {
        var text = new StringBuilder();
        AddTable(text, type, "The file");
        return text.ToString();
    }

    static void AddTable(StringBuilder text, Type type, string title)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{title}:\n\n| member | value | meaning |\n| --- | --- | --- |\n");
        var inner = new List<(string Name, Type Type)>();
        foreach (var member in JsonMembers.Of(type).All)
        {
            bool list = member.Type.IsGenericType;
            var item = list ? member.Type.GetGenericArguments()[0] : member.Type;
            string value = list ? "list" : Word(item, member.Rule);
            string optional = member.Optional ? ", may be absent" : "";
            text.Append(CultureInfo.InvariantCulture, $"| `{member.Name}` | {value}{optional} | {member.Meaning} |\n");
            if (list)
                inner.Add((member.Name, item));
        }
        foreach (var (name, item) in inner)
            AddTable(text, item, $"Each of `{name}`");
    }

    static string Word(Type type, MustBeAttribute? rule) =>
        type == typeof(string) ? "text"
        : type == typeof(DateTimeOffset) ? "time"
        : type.IsEnum ? string.Join(", ", Words(type).Select(word => $"`{word}`"))
        : rule?.Expected ?? "number";

    static IEnumerable<string> Words(Type type) =>
        Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    static JsonNode Node(Type type, MustBeAttribute? rule)
    {
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(decimal) || type == typeof(double))
            return Number(rule);
        if (type == typeof(DateTimeOffset))
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. Words(type).Select(word => (JsonNode)word)]) };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return new JsonObject { ["type"] = "array", ["items"] = Node(type.GetGenericArguments()[0], null) };
        return Record(type);
    }

    static JsonObject Number(MustBeAttribute? rule)
    {
        var node = new JsonObject { ["type"] = "number" };
        if (rule is null)
            return node;
        if (double.IsFinite(rule.Least))
            node[rule.ZeroRefused && rule.Least == 0 ? "exclusiveMinimum" : "minimum"] = rule.Least;
        if (double.IsFinite(rule.Most))
            node["maximum"] = rule.Most;
        return node;
    }

    static JsonObject Record(Type type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in JsonMembers.Of(type).All)
        {
            var node = Node(member.Type, member.Rule);
            if (member.Optional)
                node = new JsonObject { ["anyOf"] = new JsonArray(node, new JsonObject { ["type"] = "null" }) };
            node["description"] = member.Meaning;
            properties[member.Name] = node;
            if (!member.Optional)
                required.Add(member.Name);
        }
        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
    }
}
