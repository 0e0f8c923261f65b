namespace Plimsoll.Venues;

/// <summary>A reading of one contract.</summary>
/// <param name="Target">Address.</param>
/// <param name="Data">What it is called with.</param>
readonly record struct ContractCall(string Target, byte[] Data);

/// <summary>What came of a reading; a failed one is not known, never zero.</summary>
readonly record struct ContractAnswer(bool Succeeded, byte[] Data);

/// <summary>
/// Many readings within one block: Multicall3's <c>aggregate3((address, bool allowFailure, bytes)[])</c>.
/// </summary>
static class Multicall
{
    /// <summary>Where it stands on every chain that has it (Multicall3's page of deployments).</summary>
    public const string Contract = "0xca11bde05977b3631167028862be2a173976ca11";
    static readonly byte[] selector = Abi.Selector("aggregate3((address,bool,bytes)[])");

    /// <summary>The number of the block in which it is called.</summary>
    public static ContractCall BlockNumber { get; } = new(Contract, Abi.Selector("getBlockNumber()"));

    /// <summary>The time of that block, seconds since 1970.</summary>
    public static ContractCall BlockTime { get; } = new(Contract, Abi.Selector("getCurrentBlockTimestamp()"));

    /// <summary>The call's data; any of the readings may fail for itself.</summary>
    public static byte[] Encode(IReadOnlyList<ContractCall> calls)
    {
        var bodies = calls.Select(Body).ToList();
        var bytes = new List<byte>(selector);
        bytes.AddRange(Abi.Number(Abi.Word));
        bytes.AddRange(Abi.Number((ulong)calls.Count));
        // Offsets of what has no fixed length count from behind the list's length.
        int offset = calls.Count * Abi.Word;
        foreach (var body in bodies)
        {
            bytes.AddRange(Abi.Number((ulong)offset));
            offset += body.Length;
        }
        foreach (var body in bodies)
            bytes.AddRange(body);
        return [.. bytes];
    }

    /// <summary>The answers, in the order of the calls.</summary>
    /// <exception cref="FormatException">They are not what the contract returns.</exception>
    public static ContractAnswer[] Decode(byte[] returned, int count)
    {
        var list = new AbiReader(returned);
        list.Seek(list.Unsigned());
        if (list.Unsigned() != (ulong)count)
            throw new FormatException("another number of answers than of calls");
        const ulong Start = 2 * Abi.Word;
        var answers = new ContractAnswer[count];
        for (int i = 0; i < count; i++)
        {
            list.Seek(Start + (ulong)(i * Abi.Word));
            ulong at = Start + list.Unsigned();
            list.Seek(at);
            bool succeeded = list.Flag();
            list.Seek(at + list.Unsigned());
            answers[i] = new ContractAnswer(succeeded, list.Take(list.Unsigned()).ToArray());
        }
        return answers;
    }

    static byte[] Body(ContractCall call)
    {
        const int Offset = 3 * Abi.Word;
        int padded = (call.Data.Length + Abi.Word - 1) / Abi.Word * Abi.Word;
        byte[] data = new byte[padded];
        call.Data.CopyTo(data, 0);
        return
        [
            .. Abi.Address(call.Target),
            .. Abi.Number(1),
            .. Abi.Number(Offset),
            .. Abi.Number((ulong)call.Data.Length),
            .. data,
        ];
    }
}
