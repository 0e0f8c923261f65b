namespace Plimsoll.Margin;

/// <summary>Every position of the other side gives the same share of its size, at the bankruptcy price.</summary>
/// <remarks>
/// The pro-rata alternative of T. Chitra, "Autodeleveraging: Impossibilities and Optimization", arXiv:2512.01112
/// (2025), here in contracts. No queue: the place is the book's order. Splitting an account changes nothing.
/// </remarks>
public sealed class ProRataDeleveraging : IDeleveragingRule
{
    /// <inheritdoc />
    public string Key => "pro-rata";

    /// <inheritdoc />
    public string Note => "arXiv:2512.01112, pro rata in contracts; no venue's rule";

    /// <inheritdoc />
    public DeleveragingOutcome Apply(FailedPosition failed, IReadOnlyList<DeleveragingPosition> book)
    {
        var side = book.Where(failed.IsOpposite).ToList();
        side.ForEach(DeleveragingBook.Check);
        double need = Math.Abs(failed.SizeCoin),
            held = side.Sum(position => Math.Abs(position.SizeCoin));
        double share = held > 0 ? Math.Min(1, need / held) : 0;
        var fills = side.Where(_ => share > 0)
            .Select(
                (position, i) =>
                    DeleveragingBook.Fill(
                        position,
                        i + 1,
                        null,
                        share * Math.Abs(position.SizeCoin),
                        failed.BankruptcyPriceUsd
                    )
            );
        return new DeleveragingOutcome([.. fills], Math.Max(0, need - held));
    }
}

/// <summary>
/// Leverage is drained from the top: positions are cut so that the largest leverage on the other side is as small as
/// can be, at the previous mark.
/// </summary>
/// <remarks>
/// S. Campbell, N. Hey, C. C. Moallemi, M. Nutz, "Risk-Based Auto-Deleveraging", arXiv:2603.15963 (2026): with one
/// asset the unique policy of least expected loss for the venue is min-max leverage. Closed at the mark, equity stays,
/// so every account above the level λ is cut to <c>λ·equity/mark</c>; λ solves <c>Σ (size − λ·equity/mark)⁺ = need</c>,
/// found exactly over the sorted leverages. Accounts without equity are closed whole first.
/// </remarks>
public sealed class LeverageDeleveraging : IDeleveragingRule
{
    /// <inheritdoc />
    public string Key => "minimax-leverage";

    /// <inheritdoc />
    public string Note => "arXiv:2603.15963, min-max leverage; no venue's rule";

    /// <inheritdoc />
    public DeleveragingOutcome Apply(FailedPosition failed, IReadOnlyList<DeleveragingPosition> book)
    {
        var side = book.Where(failed.IsOpposite).ToList();
        side.ForEach(DeleveragingBook.Check);
        side = [.. side.OrderByDescending(Leverage).ThenBy(position => position.Account, StringComparer.Ordinal)];
        double need = Math.Abs(failed.SizeCoin);
        double level = Level(side, need);
        var fills = new List<DeleveragingFill>();
        double closed = 0;
        foreach (var position in side)
        {
            double kept = double.IsPositiveInfinity(level) ? Math.Abs(position.SizeCoin) : level * Capacity(position);
            double cut = Math.Min(Math.Abs(position.SizeCoin) - kept, need - closed);
            if (!(cut > 0))
                continue;
            fills.Add(
                DeleveragingBook.Fill(position, fills.Count + 1, Leverage(position), cut, failed.PreviousMarkUsd)
            );
            closed += cut;
        }
        return new DeleveragingOutcome(fills, Math.Max(0, need - side.Sum(position => Math.Abs(position.SizeCoin))));
    }

    /// <summary>Notional over equity; infinite without equity.</summary>
    public static double Leverage(DeleveragingPosition position) =>
        position.AccountValueUsd > 0 ? position.NotionalUsd / position.AccountValueUsd : double.PositiveInfinity;

    /// <summary>Coins at leverage 1.</summary>
    static double Capacity(DeleveragingPosition position) =>
        Math.Max(0, position.AccountValueUsd) / position.MarkPriceUsd;

    /// <summary>The leverage that remains at the top, over positions sorted by leverage, descending.</summary>
    static double Level(List<DeleveragingPosition> side, double need)
    {
        double size = 0,
            capacity = 0;
        for (int i = 0; i < side.Count; i++)
        {
            size += Math.Abs(side[i].SizeCoin);
            capacity += Capacity(side[i]);
            double next = i + 1 < side.Count ? Leverage(side[i + 1]) : 0;
            // Cutting the first i + 1 down to the next one's leverage closes size − next·capacity.
            if (!double.IsPositiveInfinity(next) && size - next * capacity >= need)
                return capacity > 0 ? Math.Max(0, (size - need) / capacity) : 0;
        }
        return 0;
    }
}
