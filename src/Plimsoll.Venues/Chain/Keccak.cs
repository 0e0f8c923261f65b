using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace Plimsoll.Venues;

/// <summary>Keccak-256 as Ethereum uses it: the padding of the submission, not that of SHA-3.</summary>
static class Keccak
{
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(bytes);
        var hash = new byte[32];
        digest.DoFinal(hash);
        return hash;
    }

    public static byte[] Of(string text) => Of(Encoding.UTF8.GetBytes(text));
}
