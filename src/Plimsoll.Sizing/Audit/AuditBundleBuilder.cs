using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Takes the bundle from a sizing: what the program knows by legs is written by columns.</summary>
sealed class AuditBundleBuilder
{
    readonly SizingResult sizing;
    readonly PreparedSizing prepared;
    readonly ContinuousSolve solve;
    readonly int[] lines;
    readonly int[] columnOf;
    readonly double[] target;
    readonly double[] continuous;

    public AuditBundleBuilder(SizingResult sizing)
    {
        this.sizing = sizing;
        prepared = sizing.Prepared;
        solve = sizing.Solve ?? throw new ArgumentException("an undetermined sizing has no problem", nameof(sizing));
        // Lines left out by number and taken in since are in the problem too.
        var used = solve.Parts.Legs.Select(leg => leg.Line).ToHashSet();
        lines =
        [
            .. Enumerable
                .Range(0, prepared.Lines.Length)
                .Where(i => prepared.Lines[i].IsHeld || prepared.Lines[i].IsCandidate || used.Contains(i)),
        ];
        columnOf = new int[prepared.Lines.Length];
        Array.Fill(columnOf, -1);
        for (int c = 0; c < lines.Length; c++)
            columnOf[lines[c]] = c;
        continuous = TargetLines.Continuous(solve);
        target = prepared.Current;
        foreach (var (line, trade) in sizing.Trades)
            target[line] = (double)(prepared.Lines[line].Current + trade);
    }

    public AuditBundle Build()
    {
        MoveToAnswer();
        var kept = Enumerable
            .Range(0, solve.Program.Constraints.Length)
            .Where(k => !solve.Parts.Meanings[k].IsAuxiliary)
            .ToArray();
        return new AuditBundle
        {
            Weights = prepared.Law.Prior,
            ViewWeights = prepared.Law.Weights,
            Pnl = [.. lines.Select(i => prepared.Matrix.Gain.Column(prepared.Lines[i].Column).ToArray())],
            EdgeAdjustment = [.. lines.Select(i => prepared.Edge.Shift[prepared.Lines[i].Column])],
            Collateral = prepared.Collateral,
            Stress = [.. lines.Select(i => prepared.StressMatrix.Gain.Column(prepared.Lines[i].Column).ToArray())],
            Scenarios = prepared.Scenarios,
            Instruments = [.. lines.Select(Instrument)],
            Problem = new AuditProblem(
                prepared.Equity,
                prepared.Mandate.Horizon.Value,
                solve.Tracking is not null ? "track"
                    : prepared.Objective == ObjectiveKind.Growth ? "growth"
                    : "protect",
                prepared.Mandate.KellyFraction,
                prepared.Edge.CollateralShift,
                solve.Parts.CommonShare,
                TimeDecay(),
                Funding(),
                Borrowing(),
                prepared.StressCollateral,
                Deleveraging(),
                [.. kept.Select(Constraint)]
            ),
            Solution = new AuditSolution(
                solve.LotObjective(),
                solve.Solution.Objective,
                solve.Solution.Gap,
                solve.Solution.MaximumViolation,
                [.. kept.Select(k => solve.Evaluator.Value(k))],
                [.. kept.Select(k => solve.Solution.Constraints[k].ShadowPrice)]
            ),
        };
    }

    void MoveToAnswer()
    {
        var problem = new LotProblem(solve);
        var lots = new int[problem.Lines.Length];
        for (int i = 0; i < lots.Length; i++)
            if (sizing.Trades.TryGetValue(problem.Lines[i], out decimal trade))
                lots[i] = (int)(trade / prepared.Lines[problem.Lines[i]].Lot);
        problem.MoveTo(lots);
    }

    AuditInstrument Instrument(int i)
    {
        var line = prepared.Lines[i];
        return new AuditInstrument(
            line.Name,
            line.Subaccount,
            line.CurrentContracts,
            target[i],
            continuous[i],
            line.Cost.Buy?.Home ?? 0,
            line.Cost.Sell?.Home ?? 0,
            line.Impact,
            line.OpeningShare,
            line.ClosingShare,
            prepared.Edge.Shift[line.Column],
            prepared.FundingPaidByLong(line),
            solve.Tracking is { } tracking && tracking.Tracks(i) ? tracking.Aim[i] : null
        );
    }

