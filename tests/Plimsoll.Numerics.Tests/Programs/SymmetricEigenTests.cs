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

    /// <summary>Payoffs of many strikes on one price: eigenvalues fall to rounding, where noise is all there is.</summary>
    [Fact]
    public void Matrices_of_low_rank_converge_and_their_null_space_is_rounding()
    {
        for (int k = 0; k < 300; k++)
        {
            var random = new SeededRandom(43, (ulong)k);
            int n = 20 + random.NextInt(100);
            using var matrix = Strikes(random, n);
            var eigen = SymmetricEigen.Of(matrix);
            using var again = eigen.Rebuild(eigen.Values);
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                Assert.Equal(matrix[i, j], again[i, j], 1e-12);
            Assert.True(eigen.Values[0] > -1e-13 * n, $"{k}: {eigen.Values[0]}");
        }
    }

    /// <summary>Correlations of calls struck along a grid, each twice, over a few hundred prices.</summary>
    static SymmetricMatrix Strikes(SeededRandom random, int n)
    {
        var columns = new ColumnMatrix(300, n);
        double[] equal = [.. Enumerable.Repeat(1.0 / 300, 300)];
        for (int s = 0; s < 300; s++)
        {
            double price = Math.Exp(0.05 * random.NextNormal());
            for (int i = 0; i < n; i++)
                columns[s, i] = Math.Max(0, price - 0.8 - 0.4 * (i / 2) / n);
        }
        var matrix = new SymmetricMatrix(n);
        WeightedGram.Add(columns, equal, matrix);
        var deviation = new double[n];
        for (int i = 0; i < n; i++)
            deviation[i] = Math.Sqrt(matrix[i, i]);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            matrix[i, j] = deviation[i] > 0 && deviation[j] > 0 ? matrix[i, j] / deviation[i] / deviation[j] : 0;
        return matrix;
    }
}
