namespace Plimsoll.Numerics;

/// <content>
/// Binding limits in bordered form. A limit of compliance W adds ĝĝᵀ/W to the Newton matrix; once it binds, 1/W is so
/// large that the rest of the matrix would drown in its rounding. So only a moderate θ·ĝĝᵀ goes in, and the limit keeps
/// an unknown ν of its own: M·dx + Ĝᵀν = r, ĝ·dx − W'ν = −R, W' = W/(1 − Wθ), dual step ν/(1 − Wθ).
/// </content>
sealed partial class InteriorPoint
{
    const double ModerateStiffness = 1e3;
    const int BorderRounds = 3;

    bool IsBordered(int k) => state.Theta[k] * state.ScalarWeight[k] < 0.5;

    /// <summary>θ of a limit: all of 1/W where that is moderate.</summary>
    double Stiffness(int k)
    {
        double largest = 0;
        foreach (double element in state.ScalarCoupled[k])
            largest = Math.Max(largest, element * element);
        double full = 1 / state.ScalarWeight[k];
        double moderate = ModerateStiffness / largest;
        return state.Theta[k] = full <= 2 * moderate ? full : moderate;
    }

    double BorderCompliance(int k) => state.ScalarWeight[k] / (1 - state.ScalarWeight[k] * state.Theta[k]);

    /// <summary>Schur complement W' + Ĝ·M⁻¹·Ĝᵀ of the bordered limits; the others have a unit row.</summary>
    void FactorBorder()
    {
        schur.Clear();
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            schur.Row(k)[k] = 1;
            if (!IsBordered(k))
                continue;
            Cholesky.SolveRefined(hessian, factor, state.ScalarCoupled[k], state.Border[k], state.Room, 2);
            schur.Row(k)[k] = BorderCompliance(k) + ColumnProducts.Dot(state.ScalarCoupled[k], state.Border[k]);
            for (int other = 0; other < k; other++)
                if (IsBordered(other))
                    schur.Row(other)[k] = ColumnProducts.Dot(state.ScalarCoupled[other], state.Border[k]);
        }
        Cholesky.Factor(schur);
    }

    /// <summary>Step and ν from the right-hand side, with rounds of refinement of the whole bordered system.</summary>
    void SolveBordered()
    {
        Array.Clear(state.Step);
        Array.Clear(state.BorderDual);
        double before = double.PositiveInfinity;
        for (int round = 0; round < BorderRounds; round++)
        {
            double norm = BorderResidual();
            if (!(norm < 0.5 * before))
                return;
            before = norm;
            Cholesky.SolveRefined(hessian, factor, state.Residual, state.Correction, state.Room, 2);
            for (int k = 0; k < problem.Scalars.Length; k++)
                if (IsBordered(k))
                    state.BorderRight[k] =
                        ColumnProducts.Dot(state.ScalarCoupled[k], state.Correction) - state.BorderRight[k];
            Cholesky.Solve(schur, state.BorderRight);
            ColumnProducts.AddScaled(1, state.Correction, state.Step);
            for (int k = 0; k < problem.Scalars.Length; k++)
            {
                if (!IsBordered(k))
                    continue;
                ColumnProducts.AddScaled(-state.BorderRight[k], state.Border[k], state.Step);
                state.BorderDual[k] += state.BorderRight[k];
            }
        }
    }

    /// <summary>What both block rows still miss; returns the squared norm of the first.</summary>
    double BorderResidual()
    {
        hessian.Multiply(state.Step, state.Residual);
        for (int j = 0; j < problem.Size; j++)
            state.Residual[j] = state.Right[j] - state.Residual[j];
        for (int k = 0; k < problem.Scalars.Length; k++)
        {
            state.BorderRight[k] = 0;
            if (!IsBordered(k))
                continue;
            ColumnProducts.AddScaled(-state.BorderDual[k], state.ScalarCoupled[k], state.Residual);
            double along = ColumnProducts.Dot(state.ScalarCoupled[k], state.Step);
            state.BorderRight[k] = BorderCompliance(k) * state.BorderDual[k] - along - state.ScalarConstant[k];
        }
        return ColumnProducts.Dot(state.Residual, state.Residual);
    }
}