    double[] TimeDecay()
    {
        var decay = new double[lines.Length];
        if (solve.Program.Objective is CostObjective { Position: { } position })
            for (int j = 0; j < position.Length; j++)
                if (position[j] > 0)
                    decay[columnOf[solve.Parts.Legs[j].Line]] = position[j];
        return decay;
    }

    ImmutableArray<AuditFunding> Funding() =>
        [
            .. Enumerable
                .Range(0, lines.Length)
                .Where(c => prepared.Lines[lines[c]].Instrument is PerpetualInstrument)
                .GroupBy(c => prepared.Lines[lines[c]].Instrument.Underlying)
                .Select(coin => new AuditFunding(coin.Key, [.. coin], FundingPaid.Least(prepared.Mandate))),
        ];

    AuditDeleveraging? Deleveraging()
    {
        if (solve.Parts.Deleveraged is null || prepared.Mandate.Assumptions.Deleveraging is not { } assumed)
            return null;
        int[] columns =
        [
            .. Enumerable
                .Range(0, lines.Length)
                .Where(c => DeleveragingStress.Reaches(prepared.Lines[lines[c]].Instrument)),
        ];
        var instruments = columns.Select(c => prepared.Lines[lines[c]].Instrument).ToArray();
        return new AuditDeleveraging(
            assumed.Move,
            assumed.Share,
            columns,
            [.. instruments.Select(instrument => instrument.Shape == PayoffShape.Inverse)],
            AuditNumbers.Bytes([
                .. instruments.SelectMany(instrument => DeleveragingStress.Returns(prepared.Stress, instrument)),
            ])
        );
    }

    ImmutableArray<Borrowing> Borrowing() =>
        [
            .. BorrowPaid
                .Of(prepared)
                .Select(debt =>
                {
                    // Lines outside the bundle are neither held nor traded.
                    int[] known =
                    [
                        .. Enumerable.Range(0, debt.Columns.Length).Where(i => columnOf[debt.Columns[i]] >= 0),
                    ];
                    return debt with
                    {
                        Columns = [.. known.Select(i => columnOf[debt.Columns[i]])],
                        PerContract = [.. known.Select(i => debt.PerContract[i])],
                    };
                }),
        ];

    AuditConstraint Constraint(int k)
    {
        var limit = solve.Program.Constraints[k];
        var common = new AuditConstraint
        {
            Name = limit.Name,
            Kind = "max-linear",
            Limit = solve.Stated[k],
            Scale = limit.Scale,
        };
        string Law(double[] weights) => ReferenceEquals(weights, prepared.Law.Prior) ? "weights" : "view_weights";
        foreach (var tail in prepared.Tails)
            if (TailWorstCase.NameOf(tail) == limit.Name)
                return common with { Kind = "convex-piecewise", Tail = TailAudit.Of(tail, prepared, lines, Matters) };
        if (solve.Parts.Meanings[k].Path is { } path)
            return common with
            {
                Kind = "max-linear-per-path",
                Law = path.Probability > 0 ? Law(path.Weights) : null,
                Level = path.Probability > 0 ? 1 - path.Probability : null,
                Looks = PathAudit.Looks(path, prepared, target, lines),
                CostShare = ((MaxLinearConstraint)limit).CostShare,
            };
        if (solve.Parts.Meanings[k].Portfolio is { } terms)
            return terms.Scenarios is null
                ? common with
                {
                    Kind = "sum-of-max-linear",
                    Pieces = new PortfolioAudit(prepared, terms, target, lines).Pieces(),
                }
                : common with
                {
                    Kind = "max-linear-per-scenario",
                    Law = terms.Weights.Length > 0 ? Law(terms.Weights) : null,
                    Level = terms.Weights.Length > 0 ? 1 - terms.Probability : null,
                    Scenarios = new PortfolioAudit(prepared, terms, target, lines).Scenarios(),
                };
        return limit switch
        {
            DrawdownConstraint drawdown => common with
            {
                Kind = "exp-mean",
                Law = Law(drawdown.Weights),
                Rate = drawdown.Rate,
                FixedT = drawdown.FixedT,
                LargestT = drawdown.LargestT,
                Scenarios = ReferenceEquals(drawdown.Value.Matrix, solve.Parts.Raw) ? null : Forgone(),
            },
            ExpectedShortfallConstraint shortfall => common with
            {
                Kind = ReferenceEquals(shortfall.Value.Matrix, solve.Parts.Raw)
                    ? "expected-shortfall"
                    : "max-linear-per-scenario",
                Law = Law(shortfall.Weights),
                Level = shortfall.Level,
                Scenarios = Scenarios(shortfall.Value),
                CostShare = 1,
            },
            ScenarioFloorConstraint floor => common with
            {
                Kind = "max-linear-per-scenario",
                Scenarios = Scenarios(floor.Value),
                CostShare = 1,
            },
            MaxLinearConstraint rows => common with { CostShare = rows.CostShare, Rows = Rows(k, rows) },
            _ => throw new InvalidOperationException("an unknown constraint"),
        };
    }

