using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>
/// Packs JSON as MessagePack, members in the order in which they stand and numbers in the shortest form.
/// </summary>
/// <remarks>Only what actions are made of: maps, lists, texts, whole numbers from 0, truth values, null.</remarks>
static class MessagePack
{
    public static byte[] Pack(JsonNode? node)
    {
        var bytes = new List<byte>();
        Write(node, bytes);
        return [.. bytes];
    }

    static void Write(JsonNode? node, List<byte> to)
    {
        switch (node)
        {
            case null:
                to.Add(0xc0);
                break;
            case JsonObject members:
                Head(to, members.Count, 0x80, 15, 0xde, null);
                foreach (var (name, value) in members)
                {
                    Text(name, to);
                    Write(value, to);
                }
                break;
            case JsonArray items:
                Head(to, items.Count, 0x90, 15, 0xdc, null);
                foreach (var item in items)
                    Write(item, to);
                break;
            default:
                Value(node.GetValue<JsonElement>(), to);
                break;
        }
    }

    static void Value(JsonElement value, List<byte> to)
    {
        if (value.ValueKind == JsonValueKind.String)
            Text(value.GetString()!, to);
        else if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            to.Add((byte)(value.ValueKind == JsonValueKind.True ? 0xc3 : 0xc2));
        else if (value.TryGetUInt64(out ulong number))
            Number(number, to);
        else
            throw new ArgumentException($"{value.ValueKind} has no form here");
    }

    static void Number(ulong number, List<byte> to)
    {
        int size =
            number < 0x80 ? 0
            : number <= byte.MaxValue ? 1
            : number <= ushort.MaxValue ? 2
            : number <= uint.MaxValue ? 4
            : 8;
        if (size == 0)
        {
            to.Add((byte)number);
            return;
        }
        to.Add((byte)(0xcc + int.Log2(size)));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        to.AddRange(bytes[(8 - size)..]);
    }

    static void Text(string text, List<byte> to)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Head(to, bytes.Length, 0xa0, 31, 0xda, 0xd9);
        to.AddRange(bytes);
    }

    static void Head(List<byte> to, int count, byte small, int most, byte large, byte? medium)
    {
        if (count <= most)
            to.Add((byte)(small + count));
        else if (medium is { } one && count <= byte.MaxValue)
            to.AddRange([one, (byte)count]);
        else if (count <= ushort.MaxValue)
            to.AddRange([large, (byte)(count >> 8), (byte)count]);
        else
            throw new ArgumentException("too long for an action");
    }
}
