namespace Plimsoll.Sizing;

/// <summary>survival.path-loss: whole wealth at every look of every path to the horizon, after cost.</summary>
sealed class PathLossRule : LimitRule
{
    public const string Name = "survival.path-loss";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.PathLoss is not { } limit)
            return;
        var paths = prepared.Paths!;
        var risk = paths.Risk("wealth", () => new WealthOnPath(prepared, paths));
        string share = FormattableString.Invariant($"{limit.Probability * 100:0.###}%"),
            closed = prepared.Forgone is null ? "" : ", winning futures deleveraged",
            words = $"largest loss on the way, worst {share} of paths on average{closed}, share of equity";
        PathShortfall.AddTo(parts, Name, risk, risk, limit.Probability, limit.Limit, 1, words);
        parts.Touches.Add(
            new TouchFigure(
                "path_loss_probability",
                FormattableString.Invariant(
                    $"probability that {limit.Limit * 100:0.##}% are lost at some moment until the horizon"
                ),
                risk,
                limit.Limit,
                1
            )
        );
    }
}

/// <summary>survival.liquidation.on-the-way: a pool short of maintenance margin at some look of a path.</summary>
sealed class LiquidationOnPathRule : LimitRule
{
    public const string Name = $"{LiquidationRule.Name}.on-the-way";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.Liquidation is not { OnTheWay: true } limit)
            return;
        foreach (int pool in prepared.LimitedPools)
        {
            if (!prepared.Lines.Any(line => line.Wallet == pool))
                continue;
            string of = prepared.Pools[pool].Name;
            var (exact, bound) = Risks(prepared, pool);
            string share = FormattableString.Invariant($"{limit.Probability * 100:0.###}%");
            string where =
                limit.Probability == 0
                    ? "at the worst moment of the worst path"
                    : $"on the way, worst {share} of paths on average";
            string words = $"maintenance margin less margin balance {where}, of equity";
            PathShortfall.AddTo(parts, $"{Name}[{of}]", exact, bound, limit.Probability, 0, 0, words);
            parts.Touches.Add(
                new TouchFigure(
                    $"liquidation_on_the_way[{of}]",
                    $"probability that {of} is liquidated at some moment until the horizon",
                    exact,
                    0,
                    0
                )
            );
        }
    }

    static (PathRisk Exact, PathRisk Bound) Risks(PreparedSizing prepared, int pool)
    {
        string name = prepared.Pools[pool].Name;
        if (prepared.PortfolioMargins[pool] is not { } portfolio)
        {
            var paths = prepared.Paths!;
            var risk = paths.Risk(name, () => new MarginOnPath(prepared, paths, pool));
            return (risk, risk);
        }
        var extremes = prepared.PathExtremes!;
        PathRisk Of(bool isExact) =>
            extremes.Risk($"{name}, {isExact}", () => new PortfolioOnPath(prepared, extremes, portfolio, isExact));
        return (Of(true), Of(false));
    }
}

/// <summary>Expected shortfall of the largest loss on a path, by cutting planes.</summary>
static class PathShortfall
{
    /// <param name="parts">Material of the program.</param>
    /// <param name="name">Name of the limit; the same under the views' law stands beside it.</param>
    /// <param name="exact">What is reported.</param>
    /// <param name="bound">Its convex form.</param>
    /// <param name="probability">Share of the paths in the tail; 0: the worst path.</param>
    /// <param name="limit">Share of equity.</param>
    /// <param name="costShare">Share of the trades' cost that counts.</param>
    /// <param name="words">Meaning.</param>
    public static void AddTo(
        ProgramParts parts,
        string name,
        PathRisk exact,
        PathRisk bound,
        double probability,
        double limit,
        double costShare,
        string words
    )
    {
        var law = parts.Prepared.Law;
        Add(name, law.Prior);
        if (law.HasViews && probability > 0)
            Add($"{name}[views]", law.Weights);

        void Add(string of, double[] weights)
        {
            if (!parts.Wants(of))
                return;
            double[] now = parts.Prepared.Current;
            LimitRow Row(ProgramParts over, double[] positions) =>
                bound.Row(over, positions, bound.Tail(positions, weights, probability));
            // A row without a price says nothing of the columns that are priced.
            bool isIdle = parts.RowsOf(of) is not null && !parts.HasPrice(of, 0);
            var first = isIdle ? new LimitRow(0, new double[parts.Legs.Length]) : Row(parts, now);
            parts.Add(
                new PendingRows(0, of, limit, Math.Max(limit, 0.1), 1, costShare, [first]),
                new LimitMeaning(of, words, null, true, [])
                {
                    Exact = positions => exact.Value(positions, weights, probability),
                    Path = new PathTerms(exact, weights, probability),
                }
            );
            parts.Cuts.Add(
                new CutLimit(
                    of,
                    positions => bound.Value(positions, weights, probability),
                    positions => Row(parts, positions),
                    positions =>
                    {
                        var tail = bound.Tail(positions, weights, probability);
                        return over => bound.Row(over, positions, tail);
                    }
                )
            );
        }
    }
}

/// <summary>A probability of the book that is reported, not bound.</summary>
/// <param name="Key">Stable key.</param>
/// <param name="Words">Meaning.</param>
/// <param name="Risk">What is lost on the way.</param>
/// <param name="Above">Share of equity above which it counts.</param>
/// <param name="CostShare">Share of the trades' cost that is lost too.</param>
sealed record TouchFigure(string Key, string Words, PathRisk Risk, double Above, double CostShare);
