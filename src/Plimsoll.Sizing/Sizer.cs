namespace Plimsoll.Sizing;

/// <summary>The only pipeline from an input to a decision.</summary>
public static class Sizer
{
    /// <summary>Sizes the whole account.</summary>
    public static Decision Decide(SizingInput input) => throw new NotImplementedException();
}
