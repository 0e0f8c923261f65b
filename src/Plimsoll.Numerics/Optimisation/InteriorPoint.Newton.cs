namespace Plimsoll.Numerics;

/// <content>The Newton system: its matrix, and a direction for a given centring.</content>
sealed partial class InteriorPoint
{
    /// <summary>Relative to the diagonal; keeps near-duplicate columns apart, and refinement takes it out
    /// again.</summary>
    const double Ridge = 1e-15;

    void Factor()
    {
        hessian.Clear();
        for (int g = 0; g < problem.Groups.Length; g++)
            AddGroup(problem.Groups[g], groupWeights[g]);
        AddRows();
        AddCost();
        for (int j = 0; j < problem.Size; j++)
        {
            double diagonal = 0;
            if (double.IsFinite(problem.Lower[j]))
                diagonal += state.LowerDual[j] / state.Below[j];
            if (double.IsFinite(problem.Upper[j]))
                diagonal += state.UpperDual[j] / state.Above[j];
            hessian.Row(j)[j] += diagonal;
        }
        factor.CopyFrom(hessian);
        for (int j = 0; j < problem.Size; j++)
            factor.Row(j)[j] *= 1 + Ridge;
        Cholesky.Factor(factor);
        FactorBorder();
    }

    /// <summary>Curvature of P(x), at the price that all rows, terms and the objective put on it.</summary>
    void AddCost()
    {
        double price = problem.ObjectiveShare + ColumnProducts.Dot(problem.RowShare, state.RowDual);
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
            price += Multiplier(term) * term.CostShare * term.PullSum;
        for (int j = 0; j < problem.Legs.Length; j++)
            if (problem.Power[j] > 0)
                hessian.Row(j)[j] += price * 0.75 * problem.Power[j] / Math.Sqrt(state.X[j]);
    }

    /// <summary>Curvature of all terms of one group: (1 + 1/t)·JᵀDJ − (1/t)·∇Φ∇Φᵀ and the border in t.</summary>
    void AddGroup(ScenarioGroup group, double[] weights)
    {
        Array.Clear(weights);
        foreach (var term in group.Terms)
        {
            double multiplier = Multiplier(term);
            double inverse = 1 / TimeOf(term);
            double factor = multiplier * (1 + inverse);
            var own = term.Step;
            for (int s = 0; s < weights.Length; s++)
            {
                own[s] = term.Pull[s] == 0 ? 0 : factor * term.Pull[s] / term.Y[s];
                weights[s] += own[s];
            }
            bool isBroadcast = term.Along.AsSpan().ContainsAnyExcept(0.0);
            bool isTimed = term.TimeVariable >= 0;
            var (h, cross) = (state.Room, state.Correction);
            Array.Clear(h);
            Array.Clear(cross);
            var (tilted, variance) = isTimed ? Tilt(term) : default;
            if (isBroadcast && isTimed)
                ColumnProducts.TransposeMultiply(group.Matrix, own, h, scenarioRoom, cross, threads);
            else if (isBroadcast)
                ColumnProducts.TransposeMultiply(group.Matrix, own, h, threads);
            else if (isTimed)
                ColumnProducts.TransposeMultiply(group.Matrix, scenarioRoom, cross, threads);
            if (isBroadcast)
                AddBroadcast(term, own, h);
            if (inverse > 0)
                hessian.AddOuterProduct(-multiplier * inverse, term.Gradient);
            if (isTimed)
            {
                double second = multiplier * inverse * inverse;
                AddTime(term, second, second * inverse * variance, tilted, cross);
            }
        }
        WeightedGram.Add(group.Matrix, weights, hessian, threads);
    }

    double Multiplier(ScenarioTerm term)
    {
        for (int k = 0; k < problem.Scalars.Length; k++)
            if (ReferenceEquals(problem.Scalars[k].Term, term))
                return state.ScalarDual[k] * term.Coefficient;
        return term.Coefficient;
    }

