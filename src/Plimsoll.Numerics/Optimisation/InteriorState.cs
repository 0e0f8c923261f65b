namespace Plimsoll.Numerics;

/// <summary>Primal and dual iterate of the interior point, with the room its steps need.</summary>
sealed class InteriorState
{
    public InteriorState(WorkingProblem problem)
    {
        int n = problem.Size;
        int rows = problem.Constant.Length;
        int scalars = problem.Scalars.Length;
        (X, Step, Dual, Right, Room) = (new double[n], new double[n], new double[n], new double[n], new double[n]);
        (Below, Above, PowerGradient) = (new double[n], new double[n], new double[n]);
        (LowerDual, UpperDual, LowerDualStep, UpperDualStep) = (
            new double[n],
            new double[n],
            new double[n],
            new double[n]
        );
        (Slack, RowDual, RowValue, RowStep) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        (SlackStep, RowDualStep, RowWeight, RowConstant) = (
            new double[rows],
            new double[rows],
            new double[rows],
            new double[rows]
        );
        (Excess, ExcessDual, ExcessStep, ExcessDualStep) = (
            new double[rows],
            new double[rows],
            new double[rows],
            new double[rows]
        );
        (Coupling, RowResidual, RowRoom) = (new double[rows], new double[rows], new double[rows]);
        (ScalarSlack, ScalarDual, ScalarSlackStep, ScalarDualStep) = (
            new double[scalars],
            new double[scalars],
            new double[scalars],
            new double[scalars]
        );
        (ScalarWeight, ScalarConstant, ScalarResidual) = (
            new double[scalars],
            new double[scalars],
            new double[scalars]
        );
        (Elastic, ElasticDual, ElasticStep, ElasticDualStep) = (
            new double[scalars],
            new double[scalars],
            new double[scalars],
            new double[scalars]
        );
        (ElasticTarget, RowSum, RowWeightSum) = (new double[scalars], new double[scalars], new double[scalars]);
        (SlackTarget, ExcessTarget, ExcessConstant) = (new double[rows], new double[rows], new double[rows]);
        (ScalarTarget, LowerTarget, UpperTarget) = (new double[scalars], new double[n], new double[n]);
        (Theta, BorderDual, BorderRight) = (new double[scalars], new double[scalars], new double[scalars]);
        (Residual, Correction) = (new double[n], new double[n]);
        Border = new double[scalars][];
        ScalarGradient = new double[scalars][];
        ScalarCoupled = new double[scalars][];
        for (int k = 0; k < scalars; k++)
            (ScalarGradient[k], ScalarCoupled[k], Border[k]) = (new double[n], new double[n], new double[n]);
    }

    public double[] X { get; }

    /// <summary>Distances to the bounds, stepped by themselves so that a small one keeps its digits.</summary>
    public double[] Below { get; }
    public double[] Above { get; }
    public double[] Step { get; }

    /// <summary>P(x) and its gradient.</summary>
    public double PowerCost { get; set; }
    public double[] PowerGradient { get; }

    /// <summary>Stationarity residual.</summary>
    public double[] Dual { get; }
    public double[] Right { get; }
    public double[] Room { get; }
    public double[] LowerDual { get; }
    public double[] UpperDual { get; }
    public double[] LowerDualStep { get; }
    public double[] UpperDualStep { get; }

    /// <summary>s and α of a row: Rows·x + Constant − ξ − e + s = 0 (one of ξ and e).</summary>
    public double[] Slack { get; }
    public double[] RowDual { get; }

    /// <summary>Rows·x + Constant.</summary>
    public double[] RowValue { get; }

    /// <summary>Rows·dx.</summary>
    public double[] RowStep { get; }
    public double[] SlackStep { get; }
    public double[] RowDualStep { get; }

    /// <summary>Curvature weight of a row after its slack and excess are eliminated.</summary>
    public double[] RowWeight { get; }
    public double[] RowConstant { get; }

    /// <summary>ξ and its dual β.</summary>
    public double[] Excess { get; }
    public double[] ExcessDual { get; }
    public double[] ExcessStep { get; }
    public double[] ExcessDualStep { get; }

    /// <summary>∂(dual step of a row)/∂(dual step of its scalar).</summary>
    public double[] Coupling { get; }
    public double[] RowResidual { get; }
    public double[] RowRoom { get; }

    /// <summary>What each product of slack and dual is to gain in a step.</summary>
    public double[] SlackTarget { get; }
    public double[] ExcessTarget { get; }
    public double[] ScalarTarget { get; }
    public double[] LowerTarget { get; }
    public double[] UpperTarget { get; }

    /// <summary>Part of the step of ξ that does not depend on the direction.</summary>
    public double[] ExcessConstant { get; }

    /// <summary>Excess e of each limit and its dual: penalty less the limit's own dual.</summary>
    public double[] Elastic { get; }
    public double[] ElasticDual { get; }
    public double[] ElasticStep { get; }
    public double[] ElasticDualStep { get; }
    public double[] ElasticTarget { get; }

    /// <summary>By limit: sum of its rows' constant parts, and of their weights.</summary>
    public double[] RowSum { get; }
    public double[] RowWeightSum { get; }

    /// <summary>σ and λ of a scalar limit; a limit of rows has the sum of its rows' duals as λ and no slack.</summary>
    public double[] ScalarSlack { get; }
    public double[] ScalarDual { get; }
    public double[] ScalarSlackStep { get; }
    public double[] ScalarDualStep { get; }
    public double[] ScalarWeight { get; }
    public double[] ScalarConstant { get; }
    public double[] ScalarResidual { get; }

    /// <summary>Stiffness of each limit within the Newton matrix, its own unknown ν, and M⁻¹ĝ.</summary>
    public double[] Theta { get; }
    public double[] BorderDual { get; }
    public double[] BorderRight { get; }
    public double[][] Border { get; }
    public double[] Residual { get; }
    public double[] Correction { get; }

    /// <summary>Gradient of each scalar limit in x.</summary>
    public double[][] ScalarGradient { get; }

    /// <summary>The same after the excesses are eliminated.</summary>
    public double[][] ScalarCoupled { get; }
}
