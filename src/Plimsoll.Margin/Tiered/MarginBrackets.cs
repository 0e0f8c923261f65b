using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Maintenance margin by notional: marginal rates, with the largest leverage of each bracket.</summary>
/// <remarks>
/// <c>MM = notional·rate_n − deduction_n</c>, <c>deduction_n = deduction_{n−1} + lower_n·(rate_n − rate_{n−1})</c>
/// (Binance's cum, Bybit's mmDeduction): continuous, convex, piecewise linear. Initial margin is
/// <c>notional/leverage</c>, the leverage no larger than the bracket's, so it jumps at a bound. Beyond the last bracket
/// that is known nothing is known.
/// </remarks>
public sealed class MarginBrackets
{
    readonly double[] lower;
    readonly double[] rate;
    readonly double[] leverage;
    readonly double[] deduction;

    MarginBrackets(double[] lower, double[] rate, double[] leverage, double cap)
    {
        (this.lower, this.rate, this.leverage, Cap) = (lower, rate, leverage, cap);
        deduction = new double[lower.Length];
        for (int n = 1; n < lower.Length; n++)
            deduction[n] = deduction[n - 1] + lower[n] * (rate[n] - rate[n - 1]);
    }

    /// <summary>Largest notional that the table speaks of.</summary>
    public double Cap { get; }

    /// <summary>Reads <c>lower</c>, <c>rates</c>, <c>leverage</c> of equal length and <c>cap</c>.</summary>
    public static MarginBrackets Read(ParameterNode node)
    {
        double[] lower = [.. node.Numbers("lower", 0)],
            rate = [.. node.Numbers("rates", 0, 1)],
            leverage = [.. node.Numbers("leverage", 1, 1_000)];
        double cap = node.Number("cap");
        if (rate.Length != lower.Length || leverage.Length != lower.Length)
            node.Fail("rates", "as many rates and leverages as lower bounds");
        else if (lower[0] != 0 || !Rises(lower) || !Rises(rate) || !(cap > lower[^1]))
            node.Fail("lower", "bounds from 0, rising with their rates, all below cap");
        else if (rate.Zip(leverage).Any(tier => tier.First * tier.Second > 1))
            node.Fail("rates", "maintenance at most the initial margin at the tier's largest leverage");
        else
            return new MarginBrackets(lower, rate, leverage, cap);
        return new MarginBrackets([0], [0], [1], 0);
    }

    /// <summary>What the venue takes off in the bracket of a notional.</summary>
    public double Deduction(double notional) => deduction[Bracket(notional)];

    /// <summary>Maintenance margin.</summary>
    public double Maintenance(double notional) => notional * rate[Bracket(notional)] - deduction[Bracket(notional)];

    /// <summary>Maintenance margin and its slope; beyond the table all of what is beyond.</summary>
    public (double Margin, double Rate) Extended(double notional) =>
        notional <= Cap ? (Maintenance(notional), rate[Bracket(notional)]) : (Maintenance(Cap) + notional - Cap, 1);

    /// <summary>The leverage in force: the account's setting, at most the bracket's.</summary>
    public double Leverage(double notional, double? setting)
    {
        double largest = leverage[Bracket(notional)];
        return setting is { } chosen ? Math.Min(largest, chosen) : largest;
    }

    /// <summary>
    /// Largest notional whose initial margin at the bracket's leverage is within an equity; within the table.
    /// </summary>
    public double LargestOpen(double equity)
    {
        double largest = 1;
        for (int n = 0; n < lower.Length; n++)
        {
            double open = Math.Min(n + 1 < lower.Length ? lower[n + 1] : Cap, equity * leverage[n]);
            if (open > lower[n])
                largest = Math.Max(largest, open);
        }
        return largest;
    }

    int Bracket(double notional)
    {
        int n = lower.Length - 1;
        while (n > 0 && notional <= lower[n])
            n--;
        return n;
    }

    static bool Rises(double[] values)
    {
        for (int n = 1; n < values.Length; n++)
            if (!(values[n] > values[n - 1]))
                return false;
        return true;
    }
}

/// <summary>Brackets by kind of contract: <c>BTC/USDT</c> a perpetual, <c>BTC/USDT/dated</c> a dated future.</summary>
/// <remarks>Coin-settled contracts stand as <c>BTC/BTC</c>, with bounds in coin.</remarks>
public sealed record BracketTables(ImmutableDictionary<string, MarginBrackets> Tables)
{
    /// <summary>Reads the object <c>brackets</c>.</summary>
    public static BracketTables Read(ParameterNode node) =>
        new(
            node.Entries("brackets")
                .ToImmutableDictionary(row => row.Key, row => MarginBrackets.Read(row.Node), StringComparer.Ordinal)
        );

    /// <summary>The table of a contract, or null.</summary>
    public MarginBrackets? Of(Instrument instrument) => Tables.GetValueOrDefault(KeyOf(instrument));

    /// <summary>Key of a contract's table.</summary>
    public static string KeyOf(Instrument instrument) =>
        $"{instrument.Underlying}/{instrument.Settlement}" + (instrument is FutureInstrument ? "/dated" : "");

    /// <summary>What the tables lack for a position.</summary>
    public IEnumerable<string> Missing(MarginPosition position, MarginMarket market)
    {
        if (position.Instrument is OptionInstrument || market.Quote(position.Instrument) is not { } quote)
            yield break;
        if (Of(position.Instrument) is not { } table)
            yield return $"{position.Instrument}: no brackets of {KeyOf(position.Instrument)}";
        else if (Notional(position, quote) > table.Cap)
            yield return FormattableString.Invariant(
                $"{position.Instrument}: no bracket is known beyond {table.Cap:0.##} {position.Instrument.Settlement}"
            );
    }

    /// <summary>Size at the mark in the settlement currency.</summary>
    public static double Notional(MarginPosition position, MarginQuote quote)
    {
        double size = Math.Abs(position.Contracts) * (double)position.Instrument.ContractSize;
        return position.Instrument.Shape == PayoffShape.Inverse ? size / quote.Mark : size * quote.Mark;
    }
}
