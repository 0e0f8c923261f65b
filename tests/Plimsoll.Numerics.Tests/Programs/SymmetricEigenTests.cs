namespace Plimsoll.Numerics.Tests;

/// <summary>Eigenvalues against traces, closed forms and the matrix itself.</summary>
public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(40)]
    [InlineData(150)]
    public void The_parts_rebuild_the_matrix_and_are_orthonormal(int n)
    {
        using var a = BarrierQuadraticTests.Covariance(new SeededRandom(3, (ulong)n), n, 1);
        var eigen = SymmetricEigen.Of(a);
        using var again = eigen.Rebuild(eigen.Values);
        double size = eigen.Values[^1];
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
        {
            Assert.Equal(a[i, j], again[i, j], 1e-12 * size);
            double dot = ColumnProducts.Dot(eigen.Vector(i), eigen.Vector(j));
            Assert.Equal(i == j ? 1 : 0, dot, 1e-12);
        }
        for (int i = 1; i < n; i++)
            Assert.True(eigen.Values[i - 1] <= eigen.Values[i]);
    }

    [Fact]
    public void Equal_correlations_have_their_closed_form()
    {
        using var a = new SymmetricMatrix(5);
        for (int i = 0; i < 5; i++)
        for (int j = i; j < 5; j++)
            a[i, j] = i == j ? 1 : 0.3;
        var eigen = SymmetricEigen.Of(a);
        for (int k = 0; k < 4; k++)
            Assert.Equal(0.7, eigen.Values[k], 1e-14);
        Assert.Equal(2.2, eigen.Values[4], 1e-14);
        Assert.All(eigen.Vector(4).ToArray(), v => Assert.Equal(1 / Math.Sqrt(5), v, 1e-14));
    }

    [Fact]
    public void A_diagonal_matrix_and_a_zero_matrix_decompose()
    {
        using var a = new SymmetricMatrix(3);
        (a[0, 0], a[1, 1], a[2, 2]) = (3, 1e-6, 2);
        Assert.Equal([1e-6, 2, 3], SymmetricEigen.Of(a).Values);
        using var zero = new SymmetricMatrix(4);
        Assert.Equal([0, 0, 0, 0], SymmetricEigen.Of(zero).Values);
    }
}
