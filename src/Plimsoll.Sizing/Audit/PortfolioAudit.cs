using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>What an audit bundle says of a limit under portfolio margin.</summary>
/// <remarks>
/// Today's initial margin is written charge by charge with its rows, the delta shock as the number that it is at the
/// answer. Maintenance in the scenarios would be a risk matrix in each of them: it is written as the amount that the
/// venue asks of the answer's book there, and what covers it can be recomputed.
/// </remarks>
sealed class PortfolioAudit
{
    readonly PreparedSizing prepared;
    readonly PortfolioTerms terms;
    readonly double[] target;
    readonly int[] lines;
    readonly int[] used;
    readonly double[] contracts;

    /// <param name="prepared">The input.</param>
    /// <param name="terms">The limit.</param>
    /// <param name="target">Whole-lot contracts by line of the account.</param>
    /// <param name="lines">Line of each of the bundle's columns.</param>
    public PortfolioAudit(PreparedSizing prepared, PortfolioTerms terms, double[] target, int[] lines)
    {
        (this.prepared, this.terms, this.target, this.lines) = (prepared, terms, target, lines);
        contracts = terms.Pool.Columns(prepared, target);
        used =
        [
            .. Enumerable
                .Range(0, lines.Length)
                .Where(c => target[lines[c]] != 0 && prepared.Lines[lines[c]].Wallet == terms.Pool.Index),
        ];
    }

    /// <summary>Initial margin today, share of the pool's equity.</summary>
    public ImmutableArray<AuditPiece> Pieces()
    {
        double equity = terms.Pool.Pool.EquityNow(prepared.Matrix.Prices!);
        return
        [
            .. terms
                .Pool.Today.PiecesAt(contracts)
                .Select(piece => new AuditPiece(
                    piece.Name,
                    piece.Rows.Length,
                    used,
                    AuditNumbers.Bytes(piece.Offsets.Select(offset => offset / equity)),
                    AuditNumbers.Bytes(used.SelectMany(c => piece.Rows.Select(row => row[Column(c)] / equity)))
                )),
        ];
    }

    /// <summary>Margin balance less maintenance in each scenario, share of equity.</summary>
    public AuditScenarioRows Scenarios()
    {
        var scenarios = terms.Scenarios!;
        double equity = prepared.Equity;
        double[] free = [.. scenarios.Shortage(contracts, isExact: true).Select(shortage => -shortage)];
        // What counts of the balance without the book's own gains, which the reader adds.
        foreach (int c in used)
        {
            var gain = scenarios.Matrix.Gain.Column(Column(c));
            for (int s = 0; s < free.Length; s++)
                free[s] -= contracts[Column(c)] * gain[s];
        }
        // The reader takes off the current book, whose gains are counted here for that.
        foreach (int c in used)
        {
            double now = prepared.Lines[lines[c]].CurrentContracts;
            var gain = scenarios.Matrix.Gain.Column(Column(c));
            for (int s = 0; s < free.Length; s++)
                free[s] += now * gain[s];
        }
        double[] gains = [.. used.SelectMany(c => scenarios.Matrix.Gain.Column(Column(c)).ToArray())];
        return new AuditScenarioRows(
            free.Length,
            used,
            AuditNumbers.Bytes(free.Select(value => value / equity)),
            AuditNumbers.Bytes(gains.Select(value => value / equity)),
            AuditNumbers.Bytes(gains.Select(value => -value / equity))
        );
    }

    int Column(int c) => prepared.Lines[lines[c]].Column;
}
