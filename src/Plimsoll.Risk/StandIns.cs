using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

static class StandInMoves
{
    public static ImmutableArray<SurfaceMove> Build(
        VolatilitySurface surface,
        MarketSnapshot snapshot,
        ScenarioSet set,
        VolatilityResponse response
    )
    {
        var moves = set.Of(surface.Underlying);
        return
        [
            .. surface
                .Slices.Where(x => x.TYears > set.Horizon.Value)
                .Select(x => new SurfaceMove
                {
                    Slice = x,
                    TYearsLeft = x.TYears - set.Horizon.Value,
                    LogForward = [.. moves.LogReturn.Select(r => Math.Log(x.ForwardUsd) + r)],
                    VarianceScale =
                    [
                        .. moves.LogVolatilityMove.Select(v =>
                            (x.TYears - set.Horizon.Value)
                            / x.TYears
                            * Math.Exp(
                                2 * v * Math.Pow(30 / 365.0 / Math.Max(x.TYears, 1 / 365.0), response.TenorExponent)
                            )
                        ),
                    ],
                    Tilt = new double[set.Count],
                }),
        ];
    }
}
