using System.IO.Compression;
using System.Text;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Text files in and out; what cannot be read is a fault, what is written appears whole or not at all.
/// </summary>
static class TextFile
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole text of a file, unpacked when its name ends in <c>.gz</c>; or the fault.</summary>
    public static (string? Text, Fault? Fault) Read(string path)
    {
        string place = Path.GetFileName(path);
        if (!File.Exists(path))
            return (null, new Fault(place, null, "", Directory.Exists(path) ? "a folder" : "no such file", "a file"));
        try
        {
            using var file = File.OpenRead(path);
            using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionMode.Decompress)
                : file;
            using var reader = new StreamReader(stream, Strict);
            return (reader.ReadToEnd(), null);
        }
        catch (InvalidDataException)
        {
            return (null, new Fault(place, null, "", "damaged gzip data", "a whole gzip file"));
        }
        catch (DecoderFallbackException)
        {
            return (null, new Fault(place, null, "", "bytes that are no text", "UTF-8 text"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, new Fault(place, null, "", error.Message, "a readable file"));
        }
    }

    /// <summary>Writes a file so that a reader sees the old one or the new one, never half.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Write(string path, string text) => WholeFile.Write(path, Strict.GetBytes(text));
}
