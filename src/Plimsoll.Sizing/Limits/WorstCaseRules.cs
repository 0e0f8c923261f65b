using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>survival.worst-case over the stress set: whole wealth, after cost.</summary>
sealed class StressWorstCase : LimitRule
{
    public const string Name = "survival.worst-case";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.WorstCase is not { } limit || !parts.Wants(Name))
            return;
        AddRows(
            parts,
            Name,
            limit.Limit,
            parts.Deleveraged is null
                ? "loss in the worst stress scenario, share of equity"
                : "loss in the worst stress scenario, winning futures deleveraged, share of equity",
            StressRows.Of(parts, _ => true, parts.StressLossBase),
            costShare: 1,
            collateral: prepared.StressCollateral.Max(value => 1 - value / prepared.Equity),
            rowNames: prepared.Stress.Origins
        );
    }
}

/// <summary>limits.underlying-worst-case: net loss of all contracts of a coin in the stress set.</summary>
sealed class UnderlyingWorstCase : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        if (parts.Prepared.Mandate.Limits.UnderlyingWorstCase is not { } limit)
            return;
        foreach (string coin in parts.Prepared.Lines.Select(line => line.Instrument.Underlying).Distinct().Order())
        {
            string name = $"limits.underlying-worst-case[{coin}]";
            if (!parts.Wants(name))
                continue;
            AddRows(
                parts,
                name,
                limit,
                $"loss of all {coin} contracts in the worst stress scenario, share of equity",
                StressRows.Of(parts, line => line.Instrument.Underlying == coin),
                rowNames: parts.Prepared.Stress.Origins
            );
        }
    }
}

/// <summary>limits.risk-unit-worst-case: net loss of a group; by default a coin's expiry.</summary>
sealed class RiskUnitWorstCase : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        const string Name = "limits.risk-unit-worst-case";
        if (prepared.Mandate.Limits.RiskUnitWorstCase is not { } limit || !parts.WantsSome(Name))
            return;
        var units = prepared.RiskUnits;
        var lines = Enumerable.Range(0, prepared.Lines.Length);
        var used = parts.Legs.Select(leg => leg.Line).ToHashSet();
        foreach (var group in lines.GroupBy(i => units[i]))
        {
            string name = $"{Name}[{group.Key}]";
            if (!group.Any(i => used.Contains(i) || prepared.Lines[i].IsHeld) || !parts.Wants(name))
                continue;
            AddRows(
                parts,
                name,
                limit,
                $"loss of risk unit {group.Key} in the worst stress scenario, share of equity",
                StressRows.Of(
                    parts,
                    group.Select(i => prepared.Lines[i]).ToHashSet(ReferenceEqualityComparer.Instance).Contains
                ),
                rowNames: prepared.Stress.Origins
            );
        }
    }
}

/// <summary>limits.contract-standalone-worst-case: loss of one contract's position on its own.</summary>
/// <remarks>Deleveraging closes what wins and takes no more than the gain: it has no effect here.</remarks>
sealed class StandaloneWorstCase : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Limits.ContractStandaloneWorstCase is not { } limit)
            return;
        var used = parts.Legs.Select(leg => leg.Line).ToHashSet();
        for (int i = 0; i < prepared.Lines.Length; i++)
        {
            var own = prepared.Lines[i];
            string name = $"limits.contract-standalone-worst-case[{own.Name}]";
            if ((!used.Contains(i) && !own.IsHeld) || !parts.Wants(name))
                continue;
            double most = 0,
                least = 0;
            foreach (double gain in prepared.StressMatrix.Gain.Column(own.Column))
                (most, least) = (Math.Max(most, gain), Math.Min(least, gain));
            double perLong = -least / prepared.Equity,
                perShort = most / prepared.Equity;
            double now = own.CurrentContracts;
            if (prepared.StressSpared.TryGetValue(i, out double[]? spared))
                perLong = perShort = WorstOf(own, spared, prepared) / Math.Abs(now);
            double[] row = parts.PartRow(
                line => ReferenceEquals(line, own) ? perLong : 0,
                line => ReferenceEquals(line, own) ? perShort : 0
            );
            AddRows(
                parts,
                name,
                limit,
                $"loss of {own.Name} alone in its worst stress scenario, share of equity",
                [new LimitRow(now > 0 ? now * perLong : -now * perShort, row)]
            );
        }
    }

    /// <summary>Worst loss of an isolated position, which ends with its margin; share of equity.</summary>
    static double WorstOf(SizingLine own, double[] spared, PreparedSizing prepared)
    {
        var column = prepared.StressMatrix.Gain.Column(own.Column);
        double worst = 0;
        for (int r = 0; r < spared.Length; r++)
            worst = Math.Max(worst, -own.CurrentContracts * column[r] - spared[r]);
        return worst / prepared.Equity;
    }
}