    /// <summary>h·gᵀ + g·hᵀ + (Σ D)·g·gᵀ with h = Mᵀ D 1: what rows M_s + g add beyond the Gram matrix of M.</summary>
    void AddBroadcast(ScenarioTerm term, double[] weights, double[] h)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        ColumnProducts.AddScaled(0.5 * sum, term.Along, h);
        int n = problem.Size;
        for (int i = 0; i < n; i++)
        {
            var row = hessian.Row(i)[i..n];
            if (h[i] != 0)
                ColumnProducts.AddScaled(h[i], term.Along.AsSpan(i, n - i), row);
            if (term.Along[i] != 0)
                ColumnProducts.AddScaled(term.Along[i], h.AsSpan(i, n - i), row);
        }
    }

    /// <summary>Pull times deviation of −log y, into the room for scenarios: their sum, and the variance.</summary>
    (double Sum, double Variance) Tilt(ScenarioTerm term)
    {
        double mean = ColumnProducts.Dot(term.Tilted, term.NegativeLog);
        double variance = 0;
        double sum = 0;
        for (int s = 0; s < term.NegativeLog.Length; s++)
        {
            double deviation = term.NegativeLog[s] - mean;
            variance += term.Tilted[s] * deviation * deviation;
            scenarioRoom[s] = term.Pull[s] * deviation;
            sum += scenarioRoom[s];
        }
        return (sum, variance);
    }

    /// <summary>The border in t, from Mᵀ of the tilt and what its sum adds along the broadcast.</summary>
    void AddTime(ScenarioTerm term, double factor, double diagonal, double tilted, double[] cross)
    {
        ColumnProducts.AddScaled(tilted, term.Along, cross);
        int time = term.TimeVariable;
        for (int j = 0; j < time; j++)
            hessian.Row(j)[time] += factor * cross[j];
        hessian.Row(time)[time] += diagonal;
    }

    /// <summary>Rows after elimination of slack and excess, and the rank-one part of each limit.</summary>
    /// <remarks>
    /// A limit of rows is their sum weighted by curvature: its mean row is the limit's gradient and the rows' spread
    /// about it the rest. Taken about the mean, no digits are lost when one row's weight is enormous.
    /// </remarks>
    void AddRows()
    {
        Weigh();
        Centre();
        WeightedGram.Add(centred, state.RowWeight, hessian, threads);
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            if (problem.Scalars[k].Kind == ScalarKind.Shortfall)
                AddCoupling(k);
            state.ScalarWeight[k] += state.Elastic[k] / state.ElasticDual[k];
            hessian.AddOuterProduct(Stiffness(k), state.ScalarCoupled[k]);
        }
    }

    /// <summary>Curvature weight of every row and compliance of every limit.</summary>
    void Weigh()
    {
        Array.Clear(state.RowWeightSum);
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                continue;
            state.ScalarWeight[k] = state.ScalarSlack[k] / state.ScalarDual[k];
            state.ScalarGradient[k].CopyTo(state.ScalarCoupled[k], 0);
        }
        for (int r = 0; r < state.Slack.Length; r++)
        {
            double give = state.Slack[r] / state.RowDual[r];
            int k = problem.RowScalar[r];
            if (!HasExcess(r))
            {
                state.RowWeight[r] = 1 / give;
                state.RowWeightSum[k] += 1 / give;
                continue;
            }
            double pull = state.ExcessDual[r] / state.Excess[r];
            double mass = problem.RowMass[r];
            state.RowWeight[r] = pull / (1 + give * pull);
            state.Coupling[r] = mass / (1 + give * pull);
            state.ScalarWeight[k] += give * mass * state.Coupling[r];
        }
        for (int k = 0; k < problem.Scalars.Length; k++)
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                state.ScalarWeight[k] = 1 / state.RowWeightSum[k];
    }

    /// <summary>Rows less the weighted mean row of their limit; the mean is the limit's gradient.</summary>
    void Centre()
    {
        for (int start = 0, end; start < problem.RowScalar.Length; start = end)
        {
            int k = problem.RowScalar[start];
            for (end = start + 1; end < problem.RowScalar.Length && problem.RowScalar[end] == k; )
                end++;
            if (problem.Scalars[k].Kind != ScalarKind.Rows)
            {
                for (int j = 0; j < problem.Size; j++)
                    rows.Column(j)[start..end].CopyTo(centred.Column(j)[start..end]);
                continue;
            }
            var share = state.RowRoom.AsSpan(start, end - start);
            for (int r = 0; r < share.Length; r++)
                share[r] = state.RowWeight[start + r] / state.RowWeightSum[k];
            for (int j = 0; j < problem.Size; j++)
                state.ScalarCoupled[k][j] = Centre(
                    rows.Column(j)[start..end],
                    share,
                    centred.Column(j).Slice(start, end - start)
                );
        }
    }

    /// <summary>One column of one limit less its mean, which is returned.</summary>
    static double Centre(ReadOnlySpan<double> from, ReadOnlySpan<double> share, Span<double> into)
    {
        double mean = 0;
        for (int r = 0; r < from.Length; r++)
            mean += share[r] * from[r];
        for (int r = 0; r < into.Length; r++)
            into[r] = from[r] - mean;
        return mean;
    }

    void AddCoupling(int k)
    {
        for (int r = 0; r < state.RowRoom.Length; r++)
            state.RowRoom[r] = problem.RowScalar[r] == k ? state.Coupling[r] : 0;
        ColumnProducts.TransposeMultiply(rows, state.RowRoom, state.Room);
        ColumnProducts.AddScaled(1, state.Room, state.ScalarCoupled[k]);
    }
}
