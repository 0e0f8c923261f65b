using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>g &gt; 0 in every scenario, raw and without edge: the logarithm needs it, and so does the owner.</summary>
sealed class PositiveWealth : LimitRule
{
    const double Floor = 1e-3;

    public override void AddTo(ProgramParts parts)
    {
        const string Name = "wealth-positive";
        if (parts.Wants(Name))
            parts.Add(
                new ScenarioFloorConstraint(Name, parts.RawValue(0), Floor, 1, Soft),
                new LimitMeaning(Name, "loss of all wealth in some scenario", null, false, [])
            );
    }
}
