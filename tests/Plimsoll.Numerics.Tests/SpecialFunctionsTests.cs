namespace Plimsoll.Numerics.Tests;

/// <summary>Against values computed with 360 digits (mpmath 1.3).</summary>
public sealed class SpecialFunctionsTests
{
    const double Ulp = 2.220446049250313e-16;

    public static TheoryData<double, double> ErfRows =>
        new()
        {
            { 1e-300, 1.1283791670955126022e-300 },
            { 1e-09, 1.1283791670955126438e-9 },
            { 0.1, 0.1124629160182848984 },
            { 0.3, 0.32862675945912741619 },
            { 0.7499, 0.71109133572458582526 },
            { 0.75, 0.7111556336535151316 },
            { 0.751, 0.71179808255134787134 },
            { 1.0, 0.84270079294971486934 },
            { 1.5, 0.96610514647531072707 },
            { 2.5, 0.99959304798255504106 },
            { 4.0, 0.99999998458274209972 },
            { 5.9, 0.9999999999999999281 },
            { -0.2, -0.22270258921047846618 },
            { -3.0, -0.99997790950300141456 },
        };

    public static TheoryData<double, double> ErfcRows =>
        new()
        {
            { -5.0, 1.9999999999984625402 },
            { -0.8, 1.7421009647076605126 },
            { -0.1, 1.1124629160182848984 },
            { 1e-20, 0.99999999999999999999 },
            { 0.3, 0.67137324054087258381 },
            { 0.7, 0.32219880616258155772 },
            { 0.75, 0.2888443663464848684 },
            { 0.8, 0.25789903529233948741 },
            { 1.0, 0.15729920705028513066 },
            { 2.0, 0.0046777349810472658379 },
            { 3.7, 1.6715105790914597513e-7 },
            { 5.0, 1.5374597944280348502e-12 },
            { 8.5, 2.7623240713337714461e-33 },
            { 13.0, 1.7395573154667245218e-75 },
            { 20.0, 5.3958656116079009289e-176 },
            { 26.0, 5.6631924088561428465e-296 },
        };

    public static TheoryData<double, double> ErfcxRows =>
        new()
        {
            { -20.0, 1.0442939379528287901e+174 },
            { -3.0, 16205.988853999586625 },
            { -0.4, 1.6762339566888590015 },
            { 0.0, 1.0 },
            { 1e-10, 0.9999999998871620833 },
            { 0.01, 0.98881546104634251033 },
            { 0.5, 0.61569034419292587487 },
            { 1.0, 0.42758357615580700441 },
            { 2.0, 0.25539567631050574387 },
            { 3.5, 0.1552936556088942974 },
            { 7.0, 0.07980005432915293349 },
            { 15.0, 0.037529606388505765746 },
            { 40.0, 0.014100335983377813625 },
            { 100.0, 0.0056416137829894329036 },
        };

    public static TheoryData<double, double> CdfRows =>
        new()
        {
            { -37.5, 4.6053530095819548438e-308 },
            { -30.0, 4.9067139271481870595e-198 },
            { -20.0, 2.7536241186062336951e-89 },
            { -10.0, 7.619853024160526066e-24 },
            { -5.0, 2.8665157187919391167e-7 },
            { -2.5, 0.006209665325776135167 },
            { -1.0, 0.15865525393145705141 },
            { -0.3, 0.38208857781104736693 },
            { -1e-09, 0.4999999996010577196 },
            { 0.0, 0.5 },
            { 0.3, 0.61791142218895263307 },
            { 1.0, 0.84134474606854294859 },
            { 3.0, 0.99865010196836990547 },
            { 6.0, 0.99999999901341235496 },
            { 8.2, 0.99999999999999987981 },
        };

    public static TheoryData<double, double> DensityRows =>
        new()
        {
            { -37.0, 2.1200065515246056269e-298 },
            { -8.0, 5.052271083536892288e-15 },
            { -0.5, 0.35206532676429947777 },
            { 0.0, 0.39894228040143267794 },
            { 1.0, 0.2419707245191433498 },
            { 3.3, 0.0017225689390536811513 },
            { 12.0, 2.146383735663060345e-32 },
            { 26.0, 6.4472599713978522127e-148 },
            { 38.0, 1.097221052007592958e-314 },
        };

