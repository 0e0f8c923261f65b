using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Positions as a list; an instrument stands once.</summary>
public sealed record PositionList(ImmutableArray<Position> Positions);

/// <summary>
/// Positions from a CSV file with the columns <c>instrument</c>, <c>contracts</c> or <c>amount</c>, <c>entry_price</c>.
/// </summary>
/// <remarks>
/// An amount is the venue's order amount (USD for inverse futures, coins otherwise) and is turned into contracts by the
/// contract's terms. Short is negative. The entry price may be left out.
/// </remarks>
public static class PositionsCsv
{
    static readonly string[] Required = ["instrument"];
    static readonly string[] Optional = ["contracts", "amount", "entry_price"];

    /// <summary>The positions of a file, or every fault.</summary>
    public static Parsed<PositionList> Read(string path)
    {
        var read = CsvFile.Read(path, Required, Optional);
        if (!read.Succeeded)
            return Parsed<PositionList>.Fail(read.Faults);
        var file = read.Value;
        var terms = new DeribitTerms([]);
        var faults = new List<Fault>();
        var positions = ImmutableArray.CreateBuilder<Position>(file.Rows.Length);
        var seen = new HashSet<string>();
        foreach (var row in file.Rows)
        {
            int before = faults.Count;
            var instrument = terms.Find(file.Text(row, "instrument"), out string expected);
            if (instrument is null)
                faults.Add(file.Fault(row, "instrument", expected));
            else if (!seen.Add(instrument.Name))
                faults.Add(file.Fault(row, "instrument", "each instrument once"));
            decimal? contracts = Contracts(file, row, instrument, faults);
            decimal? entry = file.Exact(row, "entry_price", faults);
            if (entry <= 0)
                faults.Add(file.Fault(row, "entry_price", "a positive price in the instrument's own unit, or nothing"));
            if (faults.Count == before)
                positions.Add(new(instrument!.Name, contracts!.Value, entry));
        }
        if (positions.Count == 0 && faults.Count == 0)
            faults.Add(new(file.Place, null, "", "no rows", "at least one position"));
        return faults.Count > 0
            ? Parsed<PositionList>.Fail(faults)
            : Parsed<PositionList>.Ok(new(positions.ToImmutable()));
    }

    static decimal? Contracts(CsvFile file, CsvRow row, Instrument? instrument, List<Fault> faults)
    {
        bool counted = file.Text(row, "contracts").Length > 0;
        bool measured = file.Text(row, "amount").Length > 0;
        if (counted == measured)
        {
            faults.Add(
                file.Fault(row, "contracts", measured ? "contracts or an amount, not both" : "contracts or an amount")
            );
            return null;
        }
        string column = counted ? "contracts" : "amount";
        if (file.Exact(row, column, faults) is not { } number)
            return null;
        if (number == 0)
            faults.Add(file.Fault(row, column, "a position other than zero"));
        if (instrument is null)
            return null;
        decimal contracts = counted ? number : number / instrument.OrderAmountPerContract;
        if (contracts % instrument.LotContracts != 0)
            faults.Add(
                file.Fault(
                    row,
                    column,
                    FormattableString.Invariant($"whole lots of {instrument.LotContracts} contracts")
                        + (counted ? "" : $", in {instrument.OrderAmountUnit}")
                )
            );
        return contracts;
    }
}