/// <summary>Names of risk units.</summary>
static class RiskUnits
{
    /// <summary>The mandate's group, or the coin's expiry (<c>BTC-25DEC26</c>), or the perpetual's own name.</summary>
    public static string Of(Instrument instrument, Mandate mandate)
    {
        foreach (var group in mandate.Groups)
            if (group.Members.Any(pattern => NamePattern.Matches(pattern, instrument.Name)))
                return group.Name;
        return instrument.SettlesAt is { } settles
            ? FormattableString.Invariant($"{instrument.Underlying}-{settles:dMMMyy}").ToUpperInvariant()
            : instrument.Name;
    }
}

/// <summary>Names with <c>*</c> for any run of characters.</summary>
public static class NamePattern
{
    /// <summary>Whether a name matches; upper and lower case differ.</summary>
    public static bool Matches(string pattern, string name)
    {
        string[] parts = pattern.Split('*');
        if (parts.Length == 1)
            return pattern == name;
        if (!name.StartsWith(parts[0], StringComparison.Ordinal))
            return false;
        int at = parts[0].Length;
        foreach (string part in parts[1..^1])
        {
            int found = name.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }
        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.Ordinal);
    }
}

/// <summary>Rows of losses in the stress set.</summary>
static class StressRows
{
    /// <summary>Loss of the chosen lines' positions in every stress scenario.</summary>
    /// <param name="parts">Material of the program.</param>
    /// <param name="chosen">Lines that count.</param>
    /// <param name="offset">Loss without a trade; null: that of the held positions of the chosen lines.</param>
    public static LimitRow[] Of(ProgramParts parts, Func<SizingLine, bool> chosen, double[]? offset = null)
    {
        var prepared = parts.Prepared;
        int rows = prepared.StressMatrix.Gain.Rows;
        offset ??= HeldLoss(prepared, chosen, rows);
        if (parts.Deleveraged?.HeldInStress(chosen) is { } forgone)
            offset = [.. offset.Select((loss, r) => loss + forgone[r])];
        var losses = parts.Deleveraged?.Stress ?? parts.Stress;
        var legs = new double[rows][];
        for (int r = 0; r < rows; r++)
            legs[r] = new double[parts.Legs.Length];
        for (int j = 0; j < parts.Legs.Length; j++)
        {
            if (!chosen(parts.LineOf(j)))
                continue;
            var column = losses.Column(j);
            for (int r = 0; r < rows; r++)
                legs[r][j] = column[r];
        }
        return [.. Enumerable.Range(0, rows).Select(r => new LimitRow(offset[r], legs[r]))];
    }

    static double[] HeldLoss(PreparedSizing prepared, Func<SizingLine, bool> chosen, int rows)
    {
        var loss = new double[rows];
        foreach (var line in prepared.Lines)
        {
            if (!line.IsHeld || !chosen(line))
                continue;
            var column = prepared.StressMatrix.Gain.Column(line.Column);
            double factor = line.CurrentContracts / prepared.Equity;
            for (int r = 0; r < rows; r++)
                loss[r] -= factor * column[r];
        }
        foreach (var (i, spared) in prepared.StressSpared.Where(own => chosen(prepared.Lines[own.Key])))
            for (int r = 0; r < rows; r++)
                loss[r] -= spared[r] / prepared.Equity;
        return loss;
    }
}
