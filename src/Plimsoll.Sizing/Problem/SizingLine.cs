using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>
/// One thing that can be held: an instrument in a subaccount, with what it costs and how far it may go.
/// </summary>
public sealed record SizingLine
{
    /// <summary>Column of the P&amp;L matrix.</summary>
    public required int Column { get; init; }

    /// <summary>Contract and quotes.</summary>
    public required InstrumentQuote Quote { get; init; }

    /// <summary>Where it is held.</summary>
    public required string Subaccount { get; init; }

    /// <summary>Index of its margin pool.</summary>
    public required int Wallet { get; init; }

    /// <summary>Contracts held now, signed.</summary>
    public required decimal Current { get; init; }

    /// <summary>Cost of trading.</summary>
    public required TradingCost Cost { get; init; }

    /// <summary>Impact: home currency per contract to the power 3/2; 0 where the day's volume is not known.</summary>
    public required double Impact { get; init; }

    /// <summary>
    /// Share of a one-way cost that one horizon bears when the position is opened (entry and exit together).
    /// </summary>
    public required double OpeningShare { get; init; }

    /// <summary>Share of a one-way cost that one horizon bears when the position is cut.</summary>
    public required double ClosingShare { get; init; }

    /// <summary>Least position in contracts.</summary>
    public required double Low { get; init; }

    /// <summary>Largest position in contracts.</summary>
    public required double High { get; init; }

    /// <summary>Whether it passed the liquidity screen and the mandate's list; a held line may always be cut.</summary>
    public required bool IsCandidate { get; init; }

    /// <summary>Why it was screened out; empty for a candidate.</summary>
    public required string ScreenedBecause { get; init; }

    /// <summary>The contract.</summary>
    public Instrument Instrument => Quote.Instrument;

    /// <summary>Name of the contract.</summary>
    public string Name => Quote.Instrument.Name;

    /// <summary>Whether anything is held.</summary>
    public bool IsHeld => Current != 0;

    /// <summary>Contracts held now.</summary>
    public double CurrentContracts => (double)Current;

    /// <summary>Order step in contracts.</summary>
    public decimal Lot => Quote.Instrument.LotContracts;

    /// <summary>The same line, whose position may not change.</summary>
    /// <param name="because">Why.</param>
    public SizingLine HeldAsItIs(string because) =>
        this with
        {
            Low = CurrentContracts,
            High = CurrentContracts,
            IsCandidate = false,
            ScreenedBecause = because,
        };

    /// <summary>The same line, which may be cut but not opened.</summary>
    /// <param name="because">Why.</param>
    public SizingLine ClosedToOpening(string because) =>
        this with
        {
            Low = Math.Min(0, CurrentContracts),
            High = Math.Max(0, CurrentContracts),
            IsCandidate = false,
            ScreenedBecause = because,
        };
}
