using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Plimsoll.Venues.Tests;

/// <summary>Signing against the published vectors of the venue's own kit and of the standards under it.</summary>
public sealed class HyperliquidSigningTests
{
    static readonly WalletKey Key = WalletKey.Of(Recorded.Of("hyperliquid-signing", "private_key").GetString()!)!;

    public static TheoryData<string> Vectors() =>
        [.. Recorded.Of("hyperliquid-signing", "vectors").EnumerateArray().Select(row => row.Text("name"))];

    [Theory, MemberData(nameof(Vectors))]
    public void The_kits_vectors_are_met(string name)
    {
        var row = Recorded
            .Of("hyperliquid-signing", "vectors")
            .EnumerateArray()
            .Single(one => one.Text("name") == name);
        var action = JsonNode.Parse(row.GetProperty("action").GetRawText())!.AsObject();
        string? vault = row.GetProperty("vault").GetString();
        long nonce = row.GetProperty("nonce").GetInt64();
        byte[] hash = HyperliquidSigning.Hash(action, nonce, vault, null);
        int met = 0;
        if (row.TryGetProperty("connectionId", out var expected))
        {
            Assert.Equal(expected.GetString(), "0x" + Convert.ToHexStringLower(hash));
            met++;
        }
        foreach (var (network, isMainnet) in new[] { ("mainnet", true), ("testnet", false) })
        {
            if (!row.TryGetProperty(network, out var signature))
                continue;
            var made = Key.Sign(HyperliquidSigning.Digest(hash, isMainnet));
            // The kit prints numbers, without leading zeros.
            Assert.Equal(Hex(signature.Text("r")), Number(made.R));
            Assert.Equal(Hex(signature.Text("s")), Number(made.S));
            Assert.Equal(signature.GetProperty("v").GetInt32(), made.V);
            met++;
        }
        Assert.True(met > 0, "a vector without a value");
    }

    /// <summary>EIP-712's own example: "Mail" from Cow to Bob is signed by the key of keccak("cow").</summary>
    [Fact]
    public void The_standards_own_example_is_met()
    {
        var cow = WalletKey.Of(Convert.ToHexString(Keccak.Of("cow")))!;
        Assert.Equal("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826", cow.Address);
        byte[] digest = Convert.FromHexString("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
        var made = cow.Sign(digest);
        Assert.Equal(
            "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d",
            Convert.ToHexStringLower(made.R)
        );
        Assert.Equal(
            "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b91562",
            Convert.ToHexStringLower(made.S)
        );
        Assert.Equal(28, made.V);
    }

    [Fact]
    public void Keccak_is_the_submissions_and_not_sha_3()
    {
        Assert.Equal(
            "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
            Convert.ToHexStringLower(Keccak.Of(""))
        );
    }

    /// <summary>Whatever is signed leads back to the signer, also where a number has leading zeros.</summary>
    [Fact]
    public void A_signature_leads_back_to_its_signer_and_no_other_digest_does() =>
        Gen
            .Byte.Array[32]
            .Sample(
                digest =>
                {
                    var made = Key.Sign(digest);
                    byte[] other = [.. digest];
                    other[7] ^= 1;
                    return made.R.Length == 32
                        && made.S.Length == 32
                        && WalletKey.Signer(digest, made) == Key.Address
                        && WalletKey.Signer(other, made) != Key.Address;
                },
                iter: 300,
                threads: 1
            );

    [Fact]
    public void An_expiry_and_a_vault_enter_the_hash_and_the_body()
    {
        JsonObject Action() => new() { ["type"] = "noop" };
        string Hash(string? vault, long? expiry) =>
            Convert.ToHexString(HyperliquidSigning.Hash(Action(), 7, vault, expiry));
        string vault = "0x1719884eb866cb12b2287399b15f7db5e7d775ea";
        Assert.Equal(
            4,
            new[] { Hash(null, null), Hash(vault, null), Hash(null, 9), Hash(vault, 9) }.Distinct().Count()
        );
        var body = HyperliquidSigning.Signed(Key, Action(), 7, vault, 9, false);
        Assert.Equal((vault, 9L), (body["vaultAddress"]!.GetValue<string>(), body["expiresAfter"]!.GetValue<long>()));
        Assert.Equal(66, body["signature"]!["r"]!.GetValue<string>().Length);
    }

    /// <summary>Examples of the MessagePack specification, and the edges of its short forms.</summary>
    [Theory]
    [InlineData("""{"compact":true,"schema":0}""", "82a7636f6d70616374c3a6736368656d6100")]
    [InlineData(
        "[127,128,255,256,65535,65536,4294967295,4294967296]",
        "987fcc80ccffcd0100cdffffce00010000ceffffffffcf0000000100000000"
    )]
    [InlineData("[null,false,\"\"]", "93c0c2a0")]
    public void Actions_are_packed_in_the_shortest_form(string json, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(MessagePack.Pack(JsonNode.Parse(json))));

    [Theory]
    [InlineData(31, "bf")]
    [InlineData(32, "d920")]
    [InlineData(255, "d9ff")]
    [InlineData(256, "da0100")]
    public void Texts_say_their_length(int length, string head) =>
        Assert.Equal(
            head + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(new string('x', length))),
            Convert.ToHexStringLower(MessagePack.Pack(JsonNode.Parse($"\"{new string('x', length)}\"")))
        );

    [Fact]
    public void No_text_of_a_wallet_shows_its_key()
    {
        string secret = Recorded.Of("hyperliquid-signing", "private_key").GetString()![2..];
        foreach (string text in (string[])[$"{Key}", JsonSerializer.Serialize(Key)])
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(WalletKey.Of("0x" + new string('0', 64)));
        Assert.Null(WalletKey.Of("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));
        var fault = Assert.Single(WalletKey.Read(null, "X_KEY", _ => secret[..63]).Faults);
        Assert.DoesNotContain(secret[..20], fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(Key.Address, WalletKey.Read(null, "X_KEY", _ => secret).Value.Address);
    }

    static BigInteger Hex(string text) =>
        BigInteger.Parse("0" + text[2..], System.Globalization.NumberStyles.HexNumber);

    static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
