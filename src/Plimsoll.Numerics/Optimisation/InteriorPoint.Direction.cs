namespace Plimsoll.Numerics;

/// <content>A direction for a given centring, from the factored Newton system.</content>
sealed partial class InteriorPoint
{
    /// <summary>Direction toward complementarity <paramref name="mean"/>; less the last direction's products, in
    /// part.</summary>
    void Solve(double mean, double second)
    {
        Targets(mean, second);
        Array.Clear(state.RowSum);
        for (int k = 0; k < problem.Scalars.Length; k++)
            state.ScalarConstant[k] =
                problem.Scalars[k].Kind == ScalarKind.Rows
                    ? 0
                    : state.ScalarResidual[k] + state.ScalarTarget[k] / state.ScalarDual[k];
        for (int r = 0; r < state.Slack.Length; r++)
            RowConstant(r);
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            if (problem.Scalars[k].Kind == ScalarKind.Rows)
                state.ScalarConstant[k] = state.RowSum[k] / state.RowWeightSum[k];
            state.ScalarConstant[k] -= ElasticConstant(k);
        }
        RightSide();
        SolveBordered();
        Array.Clear(state.RowStep);
        ColumnProducts.MultiplyAdd(rows, state.Step, state.RowStep);
        Array.Clear(state.RowRoom);
        ColumnProducts.MultiplyAdd(centred, state.Step, state.RowRoom);
        Unfold();
    }

    /// <summary>Part of the step of e that does not depend on the direction.</summary>
    double ElasticConstant(int k) =>
        (state.ElasticTarget[k] - state.Elastic[k] * ElasticStationarity(k)) / state.ElasticDual[k];

    /// <summary>What each complementarity product is to gain in the step, second-order part taken out.</summary>
    void Targets(double mean, double second)
    {
        for (int r = 0; r < state.Slack.Length; r++)
        {
            double product = state.Slack[r] * state.RowDual[r] + second * state.SlackStep[r] * state.RowDualStep[r];
            state.SlackTarget[r] = mean - product;
            if (!HasExcess(r))
                continue;
            product = state.Excess[r] * state.ExcessDual[r] + second * state.ExcessStep[r] * state.ExcessDualStep[r];
            state.ExcessTarget[r] = mean - product;
        }
        for (int k = 0; k < state.ScalarSlack.Length; k++)
        {
            double product = second * state.ScalarSlackStep[k] * state.ScalarDualStep[k];
            state.ScalarTarget[k] = mean - state.ScalarSlack[k] * state.ScalarDual[k] - product;
            product = second * state.ElasticStep[k] * state.ElasticDualStep[k];
            state.ElasticTarget[k] = mean - state.Elastic[k] * state.ElasticDual[k] - product;
        }
        for (int j = 0; j < problem.Size; j++)
        {
            double below = state.Below[j];
            double above = state.Above[j];
            double moved = second * state.Step[j];
            if (double.IsFinite(below))
                state.LowerTarget[j] = mean - below * state.LowerDual[j] - moved * state.LowerDualStep[j];
            if (double.IsFinite(above))
                state.UpperTarget[j] = mean - above * state.UpperDual[j] + moved * state.UpperDualStep[j];
        }
    }

    /// <summary>Part of a row's dual step that does not depend on the direction; for a shortfall also that of
    /// ξ.</summary>
    void RowConstant(int r)
    {
        if (!HasExcess(r))
        {
            double target = state.SlackTarget[r] + state.RowDual[r] * state.RowResidual[r];
            state.RowConstant[r] = target / state.Slack[r];
            state.RowSum[problem.RowScalar[r]] += state.RowConstant[r];
            return;
        }
        double give = state.Slack[r] / state.RowDual[r];
        double pull = state.ExcessDual[r] / state.Excess[r];
        double free = ExcessStationarity(r) - state.ExcessTarget[r] / state.Excess[r];
        double shift = state.RowResidual[r] + state.SlackTarget[r] / state.RowDual[r] - give * free;
        double share = shift / (1 + give * pull);
        state.ExcessConstant[r] = shift;
        state.RowConstant[r] = free + pull * share;
        state.ScalarConstant[problem.RowScalar[r]] += problem.RowMass[r] * share;
    }

    void RightSide()
    {
        var right = state.Right;
        ColumnProducts.TransposeMultiply(centred, state.RowConstant, right);
        for (int k = 0; k < problem.Scalars.Length; k++)
            ColumnProducts.AddScaled(state.ScalarConstant[k] * state.Theta[k], state.ScalarCoupled[k], right);
        for (int j = 0; j < problem.Size; j++)
        {
            right[j] = -right[j] - state.Dual[j];
            double below = state.Below[j];
            double above = state.Above[j];
            if (double.IsFinite(below))
                right[j] += state.LowerTarget[j] / below;
            if (double.IsFinite(above))
                right[j] -= state.UpperTarget[j] / above;
        }
    }

    /// <summary>Steps of all eliminated variables from the step of x.</summary>
    void Unfold()
    {
        for (int k = 0; k < problem.Scalars.Length; k++)
            UnfoldLimit(k);
        for (int r = 0; r < state.Slack.Length; r++)
            if (HasExcess(r))
                UnfoldExcess(r);
            else
                UnfoldRow(r);
        for (int j = 0; j < problem.Size; j++)
        {
            double below = state.Below[j];
            double above = state.Above[j];
            if (double.IsFinite(below))
                state.LowerDualStep[j] = (state.LowerTarget[j] - state.LowerDual[j] * state.Step[j]) / below;
            if (double.IsFinite(above))
                state.UpperDualStep[j] = (state.UpperTarget[j] + state.UpperDual[j] * state.Step[j]) / above;
        }
    }

    void UnfoldLimit(int k)
    {
        double along = ColumnProducts.Dot(state.ScalarCoupled[k], state.Step) + state.ScalarConstant[k];
        double dual = IsBordered(k)
            ? state.BorderDual[k] / (1 - state.ScalarWeight[k] * state.Theta[k])
            : along / state.ScalarWeight[k];
        state.ScalarDualStep[k] = dual;
        double give = state.Elastic[k] / state.ElasticDual[k];
        state.ElasticStep[k] = ElasticConstant(k) + give * dual;
        state.ElasticDualStep[k] = ElasticStationarity(k) - dual;
        if (problem.Scalars[k].Kind != ScalarKind.Rows)
            state.ScalarSlackStep[k] = (state.ScalarTarget[k] - state.ScalarSlack[k] * dual) / state.ScalarDual[k];
    }

    void UnfoldRow(int r)
    {
        int k = problem.RowScalar[r];
        double common = (state.ScalarDualStep[k] - state.RowSum[k]) / state.RowWeightSum[k];
        double dual = state.RowWeight[r] * (state.RowRoom[r] + common) + state.RowConstant[r];
        state.RowDualStep[r] = dual;
        state.SlackStep[r] = (state.SlackTarget[r] - state.Slack[r] * dual) / state.RowDual[r];
    }

    void UnfoldExcess(int r)
    {
        double scalar = state.ScalarDualStep[problem.RowScalar[r]];
        double give = state.Slack[r] / state.RowDual[r];
        double pull = state.ExcessDual[r] / state.Excess[r];
        double excess = state.RowStep[r] + state.ExcessConstant[r] - give * problem.RowMass[r] * scalar;
        state.ExcessStep[r] = excess / (1 + give * pull);
        state.ExcessDualStep[r] = state.ExcessTarget[r] / state.Excess[r] - pull * state.ExcessStep[r];
        double dual = state.RowWeight[r] * state.RowStep[r] + state.RowConstant[r] + state.Coupling[r] * scalar;
        state.RowDualStep[r] = dual;
        state.SlackStep[r] = (state.SlackTarget[r] - state.Slack[r] * dual) / state.RowDual[r];
    }
}
