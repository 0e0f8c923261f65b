using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Perpetuals of the venue's main dex as <c>meta</c> states them; for imports and for the live client alike.
/// </summary>
/// <remarks>A coin's place in the list is its id on the wire; delisted coins keep theirs and are left out.</remarks>
public static class HyperliquidInstruments
{
    const int Digits = 5;
    const int PriceDecimals = 6;
    const int LargestPower = 9;

    /// <summary>Contracts with their place in the venue's list.</summary>
    /// <param name="meta">Answer to <c>meta</c>.</param>
    /// <param name="fees">Answer to <c>userFees</c> of the account.</param>
    /// <exception cref="FormatException">A member is missing or no number.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    public static IEnumerable<(int Place, PerpetualInstrument Terms)> Read(JsonElement meta, JsonElement fees)
    {
        var schedule = new FeeSchedule(fees.NeededAmount("userAddRate"), fees.NeededAmount("userCrossRate"), 0, null);
        int place = 0;
        foreach (var row in meta.GetProperty("universe").EnumerateArray())
        {
            bool isGone = row.TryGetProperty("isDelisted", out var flag) && flag.ValueKind == JsonValueKind.True;
            if (!isGone)
                yield return (place, Terms(row, schedule));
            place++;
        }
    }

    /// <summary>
    /// Prices have five significant figures and at most six decimals less those of the size; whole numbers are always
    /// allowed.
    /// </summary>
    /// <param name="sizeDecimals">The venue's <c>szDecimals</c>.</param>
    public static TickSchedule Ticks(int sizeDecimals)
    {
        decimal least = Power(-(PriceDecimals - sizeDecimals));
        var steps = ImmutableArray.CreateBuilder<TickStep>();
        decimal last = least;
        for (int power = -PriceDecimals; power <= LargestPower; power++)
        {
            decimal tick = Math.Min(1, Math.Max(least, Power(power - Digits + 1)));
            if (tick != last)
                steps.Add(new TickStep(Power(power), tick));
            last = tick;
        }
        return new TickSchedule(least, steps.ToImmutable());
    }

    static PerpetualInstrument Terms(JsonElement row, FeeSchedule fees)
    {
        string coin = row.GetProperty("name").GetString()!;
        int decimals = row.GetProperty("szDecimals").GetInt32();
        decimal lot = Power(-decimals);
        return new PerpetualInstrument
        {
            Name = coin,
            Venue = "hyperliquid",
            Underlying = coin,
            Shape = PayoffShape.Linear,
            Settlement = Currency.Usdc,
            ContractSize = 1,
            LotContracts = lot,
            MinimumOrderContracts = lot,
            Ticks = Ticks(decimals),
            Fees = fees,
            OrderAmountPerContract = 1,
            OrderAmountUnit = coin,
        };
    }

    static decimal Power(int exponent)
    {
        decimal power = 1;
        for (int i = 0; i < Math.Abs(exponent); i++)
            power = exponent > 0 ? power * 10 : power / 10;
        return power;
    }
}
