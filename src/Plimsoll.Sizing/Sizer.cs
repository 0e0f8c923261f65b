using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>The only pipeline from an input to a decision.</summary>
public static class Sizer
{
    /// <summary>
    /// Everything that an answer needs: surfaces, scenarios, matrices, laws, lines. Faults are what a person wrote
    /// wrong
    /// and only the market shows, such as a view that no scenario can reach.
    /// </summary>
    public static Parsed<PreparedSizing> Prepare(SizingInput input) => new Preparation(input).Run();

    /// <summary>
    /// Has the input's store make what the market alone decides, whatever the account: surfaces, scenarios and the
    /// gains of what the mandate lists. Nothing where the mandate has faults on that market, which
    /// <see cref="Prepare"/> tells.
    /// </summary>
    public static void Foresee(SizingInput input) => new Preparation(input).Foresee();

    /// <summary>Sizes a prepared input and keeps the problem and its optimum, for the audit bundle.</summary>
    public static SizingResult Size(PreparedSizing prepared) => DecisionBuilder.Run(prepared);

    /// <summary>Sizes a prepared input.</summary>
    public static Decision Decide(PreparedSizing prepared) => Size(prepared).Decision;

    /// <summary>Sizes the whole account.</summary>
    /// <exception cref="InvalidOperationException">The input has faults: ask <see cref="Prepare"/> first.</exception>
    public static Decision Decide(SizingInput input) => Decide(Prepare(input).Value);
}
