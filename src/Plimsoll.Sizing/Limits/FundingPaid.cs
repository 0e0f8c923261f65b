namespace Plimsoll.Sizing;

/// <summary>
/// Expected funding, netted per underlying: payments are a cost of wealth, receipts count with carry only.
/// </summary>
sealed class FundingPaid : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        double Share(SizingLine line) => PaidByLong(prepared, line) / prepared.Equity;
        var perpetuals = prepared.Lines.Where(line => line.Instrument is Markets.PerpetualInstrument);
        foreach (var coin in perpetuals.GroupBy(line => line.Instrument.Underlying))
        {
            double now = coin.Sum(line => Share(line) * line.CurrentContracts);
            double[] row = parts.LinearRow(line =>
                line.Instrument is Markets.PerpetualInstrument && line.Instrument.Underlying == coin.Key
                    ? Share(line)
                    : 0
            );
            if (now == 0 && row.All(value => value == 0))
                continue;
            PayFromWealth(
                parts,
                $"funding[{coin.Key}]",
                "expected funding over the horizon",
                Least(prepared.Mandate),
                now,
                row
            );
        }
    }

    /// <summary>Expected funding that +1 contract pays over the horizon, home currency.</summary>
    public static double PaidByLong(PreparedSizing prepared, SizingLine line) =>
        prepared.Matrix.FundingPaidByLong.ElementAtOrDefault(line.Column) ?? AssumedFunding(prepared, line);

    /// <summary>Least that a coin's netted funding counts, share of equity: receipts count with carry only.</summary>
    public static double Least(Mandate mandate) => mandate.Carry ? -10 : 0;

    static double AssumedFunding(PreparedSizing prepared, SizingLine line)
    {
        if (prepared.Mandate.Assumptions.Funding8h is not { } rate)
            return 0;
        double indexUsd = prepared.Input.Market.Find(line.Instrument.Underlying)!.IndexUsd;
        double notionalUsd = Markets.Notional.PerContractUsd(line.Instrument, indexUsd);
        double dollar = prepared.Matrix.Prices!.Now(Markets.Currency.Usd);
        return rate * prepared.Mandate.Horizon.Days * 3 * notionalUsd * dollar;
    }
}
