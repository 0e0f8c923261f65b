using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Venues.Tests;

/// <summary>A node of the HyperEVM: it takes calls through Multicall3 apart by itself and answers as precompiles do.</summary>
sealed class ChainWorld
{
    public const ulong Block = 812_345;
    readonly SortedDictionary<int, (BigInteger Size, BigInteger Entry, BigInteger Mark)> held = [];
    decimal notionalUsd;

    public ulong ChainId { get; set; } = 998;

    /// <summary>Notional in coins that nobody asks for.</summary>
    public decimal ElsewhereUsd { get; set; }

    public bool HasUser { get; set; } = true;

    /// <summary>How many more requests are turned away.</summary>
    public int Overloaded { get; set; }

    /// <summary>Precompile whose readings fail; null: none.</summary>
    public int? Fails { get; set; }

    public List<string> Methods { get; } = [];

    public void Hold(int place, decimal contracts, int decimals, decimal mark)
    {
        held[place] = (
            (BigInteger)(contracts * Power(decimals)),
            (BigInteger)(Math.Abs(contracts) * 29_000 * Power(6)),
            (BigInteger)(mark * Power(6 - decimals))
        );
        notionalUsd = held.Sum(one => (decimal)BigInteger.Abs(one.Value.Size) * (decimal)one.Value.Mark / Power(6));
    }

    public HttpReply Answer(HttpCall call)
    {
        if (Overloaded > 0 && Overloaded-- > 0)
            return new HttpReply(429, "");
        var root = JsonElement.Parse(call.Body!);
        string method = root.GetProperty("method").GetString()!;
        Methods.Add(method);
        var parameters = root.GetProperty("params");
        JsonNode result = method switch
        {
            "eth_chainId" => $"0x{ChainId:x}",
            "eth_getBlockByNumber" => new JsonObject
            {
                ["number"] = parameters[0].GetString(),
                ["hash"] = "0x20b5",
                ["timestamp"] = "0x69a7f9b4",
            },
            "eth_call" when parameters[0].GetProperty("to").GetString() == Multicall.Contract => Aggregate(
                Convert.FromHexString(parameters[0].GetProperty("data").GetString()!.AsSpan(2))
            ),
            _ => throw new InvalidOperationException(method),
        };
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = root.GetProperty("id").GetInt64(),
            ["result"] = result,
        };
        return new HttpReply(200, answer.ToJsonString());
    }

    string Aggregate(byte[] data)
    {
        Assert.Equal("82ad56cb", Convert.ToHexStringLower(data[..4]));
        byte[] body = data[4..];
        int count = (int)Number(body, 32);
        var answers = new List<byte[]>();
        for (int i = 0; i < count; i++)
        {
            int at = 64 + (int)Number(body, 64 + 32 * i);
            string target = Convert.ToHexStringLower(body.AsSpan(at + 12, 20));
            Assert.Equal(1, Number(body, at + 32));
            int from = at + (int)Number(body, at + 64);
            answers.Add(Read(target, body.AsSpan(from + 32, (int)Number(body, from)).ToArray()));
        }
        var words = new List<byte>();
        words.AddRange(Word(32));
        words.AddRange(Word(count));
        int offset = 32 * count;
        foreach (byte[] answer in answers)
        {
            words.AddRange(Word(offset));
            offset += 96 + answer.Length;
        }
        foreach (byte[] answer in answers)
        {
            words.AddRange(Word(answer.Length > 0 ? 1 : 0));
            words.AddRange(Word(64));
            words.AddRange(Word(answer.Length));
            words.AddRange(answer);
        }
        return "0x" + Convert.ToHexStringLower([.. words]);
    }

    byte[] Read(string target, byte[] data)
    {
        if (target == Multicall.Contract[2..])
            return Word(Block);
        int precompile = int.Parse(target, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (precompile == Fails)
            return [];
        switch (precompile)
        {
            case 0x809:
                return Word(987_654_321);
            case 0x810:
                return Word(HasUser ? 1 : 0);
            case 0x80f:
                return
                [
                    .. Word(1_182_312_496),
                    .. Word(171_740_766),
                    .. Word((BigInteger)((notionalUsd + ElsewhereUsd) * Power(6))),
                    .. Word(-1),
                ];
            case 0x813:
                Assert.Equal("5e9ee1089755c3435139848e47e6635505d5a13a", Convert.ToHexStringLower(data[12..32]));
                var (size, entry, _) = held.GetValueOrDefault((int)Number(data, 32));
                return [.. Word(size), .. Word(entry), .. Word(0), .. Word(10), .. Word(0)];
            case 0x806:
                return Word(held.GetValueOrDefault((int)Number(data, 0)).Mark);
            default:
                return [];
        }
    }

    static BigInteger Number(byte[] bytes, int at) => new(bytes.AsSpan(at, 32), isUnsigned: true, isBigEndian: true);

    /// <summary>Two's complement over the whole word.</summary>
    public static byte[] Word(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isBigEndian: true);
        var word = new byte[32];
        Array.Fill(word, value.Sign < 0 ? byte.MaxValue : (byte)0);
        bytes.CopyTo(word, 32 - bytes.Length);
        return word;
    }

    static decimal Power(int exponent) => (decimal)Math.Pow(10, exponent);
}
