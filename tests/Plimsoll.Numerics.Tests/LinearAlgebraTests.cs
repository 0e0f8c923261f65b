using MathNet.Numerics.LinearAlgebra;

namespace Plimsoll.Numerics.Tests;

public class LinearAlgebraTests
{
    static readonly object[] Kept = new object[1];

    static ColumnMatrix RandomMatrix(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new ColumnMatrix(rows, columns);
        for (int j = 0; j < columns; j++)
        for (int s = 0; s < rows; s++)
            matrix[s, j] = random.NextDouble() - 0.4;
        return matrix;
    }

    static double[] RandomVector(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.3)];
    }

    static double Lanes(Func<int, double> a, Func<int, double> b, int start, int end)
    {
        var lane = new double[8];
        for (int s = start; s < end; s++)
            lane[(s - start) % 8] = Math.FusedMultiplyAdd(a(s), b(s), lane[(s - start) % 8]);
        var four = new double[4];
        for (int i = 0; i < 4; i++)
            four[i] = lane[i] + lane[i + 4];
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(8, 4)]
    [InlineData(9, 5)]
    [InlineData(1037, 30)]
    public void Products_have_the_bits_of_the_documented_scalar_order(int rows, int columns)
    {
        using var x = RandomMatrix(rows, columns, 1);
        double[] q = RandomVector(columns, 2);
        double[] v = RandomVector(rows, 3);
        double[] start = RandomVector(rows, 4);
        var y = (double[])start.Clone();
        ColumnProducts.MultiplyAdd(x, q, y);
        for (int s = 0; s < rows; s++)
        {
            double sum = start[s];
            for (int j = 0; j < columns; j++)
                sum = Math.FusedMultiplyAdd(x[s, j], q[j], sum);
            Assert.Equal(sum, y[s]);
        }
        var z = new double[columns];
        ColumnProducts.TransposeMultiply(x, v, z);
        for (int j = 0; j < columns; j++)
            Assert.Equal(Lanes(s => x[s, j], s => v[s], 0, rows), z[j]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(513, 7)]
    [InlineData(2000, 41)]
    public void Weighted_gram_has_the_bits_of_the_documented_scalar_order(int rows, int columns)
    {
        using var x = RandomMatrix(rows, columns, 5);
        double[] d = RandomVector(rows, 6);
        using var gram = new SymmetricMatrix(columns);
        WeightedGram.Add(x, d, gram);
        for (int i = 0; i < columns; i++)
        for (int j = i; j < columns; j++)
        {
            double sum = 0;
            for (int start = 0; start < rows; start += 512)
                sum += Lanes(s => x[s, i] * d[s], s => x[s, j], start, Math.Min(start + 512, rows));
            Assert.Equal(sum, gram[i, j]);
        }
    }

    [Fact]
    public void Weighted_gram_has_equal_bits_on_one_and_two_threads()
    {
        using var x = RandomMatrix(3001, 67, 7);
        double[] d = RandomVector(3001, 8);
        using var one = new SymmetricMatrix(67);
        using var two = new SymmetricMatrix(67);
        WeightedGram.Add(x, d, one, 1);
        WeightedGram.Add(x, d, two, 2);
        for (int i = 0; i < 67; i++)
            Assert.True(one.Row(i)[i..67].SequenceEqual(two.Row(i)[i..67]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(50)]
    [InlineData(203)]
    public void Cholesky_solves_as_an_independent_library_does(int n)
    {
        using var x = RandomMatrix(n + 20, n, n);
        using var a = new SymmetricMatrix(n);
        WeightedGram.Add(x, [.. Enumerable.Repeat(1.0, n + 20)], a);
        double[] b = RandomVector(n, 9);
        var oracle = Matrix<double>.Build.Dense(n, n, (i, j) => a[i, j]);
        var expected = oracle.Cholesky().Solve(Vector<double>.Build.Dense(b));
        using var factor = new SymmetricMatrix(n);
        factor.CopyFrom(a);
        Assert.Equal(0, Cholesky.Factor(factor));
        var solution = new double[n];
        Cholesky.SolveRefined(a, factor, b, solution, new double[n], 3);
        for (int i = 0; i < n; i++)
            Assert.Equal(expected[i], solution[i], 1e-8 * (1 + Math.Abs(expected[i])));
        var product = new double[n];
        a.Multiply(solution, product);
        for (int i = 0; i < n; i++)
            Assert.Equal(b[i], product[i], 1e-11);
    }

    [Fact]
    public void Cholesky_leaves_duplicated_and_zero_columns_at_zero_and_still_solves()
    {
        using var x = RandomMatrix(40, 6, 11);
        x.Column(2).CopyTo(x.Column(4));
        x.Column(5).Clear();
        using var a = new SymmetricMatrix(6);
        WeightedGram.Add(x, [.. Enumerable.Repeat(1.0, 40)], a);
        double[] wanted = [1, 2, 3, 4, 5, 0];
        var b = new double[6];
        a.Multiply(wanted, b);
        using var factor = new SymmetricMatrix(6);
        factor.CopyFrom(a);
        Assert.Equal(2, Cholesky.Factor(factor));
        var solution = new double[6];
        Cholesky.SolveRefined(a, factor, b, solution, new double[6], 3);
        Assert.Equal(8, solution[2], 1e-9);
        Assert.Equal(0, solution[4], 1e-9);
        Assert.Equal(0, solution[5]);
    }

    [Theory, InlineData(1), InlineData(37), InlineData(400), InlineData(403), InlineData(413)]
    public void A_symmetric_product_is_that_of_plain_sums(int n)
    {
        var random = new SeededRandom(43, (ulong)n);
        using var a = new SymmetricMatrix(n);
        var full = new double[n, n];
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            a[i, j] = full[i, j] = full[j, i] = random.NextNormal();
        double[] v = [.. Enumerable.Range(0, n).Select(_ => random.NextNormal())];
        var product = new double[n];
        Array.Fill(product, double.NaN);
        a.Multiply(v, product);
        for (int i = 0; i < n; i++)
            Assert.Equal(Enumerable.Range(0, n).Sum(j => full[i, j] * v[j]), product[i], 1e-12 * n);
    }

    [Fact]
    public void Kernels_allocate_nothing()
    {
        using var x = RandomMatrix(600, 33, 12);
        double[] d = RandomVector(600, 13);
        double[] q = RandomVector(33, 14);
        var y = new double[600];
        using var a = new SymmetricMatrix(33);
        void Once()
        {
            Array.Clear(y);
            ColumnProducts.MultiplyAdd(x, q, y);
            ColumnProducts.TransposeMultiply(x, d, q);
            a.Clear();
            WeightedGram.Add(x, d, a);
            a[0, 0] += 1;
            Cholesky.Factor(a);
        }
        for (int i = 0; i < 60; i++)
            Once();
        Thread.Yield();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Kept[0] = new byte[100];
        Assert.True(GC.GetAllocatedBytesForCurrentThread() > before);
    }
}
