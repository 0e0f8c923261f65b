using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>What one subaccount owes in one currency, as interest over the horizon in shares of equity.</summary>
/// <param name="Subaccount">Whose balance.</param>
/// <param name="Currency">Which.</param>
/// <param name="Now">Interest on today's debt; negative: what a debt as large as the balance would cost.</param>
/// <param name="Columns">Lines whose premium is paid from that balance.</param>
/// <param name="PerContract">Interest on the premium of a contract bought, by column.</param>
public sealed record Borrowing(
    string Subaccount,
    string Currency,
    double Now,
    ImmutableArray<int> Columns,
    ImmutableArray<double> PerContract
)
{
    /// <summary>Interest over the horizon, share of equity, after trades by line; 0 while none is owed.</summary>
    public double Of(Func<int, double> traded)
    {
        double sum = Now;
        for (int i = 0; i < Columns.Length; i++)
            sum += PerContract[i] * traded(Columns[i]);
        return Math.Max(0, sum);
    }
}

/// <summary>
/// assumptions.borrow: a balance below zero bears interest. Premium of options leaves or enters the balance of their
/// settlement currency; debts of one currency are not netted against cash of another.
/// </summary>
/// <remarks>
/// Wealth pays max(0, rate·time·(value of the options bought − balance)/equity) by subaccount and currency: convex in
/// the trades, as netted funding is. Premium counts at the mark; the spread paid on top is a cost already.
/// </remarks>
sealed class BorrowPaid : LimitRule
{
    public override void AddTo(ProgramParts parts)
    {
        foreach (var debt in Of(parts.Prepared))
        {
            var perContract = debt.Columns.Zip(debt.PerContract).ToDictionary(pair => pair.First, pair => pair.Second);
            double[] row = new double[parts.Legs.Length];
            for (int j = 0; j < row.Length; j++)
                row[j] = parts.Legs[j].Direction * perContract.GetValueOrDefault(parts.Legs[j].Line);
            string name = $"borrow[{debt.Subaccount}][{debt.Currency}]";
            PayFromWealth(parts, name, "interest on what is owed over the horizon", 0, debt.Now, row);
        }
    }

    /// <summary>Every balance that premium is paid from or that is owed; empty without an assumed rate.</summary>
    public static ImmutableArray<Borrowing> Of(PreparedSizing prepared)
    {
        if (prepared.Mandate.Assumptions.BorrowAnnual is not { } rate)
            return [];
        double scale = rate * prepared.Mandate.Horizon.Value / prepared.Equity;
        var found = ImmutableArray.CreateBuilder<Borrowing>();
        foreach (var subaccount in prepared.Input.Account.Subaccounts)
        {
            int[] options =
            [
                .. Enumerable
                    .Range(0, prepared.Lines.Length)
                    .Where(i => prepared.Lines[i].Subaccount == subaccount.Name)
                    .Where(i => prepared.Lines[i].Instrument is OptionInstrument),
            ];
            var owing = subaccount.Balances.Where(balance => balance.Amount < 0).Select(balance => balance.Currency);
            foreach (var currency in options.Select(i => prepared.Lines[i].Instrument.Settlement).Union(owing).Order())
            {
                double balance = (double)
                    subaccount.Balances.Where(own => own.Currency == currency).Sum(own => own.Amount);
                int[] paidFrom = [.. options.Where(i => prepared.Lines[i].Instrument.Settlement == currency)];
                found.Add(
                    new Borrowing(
                        subaccount.Name,
                        currency.Code,
                        -scale * balance * prepared.Matrix.Prices!.Now(currency),
                        [.. paidFrom],
                        [.. paidFrom.Select(i => scale * prepared.Matrix.ValueNow[prepared.Lines[i].Column])]
                    )
                );
            }
        }
        return found.ToImmutable();
    }
}
