using CsCheck;

namespace Plimsoll.Numerics.Tests;

public sealed class StableOrderTests
{
    [Fact]
    public void Order_is_that_of_a_stable_comparison_sort() =>
        Gen.OneOf(Gen.Double, Gen.Int[-3, 3].Select(i => (double)i))
            .Array[0, 300]
            .Sample(values =>
            {
                int[] expected =
                [
                    .. Enumerable
                        .Range(0, values.Length)
                        .OrderBy(i => double.IsNaN(values[i]) ? 1 : 0)
                        .ThenBy(i => double.IsNaN(values[i]) ? 0 : values[i]),
                ];
                Assert.Equal(expected, StableOrder.Of(values));
            });

    [Fact]
    public void Infinities_zeros_and_what_is_not_a_number_have_their_place()
    {
        double[] values = [double.NaN, 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, -5e-324, 5e-324];
        Assert.Equal([4, 5, 1, 2, 6, 3, 0], StableOrder.Of(values));
    }
}
