namespace Plimsoll.Engine;

/// <summary>What the engine may do; rising numbers are safer and win when several hold.</summary>
/// <remarks>Numbers stand in journals and never move.</remarks>
public enum EngineMode
{
    /// <summary>Opens, reduces, cancels.</summary>
    Live = 0,

    /// <summary>Reduces and cancels; opens nothing.</summary>
    ReduceOnly = 1,

    /// <summary>Cuts by the margin policy and cancels; opens nothing.</summary>
    Cutting = 2,

    /// <summary>Sends nothing: there is no session, or the account was not read since it came up.</summary>
    Disconnected = 3,

    /// <summary>The venue is taking the account apart; sends nothing but cancels.</summary>
    Liquidating = 4,

    /// <summary>A person stopped it; closes positions only if asked to, cancels everything.</summary>
    Halted = 5,
}
