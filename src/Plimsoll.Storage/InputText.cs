using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Text of a file that a person wrote: bounded in size and strictly UTF-8.</summary>
public sealed class InputText
{
    /// <summary>Largest file that is read as hand-written text: one mebibyte.</summary>
    public const long LargestHandWrittenBytes = 1 << 20;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    InputText(string place, string text) => (Place, Text) = (place, text);

    /// <summary>Name that faults give as their place.</summary>
    public string Place { get; }

    /// <summary>The text without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Reads a file; absent, unreadable, too large, empty and wrongly encoded files are faults.</summary>
    public static Parsed<InputText> Read(string path, long largestBytes = LargestHandWrittenBytes)
    {
        string place = Path.GetFileName(path);
        try
        {
            if (Directory.Exists(path))
                return Fail(place, "a folder", "a file");
            var file = new FileInfo(path);
            if (!file.Exists)
                return Fail(place, "no such file", "a file");
            if (file.Length > largestBytes)
                return Fail(place, $"{file.Length:N0} bytes", $"at most {largestBytes:N0} bytes");
            return Decode(place, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Fail(place, "unreadable", $"a readable file ({e.Message})");
        }
    }

    /// <summary>Decodes bytes already read.</summary>
    public static Parsed<InputText> Decode(string place, byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return Fail(place, "UTF-16 text", "UTF-8 text");
        var body = bytes.AsSpan(bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0);
        int good = ValidPrefix(body);
        if (good < body.Length)
            return Fail(place, $"byte 0x{body[good]:X2} at offset {bytes.Length - body.Length + good}", "UTF-8 text");
        string text = Strict.GetString(body);
        return string.IsNullOrWhiteSpace(text)
            ? Fail(place, "an empty file", "text")
            : Parsed<InputText>.Ok(new InputText(place, text));
    }

    static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int used) != System.Buffers.OperationStatus.Done)
                return at;
            at += used;
        }
        return at;
    }

    static Parsed<InputText> Fail(string place, string found, string expected) =>
        Parsed<InputText>.Fail(new Fault(place, null, "", found, expected));
}
