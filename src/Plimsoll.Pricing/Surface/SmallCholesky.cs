namespace Plimsoll.Pricing;

/// <summary>Solves small symmetric positive systems given by their lower triangle (row-major) without allocating.</summary>
static class SmallCholesky
{
    /// <summary>Whether the matrix was positive definite; its lower triangle is overwritten.</summary>
    public static bool Solve(Span<double> matrix, ReadOnlySpan<double> right, Span<double> solution, int size)
    {
        for (int i = 0; i < size; i++)
        for (int j = 0; j <= i; j++)
        {
            double sum = matrix[i * size + j];
            for (int k = 0; k < j; k++)
                sum -= matrix[i * size + k] * matrix[j * size + k];
            if (i != j)
                matrix[i * size + j] = sum / matrix[j * size + j];
            else if (!(sum > 0))
                return false;
            else
                matrix[i * size + i] = Math.Sqrt(sum);
        }
        for (int i = 0; i < size; i++)
        {
            double sum = right[i];
            for (int k = 0; k < i; k++)
                sum -= matrix[i * size + k] * solution[k];
            solution[i] = sum / matrix[i * size + i];
        }
        for (int i = size - 1; i >= 0; i--)
        {
            double sum = solution[i];
            for (int k = i + 1; k < size; k++)
                sum -= matrix[k * size + i] * solution[k];
            solution[i] = sum / matrix[i * size + i];
        }
        return true;
    }
}
