using System.Security.Cryptography;
using System.Text;

namespace Plimsoll.Storage;

/// <summary>A folder of checked files by key, bounded in size, whose loss costs time and nothing else.</summary>
/// <remarks>
/// A file is a mark, the SHA-256 of key and content, and the content; what does not agree with its own sum (cut short,
/// altered, copied from another key, another program's) is as good as absent. Files appear whole. Where the folder
/// cannot be read or written nothing is kept, without a word. Beyond the bound the oldest files go.
/// </remarks>
/// <param name="path">The folder; made when something is kept.</param>
/// <param name="largestBytes">Bound on all files together.</param>
public sealed class CacheFolder(string path, long largestBytes = CacheFolder.DefaultBytes)
{
    /// <summary>64 MiB.</summary>
    public const long DefaultBytes = 64L << 20;

    const string Suffix = ".kept";
    const int SumBytes = 32;
    static readonly byte[] Mark = Encoding.ASCII.GetBytes("plimsoll-cache-1");

    /// <summary>What was kept under a key; null where nothing sound is.</summary>
    public byte[]? Read(string key)
    {
        try
        {
            string file = FileOf(key);
            if (!File.Exists(file))
                return null;
            byte[] bytes = File.ReadAllBytes(file);
            int start = Mark.Length + SumBytes;
            if (bytes.Length < start || !bytes.AsSpan(0, Mark.Length).SequenceEqual(Mark))
                return null;
            byte[] content = bytes[start..];
            return bytes.AsSpan(Mark.Length, SumBytes).SequenceEqual(Sum(key, content)) ? content : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps a content under a key, if it fits the bound and the folder can be written.</summary>
    public void Write(string key, byte[] content)
    {
        long size = Mark.Length + SumBytes + content.LongLength;
        if (size > largestBytes / 4)
            return;
        try
        {
            Directory.CreateDirectory(path);
            MakeRoom(largestBytes - size);
            WholeFile.Write(FileOf(key), [.. Mark, .. Sum(key, content), .. content]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Nothing is kept: the answer does not need it.
        }
    }

    void MakeRoom(long left)
    {
        var files = new DirectoryInfo(path)
            .GetFiles("*" + Suffix)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .ThenBy(file => file.Name, StringComparer.Ordinal);
        foreach (var file in files)
        {
            left -= file.Length;
            if (left < 0)
                file.Delete();
        }
    }

    string FileOf(string key) => Path.Combine(path, key + Suffix);

    static byte[] Sum(string key, byte[] content)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(Encoding.UTF8.GetBytes(key));
        sum.AppendData(content);
        return sum.GetHashAndReset();
    }
}