    public static TheoryData<double, double> InverseRows =>
        new()
        {
            { 1e-300, -37.047096299361199237 },
            { 1e-100, -21.273453560965324294 },
            { 1e-30, -11.46402468844361572 },
            { 1e-10, -6.3613409024040561991 },
            { 1e-05, -4.2648907939228246102 },
            { 0.001, -3.0902323061678135354 },
            { 0.02425, -1.9729610513118848376 },
            { 0.075, -1.4395314709384559349 },
            { 0.2, -0.84162123357291416552 },
            { 0.4, -0.25334710313579974132 },
            { 0.499999, -2.5066282745665593779e-6 },
            { 0.6, 0.25334710313579974132 },
            { 0.925, 1.4395314709384562291 },
            { 0.99, 2.3263478740408407676 },
            { 0.999999, 4.7534243088170877657 },
        };

    public static TheoryData<double, double> Log1pRows =>
        new()
        {
            { -0.999999, -13.81551055793551844 },
            { -0.6, -0.91629073187415500967 },
            { -0.5, -0.69314718055994530942 },
            { -0.1, -0.1053605156578263074 },
            { -1e-10, -1.0000000000500000364e-10 },
            { 1.23e-20, 1.2300000000000000574e-20 },
            { 1e-15, 9.9999999999999957771e-16 },
            { 1e-08, 9.9999999500000005426e-9 },
            { 0.001, 0.00099950033308353318761 },
            { 0.3, 0.2623642644674910435 },
            { 0.5, 0.40546510810816438198 },
            { 0.8, 0.58778666490211903286 },
            { 1.0, 0.69314718055994530942 },
            { 10.0, 2.3978952727983705441 },
            { 10000000000.0, 23.02585093004045684 },
            { 1e+200, 460.51701859880913677 },
        };

    public static TheoryData<double, double> Expm1Rows =>
        new()
        {
            { -50.0, -1.0 },
            { -2.0, -0.86466471676338730811 },
            { -0.5, -0.3934693402873665764 },
            { -0.49, -0.38737360581558392557 },
            { -1e-10, -9.9999999995000003643e-11 },
            { 1e-300, 1.0000000000000000251e-300 },
            { 1.23e-20, 1.2300000000000000574e-20 },
            { 1e-08, 1.0000000050000000376e-8 },
            { 0.01, 0.010050167084168057752 },
            { 0.3, 0.349858807576003089 },
            { 0.4999, 0.64855640681638972568 },
            { 0.5, 0.64872127070012814685 },
            { 1.0, 1.7182818284590452354 },
            { 20.0, 485165194.40979027797 },
            { 700.0, 1.0142320547350045095e+304 },
        };

    public static TheoryData<double, double> LogGammaRows =>
        new()
        {
            { 1e-300, 690.77552789821370518 },
            { 1e-05, 11.512919692895825626 },
            { 0.1, 2.252712651734205902 },
            { 0.4999, 0.57256131860411841589 },
            { 0.5, 0.57236494292470008707 },
            { 0.9, 0.066376239734742954426 },
            { 0.9999, 0.000057729791561193862808 },
            { 1.0001, -0.000057713342220471268005 },
            { 1.3, -0.10817480950786047846 },
            { 1.5, -0.12078223763524522235 },
            { 1.9999, -0.000042275208772153458011 },
            { 2.0001, 0.000042281658112919946317 },
            { 2.4, 0.21685932244884157388 },
            { 2.5, 0.28468287047291915963 },
            { 3.0, 0.69314718055994530942 },
            { 5.5, 3.9578139676187162939 },
            { 7.999, 8.5231457861589154881 },
            { 8.0, 8.5251613610654143002 },
            { 20.0, 39.339884187199494036 },
            { 171.0, 706.57306224578734711 },
            { 1000000.0, 12815504.56914761166 },
            { 1e+100, 2.2925850929940457206e+102 },
        };

    [Theory]
    [MemberData(nameof(ErfRows))]
    public void Erf_is_right_to_4_ulp(double x, double expected) => Near(expected, SpecialFunctions.Erf(x), 4);

