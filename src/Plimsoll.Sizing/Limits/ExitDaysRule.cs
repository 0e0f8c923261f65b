namespace Plimsoll.Sizing;

/// <summary>
/// limits.liquidity.exit-days: a held position can be closed within so many days at the allowed pace.
/// </summary>
/// <remarks>Opening is bounded by the line's own limits; this one asks held positions beyond it to shrink.</remarks>
sealed class ExitDaysRule : LimitRule
{
    const double DefaultParticipation = 0.1;

    /// <summary>
    /// Excess of the book held now, in units of the limit's scale, at most: what nobody trades takes forever to close,
    /// and on the limit's own scale that would drown every other limit.
    /// </summary>
    const double LargestExcess = 100;

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Limits.Liquidity is not { ExitDays: { } days } liquidity)
            return;
        double pace = liquidity.DailyVolume ?? DefaultParticipation;
        foreach (var own in prepared.Lines.Where(line => line.IsHeld))
        {
            double index = prepared.Input.Market.Find(own.Instrument.Underlying)!.IndexUsd;
            double? volume =
                (double?)own.Quote.DailyVolumeContracts
                ?? prepared.Mandate.Assumptions.DailyVolume?.Contracts(own.Instrument, index);
            if (volume is null)
                continue;
            double perDay = Math.Max(pace * volume.Value, 1e-9);
            double now = Math.Abs(own.CurrentContracts) / perDay;
            double[] row = parts.PartRow(
                line => ReferenceEquals(line, own) ? 1 / perDay : 0,
                line => ReferenceEquals(line, own) ? 1 / perDay : 0
            );
            AddRows(
                parts,
                $"limits.liquidity.exit-days[{own.Name}]",
                days,
                $"days to close {own.Name} at {pace * 100:0.##}% of its daily volume",
                [new LimitRow(now, row)],
                scale: Math.Max(days, now / LargestExcess)
            );
        }
    }
}
