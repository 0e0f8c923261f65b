namespace Plimsoll.Numerics;

/// <summary>How a solver of this folder ended.</summary>
/// <param name="Converged">Whether the tolerance was met; without it the point must not be used as an answer.</param>
/// <param name="Iterations">Newton steps, or cuts.</param>
/// <param name="Residual">Largest relative violation of the optimality conditions.</param>
/// <param name="Gap">Bound on objective − optimum, in the objective's unit; at least 0.</param>
/// <param name="Reason">Why it refused or failed, in words; empty when it converged.</param>
public readonly record struct SolverReport(
    bool Converged,
    int Iterations,
    double Residual,
    double Gap,
    string Reason = ""
);
