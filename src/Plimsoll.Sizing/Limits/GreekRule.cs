namespace Plimsoll.Sizing;

/// <summary>
/// limits.greeks: |value| per underlying and the sum of absolutes over underlyings, shares of equity.
/// </summary>
/// <remarks>The sum of absolutes is the maximum over signs: 2^U rows for U coins.</remarks>
sealed class GreekRule : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        if (parts.Prepared.Mandate.Limits.Greeks is not { } limits)
            return;
        Add(parts, "delta", limits.Delta, "dollar delta", greeks => greeks.Delta);
        Add(parts, "gamma-1pct", limits.Gamma1Pct, "change of delta for a move of 1%", greeks => greeks.Gamma1Pct);
        Add(parts, "vega-1pt", limits.Vega1Pt, "gain for one point of volatility", greeks => greeks.Vega1Pt);
        Add(parts, "theta-1d", limits.Theta1D, "gain of one day", greeks => greeks.Theta1D);
    }

    static void Add(ProgramParts parts, string key, double? limit, string words, Func<LineGreeks, double> figure)
    {
        string sum = $"limits.greeks.{key}";
        if (limit is not { } most || (parts.IsPricing && !parts.WantsSome(sum)))
            return;
        var prepared = parts.Prepared;
        double equity = prepared.Equity;
        var held = key == "delta" ? prepared.CollateralDelta.Where(row => row.Value != 0).Select(row => row.Key) : [];
        string[] coins =
        [
            .. prepared.Lines.Select(line => line.Instrument.Underlying).Union(held).Order(StringComparer.Ordinal),
        ];
        var rows = new double[coins.Length][];
        var now = new double[coins.Length];
        var collateral = new double[coins.Length];
        for (int u = 0; u < coins.Length; u++)
        {
            string coin = coins[u];
            double Figure(SizingLine line) =>
                line.Instrument.Underlying == coin ? figure(prepared.Greeks[line.Column]) / equity : 0;
            rows[u] = parts.LinearRow(Figure);
            collateral[u] = key == "delta" ? prepared.CollateralDelta.GetValueOrDefault(coin) / equity : 0;
            now[u] = collateral[u] + prepared.Lines.Sum(line => Figure(line) * line.CurrentContracts);
            string name = $"limits.greeks.{key}[{coin}]";
            string meaning = $"|{words}| of {coin}, share of equity";
            if (coins.Length > 1)
                // The sum of absolutes under the same limit implies this one: it is reported, not solved for twice.
                parts.AddImplied(
                    new ImpliedLimit(
                        name,
                        most,
                        meaning,
                        Math.Abs(collateral[u]),
                        Value(prepared, coin, collateral[u], figure)
                    )
                );
            else
                AddRows(
                    parts,
                    name,
                    most,
                    meaning,
                    [new LimitRow(now[u], rows[u]), new LimitRow(-now[u], [.. rows[u].Select(value => -value)])],
                    collateral: Math.Abs(collateral[u])
                );
        }
        if (coins.Length > 1)
            AddRows(
                parts,
                sum,
                most,
                $"sum over coins of |{words}|, share of equity",
                SumOfAbsolutes(now, rows),
                collateral: collateral.Sum(Math.Abs)
            );
    }

    static Func<double[], double> Value(
        PreparedSizing prepared,
        string coin,
        double collateral,
        Func<LineGreeks, double> figure
    ) =>
        positions =>
        {
            double sum = collateral;
            for (int i = 0; i < positions.Length; i++)
                if (positions[i] != 0 && prepared.Lines[i].Instrument.Underlying == coin)
                    sum += positions[i] * figure(prepared.Greeks[prepared.Lines[i].Column]) / prepared.Equity;
            return Math.Abs(sum);
        };

    static LimitRow[] SumOfAbsolutes(double[] now, double[][] rows)
    {
        int coins = Math.Min(now.Length, 10);
        var all = new LimitRow[1 << coins];
        for (int signs = 0; signs < all.Length; signs++)
        {
            double offset = 0;
            var row = new double[rows[0].Length];
            for (int u = 0; u < coins; u++)
            {
                int sign = (signs >> u & 1) == 0 ? 1 : -1;
                offset += sign * now[u];
                for (int j = 0; j < row.Length; j++)
                    row[j] += sign * rows[u][j];
            }
            all[signs] = new LimitRow(offset, row);
        }
        return all;
    }
}
