using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>An account as the chain itself states it, all of it in one block.</summary>
/// <param name="ChainId">Of the chain that answered.</param>
/// <param name="Block">Number of the block of the HyperEVM in which everything was read.</param>
/// <param name="BlockHash">Its hash.</param>
/// <param name="At">Its time.</param>
/// <param name="Finality">How final that block is, in words.</param>
/// <param name="CoreBlock">Block of HyperCore whose state that is.</param>
/// <param name="AccountValueUsd">Value of the main dex's account, may be negative.</param>
/// <param name="MarginUsedUsd">Margin in use.</param>
/// <param name="NotionalUsd">Sum of the positions' notional.</param>
/// <param name="Positions">Positions of the coins that were asked for, not flat.</param>
/// <param name="NotAskedUsd">Notional of positions in coins that were not asked for; 0 when all were seen.</param>
public sealed record ChainAccount(
    ulong ChainId,
    ulong Block,
    string BlockHash,
    DateTimeOffset At,
    string Finality,
    ulong CoreBlock,
    decimal AccountValueUsd,
    decimal MarginUsedUsd,
    decimal NotionalUsd,
    ImmutableArray<Position> Positions,
    decimal NotAskedUsd
)
{
    /// <summary>Where these positions are others than those of another reading, in words; empty when none is.</summary>
    /// <param name="others">Positions by <c>info</c>.</param>
    public IReadOnlyList<string> Differences(IReadOnlyList<Position> others)
    {
        string Held(IEnumerable<Position> of, string name) =>
            TextNumbers.Write(of.FirstOrDefault(one => one.Instrument == name)?.Contracts ?? 0);
        var names = Positions.Concat(others).Select(one => one.Instrument).Distinct().Order(StringComparer.Ordinal);
        var found = names
            .Where(name => Held(Positions, name) != Held(others, name))
            .Select(name => $"{name}: {Held(others, name)} by info, {Held(Positions, name)} on chain");
        return NotAskedUsd > 0
            ?
            [
                .. found,
                FormattableString.Invariant($"{NotAskedUsd:0.##} USD on chain in coins that info does not show"),
            ]
            : [.. found];
    }
}

/// <summary>Reads an account from the read precompiles of the HyperEVM: a second witness beside <c>info</c>.</summary>
/// <remarks>
/// Source: the venue's pages on interaction with HyperCore and its L1Read table. Arguments go without a selector; an
/// argument that is not valid fails, and a failed reading is not known. All are called through Multicall3 in one
/// <c>eth_call</c>, which names its own block, so that nothing lies between two of them; the venue's own node answers
/// for its latest block alone.
/// </remarks>
sealed class HyperliquidChain(ChainRpc rpc)
{
    public const ulong MainChain = 999;
    public const ulong TestChain = 998;
    const string OneBlock = "final: blocks of HyperBFT are final when they are made";
    const decimal UsdUnit = 1_000_000;
    const string AccountMarginSummary = "0x000000000000000000000000000000000000080f";
    const string CoreUserExists = "0x0000000000000000000000000000000000000810";
    const string CoreBlockNumber = "0x0000000000000000000000000000000000000809";
    const string MarkPrice = "0x0000000000000000000000000000000000000806";

    // The one with an index of 32 bits; the older one at 0x800 cuts indices of other dexes off.
    const string PositionOf = "0x0000000000000000000000000000000000000813";

    /// <summary>Reads the account's positions in some coins.</summary>
    /// <param name="address">The account's own address.</param>
    /// <param name="coins">Terms with their place in the venue's list.</param>
    /// <param name="chain">Id that the chain must have.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">
    /// Another chain answers, the address is none of HyperCore's, or an answer is missing or not understood.
    /// </exception>
    public async Task<ChainAccount> ReadAsync(
        string address,
        IReadOnlyList<(int Place, Instrument Terms)> coins,
        ulong chain,
        CancellationToken cancel
    )
    {
        if (await rpc.ChainIdAsync(cancel) is var found && found != chain)
            throw new VenueException(FormattableString.Invariant($"the node is of chain {found}, expected {chain}"));
        byte[] user = Abi.Address(address);
        ContractCall[] calls =
        [
            Multicall.BlockNumber,
            new(CoreBlockNumber, []),
            new(CoreUserExists, user),
            new(AccountMarginSummary, [.. Abi.Number(0), .. user]),
            .. coins.Select(coin => new ContractCall(PositionOf, [.. user, .. Abi.Number((ulong)coin.Place)])),
            .. coins.Select(coin => new ContractCall(MarkPrice, Abi.Number((ulong)coin.Place))),
        ];
        byte[] returned = await rpc.CallAsync(Multicall.Contract, Multicall.Encode(calls), cancel);
        try
        {
            var answers = Multicall.Decode(returned, calls.Length);
            ulong block = Known(answers, 0).Unsigned();
            var (hash, at) = await rpc.BlockAsync(block, cancel);
            return Of(answers, coins, address, chain, block) with { BlockHash = hash, At = at };
        }
        catch (FormatException e)
        {
            throw new VenueException($"the chain's answer is not understood: {e.Message}", e);
        }
    }

    static ChainAccount Of(
        ContractAnswer[] answers,
        IReadOnlyList<(int Place, Instrument Terms)> coins,
        string address,
        ulong chain,
        ulong block
    )
    {
        const int First = 4;
        if (!Known(answers, 2).Flag())
            throw new VenueException($"{address} has no account on HyperCore");
        var summary = Known(answers, 3);
        decimal value = summary.Signed() / UsdUnit,
            used = summary.Unsigned() / UsdUnit,
            notional = summary.Unsigned() / UsdUnit;
        var held = ImmutableArray.CreateBuilder<Position>();
        decimal seen = 0;
        for (int i = 0; i < coins.Count; i++)
        {
            var terms = coins[i].Terms;
            var position = Known(answers, First + i);
            decimal contracts = position.Signed() * terms.LotContracts,
                entry = position.Unsigned() / UsdUnit;
            if (contracts == 0)
                continue;
            // Scale 10^(6 - szDecimals): a lot is 10^-szDecimals.
            decimal mark = Known(answers, First + coins.Count + i).Unsigned() / UsdUnit / terms.LotContracts;
            seen += Math.Abs(contracts) * mark;
            held.Add(new Position(terms.Name, contracts, entry / Math.Abs(contracts)));
        }
        // The venue's sum is at its marks too; what is less than a thousandth apart is their rounding.
        decimal rest = Math.Max(0, notional - seen);
        return new ChainAccount(
            chain,
            block,
            "",
            default,
            OneBlock,
            Known(answers, 1).Unsigned(),
            value,
            used,
            notional,
            held.ToImmutable(),
            rest > notional / 1000 ? rest : 0
        );
    }

    static AbiReader Known(ContractAnswer[] answers, int index) =>
        answers[index].Succeeded
            ? new AbiReader(answers[index].Data)
            : throw new FormatException(FormattableString.Invariant($"reading {index} failed: not known"));
}
