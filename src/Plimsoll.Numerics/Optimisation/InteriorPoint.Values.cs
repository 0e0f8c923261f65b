namespace Plimsoll.Numerics;

/// <content>Start, values, gradients and residuals.</content>
sealed partial class InteriorPoint
{
    /// <summary>Slacks and duals for the starting x.</summary>
    void Begin(double[] elastic, double first)
    {
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
        {
            Linear(group, term, state.X, term.LinearY);
            ColumnProducts.AddScaled(1, term.Base, term.LinearY);
        }
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            state.Elastic[k] = elastic[problem.Scalars[k].Limit];
            state.ElasticDual[k] = problem.Penalty[problem.Scalars[k].Limit];
        }
        problem.Constant.CopyTo(state.RowValue, 0);
        ColumnProducts.MultiplyAdd(problem.Rows, state.X, state.RowValue);
        EvaluateCost();
        for (int r = 0; r < state.Slack.Length; r++)
            BeginRow(r, first);
        EvaluateScalars();
        for (int k = 0; k < state.ScalarSlack.Length; k++)
        {
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                continue;
            state.ScalarSlack[k] = Math.Max(-state.ScalarResidual[k], first);
            state.ScalarDual[k] = first / state.ScalarSlack[k];
        }
        for (int j = 0; j < problem.Size; j++)
        {
            (state.Below[j], state.Above[j]) = (state.X[j] - problem.Lower[j], problem.Upper[j] - state.X[j]);
            if (double.IsFinite(problem.Lower[j]))
                state.LowerDual[j] = first / state.Below[j];
            if (double.IsFinite(problem.Upper[j]))
                state.UpperDual[j] = first / state.Above[j];
        }
        Evaluate();
    }

    void BeginRow(int r, double first)
    {
        double mass = problem.RowMass[r];
        if (HasExcess(r))
            state.Excess[r] = Math.Max(RowValue(r), 0) + first;
        state.Slack[r] = Math.Max(Give(r) - RowValue(r), first);
        state.RowDual[r] = first / state.Slack[r];
        if (!HasExcess(r))
            return;
        state.RowDual[r] = Math.Min(state.RowDual[r], mass);
        state.ExcessDual[r] = Math.Min(mass, first / state.Excess[r]);
    }

    double RowValue(int r) => state.RowValue[r] + problem.RowShare[r] * state.PowerCost;

    /// <summary>What a row may exceed zero by: its own ξ, or the elastic excess of its limit.</summary>
    double Give(int r) => HasExcess(r) ? state.Excess[r] : state.Elastic[problem.RowScalar[r]];

    /// <summary>Values after a move; a slack that is smaller than what the limit leaves is let out to it.</summary>
    void Evaluate()
    {
        EvaluateCost();
        for (int k = 0; k < problem.Scalars.Length; k++)
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                state.ScalarDual[k] = 0;
        for (int r = 0; r < state.Slack.Length; r++)
        {
            if (!HasExcess(r))
                state.ScalarDual[problem.RowScalar[r]] += state.RowDual[r];
            state.RowResidual[r] = RowValue(r) - Give(r) + state.Slack[r];
            if (state.RowResidual[r] >= 0)
                continue;
            state.Slack[r] -= state.RowResidual[r];
            state.RowResidual[r] = 0;
        }
        EvaluateScalars();
        for (int k = 0; k < state.ScalarSlack.Length; k++)
            if (state.ScalarResidual[k] < 0)
            {
                state.ScalarSlack[k] -= state.ScalarResidual[k];
                state.ScalarResidual[k] = 0;
            }
    }

    /// <summary>P(x) and what its gradient adds to rows and scenario values.</summary>
    void EvaluateCost()
    {
        state.PowerCost = problem.PowerCost(state.X);
        for (int j = 0; j < problem.Legs.Length; j++)
            if (problem.Power[j] > 0)
            {
                state.PowerGradient[j] = 1.5 * problem.Power[j] * Math.Sqrt(state.X[j]);
                problem.Rows.Column(j).CopyTo(rows.Column(j));
                ColumnProducts.AddScaled(state.PowerGradient[j], problem.RowShare, rows.Column(j));
            }
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
        {
            term.Broadcast.CopyTo(term.Along, 0);
            ColumnProducts.AddScaled(-term.CostShare, state.PowerGradient, term.Along);
            double share = term.CostShare * state.PowerCost;
            for (int s = 0; s < term.Y.Length; s++)
                term.Y[s] = term.LinearY[s] - share;
        }
    }

    void EvaluateScalars()
    {
        foreach (var group in problem.Groups)
        {
            foreach (var term in group.Terms)
                EvaluateTerm(term);
            Gradients(group);
        }
        for (int k = 0; k < problem.Scalars.Length; k++)
            if (problem.Scalars[k].Kind != ScalarKind.Rows)
                state.ScalarResidual[k] = ScalarValue(k) + state.ScalarSlack[k];
    }

    void EvaluateTerm(ScenarioTerm term)
    {
        double t = TimeOf(term);
        term.Value = TailMean.Evaluate(term.Y, term.Weights, t, term.Tilted, term.NegativeLog, out double slope);
        term.Slope = slope;
        double sum = 0;
        for (int s = 0; s < term.Y.Length; s++)
        {
            term.Pull[s] = term.Tilted[s] == 0 ? 0 : term.Tilted[s] / term.Y[s];
            sum += term.Pull[s];
        }
        term.PullSum = sum;
    }

    /// <summary>Gradients of a group's terms, two at a time: the matrix is larger than the caches.</summary>
    void Gradients(ScenarioGroup group)
    {
        foreach (var term in group.Terms)
            Array.Clear(term.Gradient);
        for (int i = 0; i < group.Terms.Length; i += 2)
        {
            var one = group.Terms[i];
            if (i + 1 == group.Terms.Length)
                ColumnProducts.TransposeMultiply(group.Matrix, one.Pull, one.Gradient, threads);
            else
                ColumnProducts.TransposeMultiply(
                    group.Matrix,
                    one.Pull,
                    one.Gradient,
                    group.Terms[i + 1].Pull,
                    group.Terms[i + 1].Gradient,
                    threads
                );
        }
        foreach (var term in group.Terms)
        {
            ColumnProducts.AddScaled(term.PullSum, term.Along, term.Gradient);
            for (int j = 0; j < term.Gradient.Length; j++)
                term.Gradient[j] = -term.Gradient[j];
        }
    }

    double TimeOf(ScenarioTerm term) => term.TimeVariable >= 0 ? state.X[term.TimeVariable] : term.FixedT;

    /// <summary>Value of a scalar limit and its gradient, before slack.</summary>
    double ScalarValue(int k)
    {
        var scalar = problem.Scalars[k];
        var gradient = state.ScalarGradient[k];
        double value = scalar.Constant;
        Array.Clear(gradient);
        switch (scalar.Kind)
        {
            case ScalarKind.Shortfall:
                value += state.X[scalar.Variable];
                gradient[scalar.Variable] = 1;
                for (int r = 0; r < problem.RowScalar.Length; r++)
                    if (problem.RowScalar[r] == k)
                        value += problem.RowMass[r] * state.Excess[r];
                break;
            case ScalarKind.Drawdown:
                var term = scalar.Term!;
                value += term.Coefficient * term.Value;
                ColumnProducts.AddScaled(term.Coefficient, term.Gradient, gradient);
                if (scalar.Variable < 0)
                    break;
                value += scalar.Rate * state.X[scalar.Variable];
                gradient[scalar.Variable] = term.Coefficient * term.Slope + scalar.Rate;
                break;
        }
        return value - state.Elastic[k];
    }

    /// <summary>Stationarity residual and the three measures of how far the point is from optimal.</summary>
    void Residuals()
    {
        var dual = state.Dual;
        problem.Linear.CopyTo(dual, 0);
        ColumnProducts.AddScaled(problem.ObjectiveShare, state.PowerGradient, dual);
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
            if (IsObjective(term))
                ColumnProducts.AddScaled(term.Coefficient, term.Gradient, dual);
        ColumnProducts.TransposeMultiply(rows, state.RowDual, state.Room);
        ColumnProducts.AddScaled(1, state.Room, dual);
        double infeasibility = 0;
        double sum = 0;
        double error = 0;
        for (int k = 0; k < state.ScalarSlack.Length; k++)
        {
            sum += state.Elastic[k] * state.ElasticDual[k];
            error += state.Elastic[k] * Math.Abs(ElasticStationarity(k));
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                continue;
            ColumnProducts.AddScaled(state.ScalarDual[k], state.ScalarGradient[k], dual);
            infeasibility = Math.Max(infeasibility, Math.Abs(state.ScalarResidual[k]));
            sum += state.ScalarSlack[k] * state.ScalarDual[k];
        }
        for (int r = 0; r < state.Slack.Length; r++)
        {
            infeasibility = Math.Max(infeasibility, Math.Abs(state.RowResidual[r]));
            sum += state.Slack[r] * state.RowDual[r];
            if (!HasExcess(r))
                continue;
            sum += state.Excess[r] * state.ExcessDual[r];
            error += state.Excess[r] * Math.Abs(ExcessStationarity(r));
        }
        for (int j = 0; j < problem.Size; j++)
        {
            dual[j] += state.UpperDual[j] - state.LowerDual[j];
            double below = state.Below[j];
            double above = state.Above[j];
            sum += double.IsFinite(below) ? below * state.LowerDual[j] : 0;
            sum += double.IsFinite(above) ? above * state.UpperDual[j] : 0;
            bool boxed = j < problem.AuxiliaryStart && double.IsFinite(below + above);
            double width = boxed ? below + above : Math.Max(1, Math.Abs(state.X[j]));
            error += Math.Abs(dual[j]) * width;
        }
        (Complementarity, Infeasibility, DualError) = (sum, infeasibility, error);
    }

    bool IsObjective(ScenarioTerm term)
    {
        foreach (var scalar in problem.Scalars)
            if (ReferenceEquals(scalar.Term, term))
                return false;
        return true;
    }

    double ElasticStationarity(int k) =>
        problem.Penalty[problem.Scalars[k].Limit] - state.ScalarDual[k] - state.ElasticDual[k];

    double ExcessStationarity(int r) =>
        state.ScalarDual[problem.RowScalar[r]] * problem.RowMass[r] - state.RowDual[r] - state.ExcessDual[r];
}