    [Theory]
    [MemberData(nameof(ErfcRows))]
    public void Erfc_is_right_to_6_ulp_far_into_the_tail(double x, double expected) =>
        Near(expected, SpecialFunctions.Erfc(x), 6);

    [Theory]
    [MemberData(nameof(ErfcxRows))]
    public void Erfcx_is_right_to_6_ulp(double x, double expected) => Near(expected, SpecialFunctions.Erfcx(x), 6);

    [Theory]
    [MemberData(nameof(CdfRows))]
    public void Normal_distribution_is_right_to_7_ulp_in_its_tail(double z, double expected) =>
        Near(expected, SpecialFunctions.NormalCdf(z), 7);

    [Theory]
    [MemberData(nameof(DensityRows))]
    public void Normal_density_is_right_to_3_ulp(double z, double expected) =>
        Near(expected, SpecialFunctions.NormalDensity(z), 3);

    [Theory]
    [MemberData(nameof(InverseRows))]
    public void Normal_inverse_is_right_to_8_ulp(double probability, double expected) =>
        Near(expected, SpecialFunctions.NormalInverse(probability), 8);

    [Theory]
    [MemberData(nameof(Log1pRows))]
    public void Log1p_is_right_to_3_ulp(double x, double expected) => Near(expected, SpecialFunctions.Log1p(x), 3);

    [Theory]
    [MemberData(nameof(Expm1Rows))]
    public void Expm1_is_right_to_4_ulp(double x, double expected) => Near(expected, SpecialFunctions.Expm1(x), 4);

    [Theory]
    [MemberData(nameof(LogGammaRows))]
    public void Log_gamma_is_right_to_6_ulp(double x, double expected) =>
        Near(expected, SpecialFunctions.LogGamma(x), 6);

    [Fact]
    public void Ends_of_the_line_have_their_limits()
    {
        const double Infinity = double.PositiveInfinity;
        Assert.Equal([-1, 1], [SpecialFunctions.Erf(-Infinity), SpecialFunctions.Erf(Infinity)]);
        Assert.Equal([2, 0], [SpecialFunctions.Erfc(-Infinity), SpecialFunctions.Erfc(Infinity)]);
        Assert.Equal([Infinity, 0], [SpecialFunctions.Erfcx(-Infinity), SpecialFunctions.Erfcx(Infinity)]);
        Assert.Equal([0, 1], [SpecialFunctions.NormalCdf(-Infinity), SpecialFunctions.NormalCdf(Infinity)]);
        Assert.Equal([-Infinity, Infinity], [SpecialFunctions.NormalInverse(0), SpecialFunctions.NormalInverse(1)]);
        Assert.Equal([-Infinity, Infinity], [SpecialFunctions.Log1p(-1), SpecialFunctions.Log1p(Infinity)]);
        Assert.Equal([-1, Infinity], [SpecialFunctions.Expm1(-Infinity), SpecialFunctions.Expm1(Infinity)]);
        Assert.Equal(0, SpecialFunctions.NormalDensity(Infinity));
    }

    [Fact]
    public void Not_a_number_goes_through_and_what_is_undefined_becomes_one()
    {
        double[] results =
        [
            SpecialFunctions.Erf(double.NaN),
            SpecialFunctions.Erfc(double.NaN),
            SpecialFunctions.Erfcx(double.NaN),
            SpecialFunctions.NormalCdf(double.NaN),
            SpecialFunctions.NormalDensity(double.NaN),
            SpecialFunctions.NormalInverse(double.NaN),
            SpecialFunctions.NormalInverse(-0.1),
            SpecialFunctions.NormalInverse(1.1),
            SpecialFunctions.Log1p(double.NaN),
            SpecialFunctions.Log1p(-2),
            SpecialFunctions.Expm1(double.NaN),
            SpecialFunctions.LogGamma(double.NaN),
            SpecialFunctions.LogGamma(-1),
        ];
        Assert.All(results, result => Assert.True(double.IsNaN(result)));
    }

    static void Near(double expected, double actual, double ulps) =>
        Assert.True(
            Math.Abs(actual - expected) <= ulps * Ulp * Math.Abs(expected) + double.Epsilon,
            FormattableString.Invariant($"{actual:R}, expected {expected:R}: {(actual / expected - 1) / Ulp:F1} ulp")
        );
}
