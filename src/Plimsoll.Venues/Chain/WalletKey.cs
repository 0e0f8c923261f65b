using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>A signature of a wallet.</summary>
/// <param name="R">32 bytes, big-endian.</param>
/// <param name="S">32 bytes, big-endian, in the lower half of the order.</param>
/// <param name="V">27 or 28.</param>
public sealed record WalletSignature(byte[] R, byte[] S, int V);

/// <summary>A wallet's private key (secp256k1). It signs and cannot be read back; no text ever shows it.</summary>
/// <remarks>
/// Signatures are deterministic (RFC 6979). The arithmetic is not constant in time: on a host that others share the key
/// belongs into a signer of its own.
/// </remarks>
public sealed class WalletKey
{
    const int Bytes = 32;
    static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    static readonly ECDomainParameters Domain = new(Curve);
    readonly BigInteger secret;
    readonly ECPoint point;

    WalletKey(byte[] bytes)
    {
        secret = new BigInteger(1, bytes);
        point = Domain.G.Multiply(secret).Normalize();
        byte[] open = point.GetEncoded(false);
        Address = "0x" + Convert.ToHexStringLower(Keccak.Of(open.AsSpan(1)).AsSpan(12));
    }

    /// <summary>Address of the wallet, lower-case hex with 0x.</summary>
    public string Address { get; }

    /// <summary>
    /// Reads a key: hex of 32 bytes, in a file of mode 0600 or in the environment. No fault shows any part of it.
    /// </summary>
    /// <param name="file">Path; null: the environment.</param>
    /// <param name="variable">Such as <c>PLIMSOLL_HYPERLIQUID_KEY</c>.</param>
    /// <param name="environment">Variables by name; null where one is not set.</param>
    public static Parsed<WalletKey> Read(string? file, string variable, Func<string, string?> environment)
    {
        string place = file is null ? "environment" : Path.GetFileName(file);
        string? text = environment(variable);
        if (file is not null)
        {
            var lines = SecretFile.Read(file, 1, "one line: the private key in hex");
            if (!lines.Succeeded)
                return Parsed<WalletKey>.Fail(lines.Faults);
            text = lines.Value[0];
        }
        return text is not null && Of(text.Trim()) is { } key
            ? Parsed<WalletKey>.Ok(key)
            : Parsed<WalletKey>.Fail(
                new Fault(place, null, variable, text is null ? "not set" : "no such key", "32 bytes in hex")
            );
    }

    /// <summary>A key of hex digits; null when they are none.</summary>
    public static WalletKey? Of(string hex)
    {
        string digits = hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex;
        if (digits.Length != 2 * Bytes || !digits.All(char.IsAsciiHexDigit))
            return null;
        byte[] bytes = Convert.FromHexString(digits);
        var number = new BigInteger(1, bytes);
        return number.SignValue > 0 && number.CompareTo(Domain.N) < 0 ? new WalletKey(bytes) : null;
    }

    /// <summary>Signs a digest of 32 bytes.</summary>
    public WalletSignature Sign(byte[] digest)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(secret, Domain));
        var made = signer.GenerateSignature(digest);
        var (r, s) = (made[0], made[1]);
        if (s.CompareTo(Domain.N.ShiftRight(1)) > 0)
            s = Domain.N.Subtract(s);
        for (int parity = 0; parity < 2; parity++)
            if (Recover(digest, r, s, parity)?.Equals(point) == true)
                return new WalletSignature(Padded(r), Padded(s), 27 + parity);
        throw new InvalidOperationException("a signature that does not lead back to its key");
    }

    /// <summary>Address that signed a digest; null when the signature is none.</summary>
    public static string? Signer(byte[] digest, WalletSignature signature)
    {
        var found = Recover(digest, new BigInteger(1, signature.R), new BigInteger(1, signature.S), signature.V - 27);
        return found is null
            ? null
            : "0x" + Convert.ToHexStringLower(Keccak.Of(found.GetEncoded(false).AsSpan(1)).AsSpan(12));
    }

    /// <inheritdoc />
    public override string ToString() => $"wallet {Address}";

    /// <summary>The public key Q = (sR − eG)/r of a signature (SEC 1, 4.1.6).</summary>
    static ECPoint? Recover(byte[] digest, BigInteger r, BigInteger s, int parity)
    {
        if (parity is not (0 or 1) || r.SignValue <= 0 || r.CompareTo(Domain.N) >= 0)
            return null;
        var compressed = new byte[1 + Bytes];
        compressed[0] = (byte)(2 + parity);
        Padded(r).CopyTo(compressed, 1);
        ECPoint at;
        try
        {
            at = Domain.Curve.DecodePoint(compressed);
        }
        catch (ArgumentException)
        {
            return null;
        }
        var e = new BigInteger(1, digest);
        var inverse = r.ModInverse(Domain.N);
        return at.Multiply(s).Subtract(Domain.G.Multiply(e.Mod(Domain.N))).Multiply(inverse).Normalize();
    }

    // A leading zero byte is part of the number on the wire: one signature in 128 has one.
    static byte[] Padded(BigInteger number)
    {
        byte[] bytes = number.ToByteArrayUnsigned();
        var padded = new byte[Bytes];
        bytes.CopyTo(padded, Bytes - bytes.Length);
        return padded;
    }
}
