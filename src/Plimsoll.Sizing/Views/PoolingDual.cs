namespace Plimsoll.Sizing;

/// <summary>min over θ of log E_p exp(Σ θ (f − b)), in standardised coordinates.</summary>
sealed class PoolingDual
{
    /// <summary>Below this decrease of the dual a Newton step is trusted: its change is lost in rounding.</summary>
    const double Trusted = 1e-13;

    readonly double[] prior;
    readonly IReadOnlyList<PoolingTarget> targets;
    readonly int count;
    readonly double[] centre;
    readonly double[] scale;
    readonly double[] theta;
    readonly double[] logWeight;
    readonly double[][] response;

    public PoolingDual(double[] prior, IReadOnlyList<PoolingTarget> targets)
    {
        (this.prior, this.targets, count) = (prior, targets, targets.Count);
        (centre, scale, theta) = (new double[count], new double[count], new double[count]);
        logWeight = new double[prior.Length];
        response = new double[count][];
        for (int j = 0; j < count; j++)
        {
            response[j] = new double[prior.Length];
            centre[j] = targets[j].IsEvent ? 0 : targets[j].Target;
            scale[j] = targets[j].IsEvent ? 1 : Deviation(prior, targets[j].Rows);
        }
    }

    public int WorstTarget { get; private set; }

    public double[]? Minimise(int steps, double tolerance)
    {
        double value = Evaluate(theta);
        var (gradient, hessian) = Derivatives();
        for (int step = 0; step < steps; step++)
        {
            double residual = 0;
            for (int j = 0; j < count; j++)
                if (Math.Abs(gradient[j]) > residual)
                    (residual, WorstTarget) = (Math.Abs(gradient[j]), j);
            if (residual <= tolerance)
                return Weights();
            double[] direction = PivotedSolve(hessian, gradient);
            double slope = 0;
            for (int j = 0; j < count; j++)
                slope -= gradient[j] * direction[j];
            double length = 1;
            var trial = new double[count];
            double next = value;
            for (int halving = 0; halving < 60; halving++, length /= 2)
            {
                for (int j = 0; j < count; j++)
                    trial[j] = theta[j] - length * direction[j];
                next = Evaluate(trial);
                if (next <= value + 1e-4 * length * slope || -slope < Trusted)
                    break;
            }
            Array.Copy(trial, theta, count);
            if (theta.Any(t => Math.Abs(t) > 700))
                return null;
            value = next;
            (gradient, hessian) = Derivatives();
        }
        double left = gradient.Length == 0 ? 0 : gradient.Max(Math.Abs);
        return left <= 1e-9 ? Weights() : null;
    }

    /// <summary>Fills logWeight with the normalised log weights and returns the dual value.</summary>
    double Evaluate(double[] at)
    {
        double constant = 0;
        for (int s = 0; s < prior.Length; s++)
            logWeight[s] = prior[s] > 0 ? Math.Log(prior[s]) : double.NegativeInfinity;
        for (int j = 0; j < count; j++)
        {
            double[] rows = targets[j].Rows;
            if (targets[j].IsEvent)
            {
                constant -= at[j] * targets[j].Target;
                double lift = Math.Exp(at[j]) - 1;
                for (int s = 0; s < prior.Length; s++)
                    logWeight[s] += Math.Log(1 + lift * rows[s]);
            }
            else
                for (int s = 0; s < prior.Length; s++)
                    logWeight[s] += at[j] * (rows[s] - centre[j]) / scale[j];
        }
        double most = double.NegativeInfinity;
        foreach (double w in logWeight)
            most = Math.Max(most, w);
        double sum = 0;
        foreach (double w in logWeight)
            sum += Math.Exp(w - most);
        double logSum = most + Math.Log(sum);
        for (int s = 0; s < prior.Length; s++)
            logWeight[s] -= logSum;
        return logSum + constant;
    }

    (double[] Gradient, double[,] Hessian) Derivatives()
    {
        double[] weights = Weights();
        var gradient = new double[count];
        var mean = new double[count];
        var hessian = new double[count, count];
        for (int j = 0; j < count; j++)
        {
            double[] rows = targets[j].Rows;
            double lift = Math.Exp(theta[j]);
            double sum = 0,
                binary = 0;
            for (int s = 0; s < prior.Length; s++)
            {
                double value = targets[j].IsEvent
                    ? lift * rows[s] / (lift * rows[s] + 1 - rows[s])
                    : (rows[s] - centre[j]) / scale[j];
                response[j][s] = value;
                sum += weights[s] * value;
                if (targets[j].IsEvent)
                    binary += weights[s] * value * (1 - value);
            }
            mean[j] = sum;
            gradient[j] = sum - (targets[j].IsEvent ? targets[j].Target : 0);
            hessian[j, j] = binary;
        }
        for (int j = 0; j < count; j++)
        for (int k = 0; k <= j; k++)
        {
            double sum = 0;
            for (int s = 0; s < prior.Length; s++)
                sum += weights[s] * (response[j][s] - mean[j]) * (response[k][s] - mean[k]);
            hessian[j, k] += sum;
            if (k != j)
                hessian[k, j] = hessian[j, k];
        }
        return (gradient, hessian);
    }

    double[] Weights()
    {
        var weights = new double[prior.Length];
        for (int s = 0; s < prior.Length; s++)
            weights[s] = Math.Exp(logWeight[s]);
        return weights;
    }

    static double Deviation(double[] prior, double[] rows)
    {
        double mean = 0,
            square = 0;
        for (int s = 0; s < prior.Length; s++)
            mean += prior[s] * rows[s];
        for (int s = 0; s < prior.Length; s++)
            square += prior[s] * (rows[s] - mean) * (rows[s] - mean);
        return square > 0 ? Math.Sqrt(square) : 1;
    }

    /// <summary>Solves H d = g; directions in which H vanishes (redundant targets) get no step.</summary>
    static double[] PivotedSolve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        var a = (double[,])matrix.Clone();
        var order = Enumerable.Range(0, n).ToArray();
        double first = 0;
        for (int j = 0; j < n; j++)
            first = Math.Max(first, a[j, j]);
        int rank = 0;
        for (; rank < n; rank++)
        {
            int pivot = rank;
            for (int j = rank + 1; j < n; j++)
                if (a[order[j], order[j]] > a[order[pivot], order[pivot]])
                    pivot = j;
            (order[rank], order[pivot]) = (order[pivot], order[rank]);
            int p = order[rank];
            if (!(a[p, p] > 1e-13 * first))
                break;
            a[p, p] = Math.Sqrt(a[p, p]);
            for (int i = rank + 1; i < n; i++)
                a[order[i], p] /= a[p, p];
            for (int i = rank + 1; i < n; i++)
            for (int j = rank + 1; j < n; j++)
                a[order[i], order[j]] -= a[order[i], p] * a[order[j], p];
        }
        var forward = new double[n];
        for (int i = 0; i < rank; i++)
        {
            double sum = right[order[i]];
            for (int j = 0; j < i; j++)
                sum -= a[order[i], order[j]] * forward[j];
            forward[i] = sum / a[order[i], order[i]];
        }
        var solution = new double[n];
        for (int i = rank - 1; i >= 0; i--)
        {
            double sum = forward[i];
            for (int j = i + 1; j < rank; j++)
                sum -= a[order[j], order[i]] * solution[order[j]];
            solution[order[i]] = sum / a[order[i], order[i]];
        }
        return solution;
    }
}