    /// <summary>Rows; where one bounds a venue's rule it is lowered to what the venue asks of the answer.</summary>
    AuditRows Rows(int k, MaxLinearConstraint rows)
    {
        double slack = solve.Parts.Meanings[k].IsVenueBound
            ? solve.Evaluator.RowValue(rows) - solve.Evaluator.Value(k)
            : 0;
        int[] used = Used(j => !IsZero(rows.Rows.Column(j)));
        var (longs, shorts) = Parts(rows.Rows, used);
        return new AuditRows(
            rows.Offset.Length,
            used,
            AuditNumbers.Bytes(rows.Offset.Select(offset => offset - slack)),
            AuditNumbers.Bytes(longs),
            AuditNumbers.Bytes(shorts)
        );
    }

    AuditScenarioRows? Scenarios(ScenarioValue value)
    {
        if (ReferenceEquals(value.Matrix, solve.Parts.Raw))
            return null;
        int[] used = Used(j => !IsZero(value.Matrix!.Column(j)));
        var (longs, shorts) = Parts(value.Matrix!, used);
        return new AuditScenarioRows(
            value.Base.Length,
            used,
            AuditNumbers.Bytes(value.Base),
            AuditNumbers.Bytes(longs),
            AuditNumbers.Bytes(shorts)
        );
    }

    /// <summary>Gain forgone by winning futures, as a change of wealth.</summary>
    AuditScenarioRows Forgone()
    {
        var deleveraged = solve.Parts.Deleveraged!;
        double[] held = [.. deleveraged.Held.Select(value => -value)];
        return Scenarios(new ScenarioValue(held, deleveraged.Difference(), null, null, null, 0))!;
    }

    /// <summary>Columns that are held before or after: the others' coefficients meet a zero.</summary>
    int[] Used(Func<int, bool> legCounts) =>
        [
            .. Enumerable
                .Range(0, solve.Parts.Legs.Length)
                .Where(j => Matters(solve.Parts.Legs[j].Line) && legCounts(j))
                .Select(j => columnOf[solve.Parts.Legs[j].Line])
                .Distinct()
                .Order(),
        ];

    bool Matters(int line) => target[line] != 0 || prepared.Lines[line].IsHeld;

    /// <summary>Coefficients of q⁺ and q⁻ from those of the legs that grow or shrink them.</summary>
    (double[] Long, double[] Short) Parts(ColumnMatrix matrix, int[] used)
    {
        var longs = new double[used.Length * matrix.Rows];
        var shorts = new double[used.Length * matrix.Rows];
        for (int j = 0; j < solve.Parts.Legs.Length; j++)
        {
            var leg = solve.Parts.Legs[j];
            int at = columnOf[leg.Line] < 0 ? -1 : Array.BinarySearch(used, columnOf[leg.Line]);
            if (at < 0)
                continue;
            double[] into = leg.Part > 0 ? longs : shorts;
            var column = matrix.Column(j);
            for (int r = 0; r < matrix.Rows; r++)
                into[at * matrix.Rows + r] = leg.Opens ? column[r] : -column[r];
        }
        return (longs, shorts);
    }

    static bool IsZero(ReadOnlySpan<double> column) => !column.ContainsAnyExcept(0.0);
}
