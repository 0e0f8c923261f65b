namespace Plimsoll.Numerics;

/// <summary>The scaled problem of <see cref="BarrierQuadratic"/>: unit diagonal, weights that sum to 1.</summary>
sealed class BarrierQuadraticWork : IDisposable
{
    const int MostConjugateSteps = 400;
    const int WarmRounds = 8;

    readonly int n;
    readonly double total;
    readonly SymmetricMatrix correlation;
    readonly SymmetricMatrix system;
    readonly double[] weight;
    readonly double[] deviation;
    readonly double[] y;
    readonly double[] product;
    readonly double[] gradient;
    readonly double[] step;
    readonly double[] scratch;

    public BarrierQuadraticWork(SymmetricMatrix s, ReadOnlySpan<double> b, double total)
    {
        (n, this.total) = (s.Size, total);
        (correlation, system) = (new SymmetricMatrix(n), new SymmetricMatrix(n));
        (weight, deviation, y) = (new double[n], new double[n], new double[n]);
        (product, gradient, step, scratch) = (new double[n], new double[n], new double[n], new double[n]);
        for (int i = 0; i < n; i++)
        {
            deviation[i] = Math.Sqrt(s[i, i]);
            weight[i] = b[i] / total;
            y[i] = Math.Sqrt(weight[i]);
        }
        for (int i = 0; i < n; i++)
        {
            var from = s.Row(i);
            var into = correlation.Row(i);
            for (int j = i; j < n; j++)
                into[j] = from[j] / deviation[i] / deviation[j];
            into[i] = 1;
        }
        Warm();
    }

    /// <summary>A start of the right size: the geometric fixed point y ← √(y·b/(Cy)), where Cy is positive.</summary>
    void Warm()
    {
        for (int round = 0; round < WarmRounds; round++)
        {
            correlation.Multiply(y, product);
            double square = 0;
            for (int i = 0; i < n; i++)
                square += y[i] * product[i];
            double root = square > 0 ? 1 / Math.Sqrt(square) : 1;
            for (int i = 0; i < n; i++)
            {
                double pull = product[i] * root;
                y[i] *= root;
                if (pull > 0.1 * y[i])
                    y[i] = Math.Sqrt(y[i] * weight[i] / pull);
            }
        }
    }

    /// <summary>
    /// max |y_i·(Cy)_i − b_i|/(b_i + y_i²): the miss against the weight and the unknown's own square, of which the
    /// weight
    /// may be a small difference that no double can hold better.
    /// </summary>
    public double Residual()
    {
        correlation.Multiply(y, product);
        double worst = 0;
        for (int i = 0; i < n; i++)
        {
            gradient[i] = y[i] * product[i] - weight[i];
            double relative = Math.Abs(gradient[i]) / (weight[i] + y[i] * y[i]);
            if (!(relative <= worst))
                worst = relative;
        }
        return worst;
    }

    /// <summary>Newton direction in relative steps; false where the matrix is not positive semidefinite.</summary>
    public bool Direction(bool factored, double accuracy)
    {
        for (int i = 0; i < n; i++)
            step[i] = -gradient[i];
        return !factored && ConjugateGradients(accuracy) || Factored();
    }

    /// <summary>Squared Newton decrement of the last direction.</summary>
    public double Decrement()
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += gradient[i] * gradient[i] / weight[i];
        return sum;
    }

    public double LargestRelativeStep()
    {
        double most = 0;
        foreach (double relative in step)
            if (!(Math.Abs(relative) <= most))
                most = Math.Abs(relative);
        return most;
    }

    /// <summary>Where the objective is least along the direction.</summary>
    public double BestLength()
    {
        for (int i = 0; i < n; i++)
            scratch[i] = y[i] * step[i];
        double slope = ColumnProducts.Dot(product, scratch);
        correlation.Multiply(scratch, product);
        double curve = ColumnProducts.Dot(product, scratch);
        double least = 0;
        foreach (double relative in step)
            least = Math.Min(least, relative);
        double high = least < 0 ? -1 / least : double.PositiveInfinity;
        double low = 0,
            at = Math.Min(1, 0.5 * high);
        for (int k = 0; k < 60; k++)
        {
            double first = slope + at * curve,
                second = curve;
            for (int i = 0; i < n; i++)
            {
                double ratio = step[i] / (1 + at * step[i]);
                first -= weight[i] * ratio;
                second += weight[i] * ratio * ratio;
            }
            if (first < 0)
                low = at;
            else
                high = at;
            double next = at - first / second;
            if (Math.Abs(next - at) <= 1e-3 * at)
                return at;
            at = next > low && next < high ? next : 0.5 * (low + Math.Min(high, 4 * at));
        }
        return low > 0 ? low : at;
    }

    public void Move(double length)
    {
        for (int i = 0; i < n; i++)
            y[i] *= 1 + length * step[i];
    }

    public double Largest()
    {
        double most = 0;
        foreach (double amount in y)
            most = Math.Max(most, amount);
        return most;
    }

    public void Unscale(Span<double> x)
    {
        double root = Math.Sqrt(total);
        for (int i = 0; i < n; i++)
            x[i] = root * y[i] / deviation[i];
    }

    public void Dispose()
    {
        correlation.Dispose();
        system.Dispose();
    }

    bool Factored()
    {
        for (int i = 0; i < n; i++)
        {
            step[i] = -gradient[i];
            var from = correlation.Row(i);
            var into = system.Row(i);
            for (int j = i; j < n; j++)
                into[j] = y[i] * y[j] * from[j];
            into[i] += weight[i];
        }
        if (Cholesky.Factor(system) > 0)
            return false;
        Cholesky.Solve(system, step);
        return true;
    }

    /// <summary>Conjugate gradients with the diagonal as preconditioner; false where they stall.</summary>
    bool ConjugateGradients(double accuracy)
    {
        var (residual, direction, image) = (new double[n], new double[n], new double[n]);
        Array.Clear(step);
        double start = 0,
            inner = 0;
        for (int i = 0; i < n; i++)
        {
            residual[i] = -gradient[i];
            direction[i] = residual[i] / (y[i] * y[i] + weight[i]);
            inner += residual[i] * direction[i];
        }
        start = inner;
        for (int k = 0; k < MostConjugateSteps; k++)
        {
            if (inner <= accuracy * accuracy * start)
                return true;
            for (int i = 0; i < n; i++)
                scratch[i] = y[i] * direction[i];
            correlation.Multiply(scratch, image);
            for (int i = 0; i < n; i++)
                image[i] = y[i] * image[i] + weight[i] * direction[i];
            double curvature = ColumnProducts.Dot(direction, image);
            if (!(curvature > 0))
                return false;
            double length = inner / curvature;
            ColumnProducts.AddScaled(length, direction, step);
            ColumnProducts.AddScaled(-length, image, residual);
            double next = 0;
            for (int i = 0; i < n; i++)
            {
                scratch[i] = residual[i] / (y[i] * y[i] + weight[i]);
                next += residual[i] * scratch[i];
            }
            double ratio = next / inner;
            for (int i = 0; i < n; i++)
                direction[i] = scratch[i] + ratio * direction[i];
            inner = next;
        }
        return false;
    }
}
