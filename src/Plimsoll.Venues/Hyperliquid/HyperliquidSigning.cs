using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues;

/// <summary>Signs the venue's actions (its "L1 actions": orders, cancellations, the dead man's switch).</summary>
/// <remarks>
/// The action packed as MessagePack in the order of its members, the nonce, the vault and the expiry are hashed; the
/// hash is signed as EIP-712 typed data <c>Agent(string source, bytes32 connectionId)</c> of the domain
/// <c>Exchange</c>, version 1, chain 1337. Source: hyperliquid-python-sdk, <c>utils/signing.py</c>, whose vectors are
/// tests here. Transfers and withdrawals are signed otherwise and are not here on purpose.
/// </remarks>
static class HyperliquidSigning
{
    const int ChainId = 1337;
    static readonly byte[] Domain = DomainSeparator();
    static readonly byte[] AgentType = Keccak.Of("Agent(string source,bytes32 connectionId)");

    /// <summary>Hash of an action, the <c>connectionId</c>.</summary>
    /// <param name="action">Members in the venue's order.</param>
    /// <param name="nonce">Milliseconds, unique for the signer.</param>
    /// <param name="vault">Address of a vault or subaccount; null: the signer's own account.</param>
    /// <param name="expiresAfter">Milliseconds after which the venue refuses it; null: never.</param>
    public static byte[] Hash(JsonObject action, long nonce, string? vault, long? expiresAfter)
    {
        // Nodes that were built and nodes that were read are packed alike.
        byte[] packed = MessagePack.Pack(JsonNode.Parse(action.ToJsonString()));
        var bytes = new List<byte>(packed);
        bytes.AddRange(BigEndian(nonce));
        if (vault is null)
            bytes.Add(0);
        else
        {
            bytes.Add(1);
            bytes.AddRange(Convert.FromHexString(vault[2..]));
        }
        if (expiresAfter is { } until)
        {
            bytes.Add(0);
            bytes.AddRange(BigEndian(until));
        }
        return Keccak.Of(bytes.ToArray());
    }

    /// <summary>Digest that is signed.</summary>
    public static byte[] Digest(byte[] connectionId, bool isMainnet)
    {
        byte[] message = Keccak.Of([.. AgentType, .. Keccak.Of(isMainnet ? "a" : "b"), .. connectionId]);
        return Keccak.Of([0x19, 0x01, .. Domain, .. message]);
    }

    /// <summary>The body of <c>POST /exchange</c>.</summary>
    public static JsonObject Signed(
        WalletKey key,
        JsonObject action,
        long nonce,
        string? vault,
        long? expiresAfter,
        bool isMainnet
    )
    {
        var made = key.Sign(Digest(Hash(action, nonce, vault, expiresAfter), isMainnet));
        var body = new JsonObject
        {
            ["action"] = action,
            ["nonce"] = nonce,
            ["signature"] = new JsonObject
            {
                ["r"] = "0x" + Convert.ToHexStringLower(made.R),
                ["s"] = "0x" + Convert.ToHexStringLower(made.S),
                ["v"] = made.V,
            },
            ["vaultAddress"] = vault,
        };
        if (expiresAfter is { } until)
            body["expiresAfter"] = until;
        return body;
    }

    static byte[] DomainSeparator()
    {
        var chain = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(chain.AsSpan(28), ChainId);
        return Keccak.Of([
            .. Keccak.Of("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            .. Keccak.Of("Exchange"),
            .. Keccak.Of("1"),
            .. chain,
            .. new byte[32],
        ]);
    }

    static byte[] BigEndian(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
