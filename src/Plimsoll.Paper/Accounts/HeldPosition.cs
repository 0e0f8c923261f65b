using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>A position of one account: exact size, what it cost, what it realised since the last settlement.</summary>
public sealed class HeldPosition(ListedInstrument listed)
{
    /// <summary>What is held.</summary>
    public ListedInstrument Listed { get; } = listed;

    /// <summary>Signed amount in the order field's unit; short is negative.</summary>
    public decimal Size { get; private set; }

    /// <summary>What <see cref="Size"/> cost, marked to the last settlement; signed as the size.</summary>
    public decimal SessionCost { get; private set; }

    /// <summary>What <see cref="Size"/> cost when it was opened; signed as the size.</summary>
    public decimal OpenCost { get; private set; }

    /// <summary>Realised since the last settlement, without funding.</summary>
    public decimal Realized { get; private set; }

    /// <summary>Funding received since the last settlement; paid is negative.</summary>
    public decimal Funding { get; private set; }

    decimal fundingIndex = listed.FundingIndex;

    Instrument Instrument => Listed.Instrument;

    /// <summary>Average entry price; 0 when flat.</summary>
    public decimal AveragePrice => Payoff.AveragePrice(Instrument, Size, OpenCost);

    /// <summary>Unrealised since the last settlement at a price.</summary>
    public decimal SessionGain(decimal price) => Payoff.Gain(Instrument, Size, SessionCost, price);

    /// <summary>Unrealised since the position was opened at a price.</summary>
    public decimal OpenGain(decimal price) => Payoff.Gain(Instrument, Size, OpenCost, price);

    /// <summary>Everything that a future adds to equity and that cash does not hold yet.</summary>
    public decimal PendingGain(decimal price) => Realized + Funding + SessionGain(price);

    /// <summary>Books a fill and says what it realised since the position was opened.</summary>
    /// <param name="amount">Signed amount.</param>
    /// <param name="value">Its value, signed as the amount: <see cref="Payoff.Value"/>.</param>
    public decimal Trade(decimal amount, decimal value)
    {
        AccrueFunding();
        decimal gain = 0;
        if (Size != 0 && Size > 0 != amount > 0)
        {
            bool all = Math.Abs(amount) >= Math.Abs(Size);
            decimal closing = all ? -Size : amount;
            decimal closingValue = closing == amount ? value : decimal.Round(value * closing / amount, 12);
            decimal session = all ? SessionCost : decimal.Round(SessionCost * -closing / Size, 12);
            decimal open = all ? OpenCost : decimal.Round(OpenCost * -closing / Size, 12);
            int sign = Payoff.Sign(Instrument);
            Realized += sign * (-closingValue - session);
            gain = sign * (-closingValue - open);
            Size += closing;
            SessionCost -= session;
            OpenCost -= open;
            amount -= closing;
            value -= closingValue;
        }
        Size += amount;
        SessionCost += value;
        OpenCost += value;
        return gain;
    }

    /// <summary>Takes over the funding that accrued since the last time.</summary>
    public void AccrueFunding()
    {
        Funding -= Size * (Listed.FundingIndex - fundingIndex);
        fundingIndex = Listed.FundingIndex;
    }

    /// <summary>Moves the session's gain to cash at a settlement price and starts the next session there.</summary>
    /// <returns>What cash gains.</returns>
    public decimal Settle(decimal price)
    {
        AccrueFunding();
        decimal unrealized = SessionGain(price);
        decimal moved = Realized + Funding + unrealized;
        SessionCost += Payoff.Sign(Instrument) * unrealized;
        Realized = 0;
        Funding = 0;
        return moved;
    }

    /// <summary>Ends a position of an option: its value was cash all along.</summary>
    public void Extinguish()
    {
        Size = 0;
        SessionCost = 0;
        OpenCost = 0;
        Realized = 0;
    }
}
