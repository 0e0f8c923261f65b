namespace Plimsoll.Reports.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(1234567.0, "1,234,567")]
    [InlineData(1234.56, "1,234.6")]
    [InlineData(-12.345, "-12.35")]
    [InlineData(0.00123456, "0.0012")]
    [InlineData(0.0000012, "1.2E-6")]
    [InlineData(0.0, "0")]
    [InlineData(double.NaN, "–")]
    [InlineData(null, "–")]
    public void Amount_has_digits_by_its_size(double? value, string text) => Assert.Equal(text, Figures.Amount(value));

    [Theory]
    [InlineData(0.2, "20.00%")]
    [InlineData(-1.5, "-150.00%")]
    [InlineData(0.000002, "0.0002%")]
    [InlineData(0.0000001, "1E-5%")]
    [InlineData(0.0, "0.00%")]
    [InlineData(null, "–")]
    public void Fraction_reads_as_percentage(double? value, string text) => Assert.Equal(text, Figures.Percent(value));

    [Theory]
    [InlineData(1234.5, 20000.0, "1,235")]
    [InlineData(6.4e-10, 20000.0, "0")]
    [InlineData(-0.2, 20000.0, "0")]
    [InlineData(-3.456, 12.0, "-3.5")]
    [InlineData(null, 12.0, "–")]
    public void Amount_in_a_table_has_the_digits_of_its_largest(double? value, double largest, string text) =>
        Assert.Equal(text, Figures.Amount(value, largest));

    [Fact]
    public void Aligned_texts_have_their_points_below_each_other() =>
        Assert.Equal(["1    ", "2.5  ", "3.125"], Figures.Aligned(["1", "2.5", "3.125"]));

    [Fact]
    public void Exact_number_loses_its_trailing_zeros_only()
    {
        Assert.Equal("1,000", Figures.Exact(1000.000m));
        Assert.Equal("0.0385", Figures.Exact(0.03850m));
        Assert.Equal("+12.5", Figures.Signed(12.50m));
        Assert.Equal("-1,800", Figures.Signed(-1800m));
    }
}
