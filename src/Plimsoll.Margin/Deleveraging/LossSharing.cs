using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What one account pays of a loss that no fund covers, USD; at least 0.</summary>
public sealed record LossShare(string Account, double PaidUsd);

/// <summary>Venues that share money instead of closing positions, and the fair alternative in profits.</summary>
/// <remarks>
/// Deribit (no queue): an empty insurance fund is refilled by the session's winners in proportion to their profit of
/// that session (insights.deribit.com on the fund). Derive (no queue): the loss is socialised over everybody's cash
/// (<c>cash.socializeLoss</c>, derivexyz/v2-core 7736900d). Chitra (arXiv:2512.01112) shares pro rata over unrealised
/// profits. All are one rule with different weights: pay in proportion, nobody more than its own weight.
/// </remarks>
public static class LossSharing
{
    /// <summary>Shares a loss in proportion to weights.</summary>
    /// <param name="lossUsd">At least 0.</param>
    /// <param name="weightsUsd">
    /// By account: session profit (Deribit), cash (Derive), unrealised profit (pro rata); negative counts as 0.
    /// </param>
    /// <returns>Shares in the order given, without those that pay nothing, and what is left unpaid.</returns>
    public static (ImmutableArray<LossShare> Shares, double UnpaidUsd) ProRata(
        double lossUsd,
        IReadOnlyList<(string Account, double Usd)> weightsUsd
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lossUsd);
        double total = 0;
        foreach (var (account, usd) in weightsUsd)
            total += double.IsFinite(usd)
                ? Math.Max(0, usd)
                : throw new ArgumentException($"{account}: the weight is not known", nameof(weightsUsd));
        double share = total > 0 ? Math.Min(1, lossUsd / total) : 0;
        return (
            [
                .. weightsUsd
                    .Where(entry => entry.Usd > 0 && share > 0)
                    .Select(entry => new LossShare(entry.Account, entry.Usd * share)),
            ],
            Math.Max(0, lossUsd - total)
        );
    }
}
