using System.Text;
using System.Text.Json;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>One order book of the channel <c>books</c>: every change names the change that it follows.</summary>
/// <remarks>
/// Ids may fall after the venue's maintenance while the link still holds, so they are compared by the link alone. The
/// checksum, where the venue still states one, is the CRC32 of the best 25 levels, bid and ask by turns, in the digits
/// in which they came.
/// </remarks>
sealed class OkxBook
{
    const int Summed = 25;
    readonly SortedDictionary<decimal, (string Price, string Size)> bids = new(
        Comparer<decimal>.Create((x, y) => y.CompareTo(x))
    );
    readonly SortedDictionary<decimal, (string Price, string Size)> asks = [];
    long last;

    /// <summary>Whether the levels are what the venue has; without it there is no price.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Best bid and its contracts; null without one.</summary>
    public (decimal Price, decimal Size)? Bid => Best(bids);

    /// <summary>Best ask and its contracts; null without one.</summary>
    public (decimal Price, decimal Size)? Ask => Best(asks);

    /// <summary>Takes a message.</summary>
    /// <returns>False when it does not follow what is known, or its sum is wrong: a snapshot is needed.</returns>
    public bool Take(string action, JsonElement data)
    {
        if (action == "snapshot")
        {
            Drop();
            IsWhole = true;
        }
        else if (!IsWhole)
            return true; // what comes before the snapshot that was asked for is no gap of its own
        else if (data.GetProperty("prevSeqId").GetInt64() != last)
        {
            Drop();
            return false;
        }
        last = data.GetProperty("seqId").GetInt64();
        Apply(data.GetProperty("bids"), bids);
        Apply(data.GetProperty("asks"), asks);
        if (data.TryGetProperty("checksum", out var stated) && stated.GetInt32() is not 0 and var sum && sum != Sum())
        {
            Drop();
            return false;
        }
        return true;
    }

    /// <summary>Forgets everything.</summary>
    public void Drop()
    {
        IsWhole = false;
        bids.Clear();
        asks.Clear();
    }

    /// <summary>The venue's checksum of the levels as they are.</summary>
    public int Sum()
    {
        var parts = new List<string>();
        using var bid = bids.Values.GetEnumerator();
        using var ask = asks.Values.GetEnumerator();
        for (int i = 0; i < Summed; i++)
        {
            if (bid.MoveNext())
                parts.Add($"{bid.Current.Price}:{bid.Current.Size}");
            if (ask.MoveNext())
                parts.Add($"{ask.Current.Price}:{ask.Current.Size}");
        }
        return unchecked((int)Crc32(Encoding.ASCII.GetBytes(string.Join(':', parts))));
    }

    static void Apply(JsonElement levels, SortedDictionary<decimal, (string, string)> side)
    {
        foreach (var level in levels.EnumerateArray())
        {
            string price = level[0].GetString()!,
                size = level[1].GetString()!;
            if (TextNumbers.Of(size) == 0)
                side.Remove(TextNumbers.Of(price));
            else
                side[TextNumbers.Of(price)] = (price, size);
        }
    }

    static (decimal, decimal)? Best(SortedDictionary<decimal, (string Price, string Size)> side)
    {
        foreach (var (price, level) in side)
            return (price, TextNumbers.Of(level.Size));
        return null;
    }

    // The CRC of ISO 3309 (zlib's); the framework has only Castagnoli's.
    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        const uint Polynomial = 0xEDB88320;
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
        }
        return ~sum;
    }
}
