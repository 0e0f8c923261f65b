using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Scores of accounts that a venue deleveraged on a recorded day, as quantiles.</summary>
/// <param name="Note">Day, source, doubts.</param>
/// <param name="Quantiles">Share of the accounts with a lower score, and the score; both ascending.</param>
public sealed record DeleveragingRecord(MarginNote Note, ImmutableArray<(double Share, double Score)> Quantiles)
{
    static readonly DeleveragingRecord Hyperliquid = VenueParameters
        .Read(
            VenueParameters.Shipped("venues/hyperliquid/deleveraging.json"),
            "venues/hyperliquid/deleveraging.json",
            "deleveraging-record",
            Read
        )
        .Value;

    /// <summary>The record of a venue's rule; null where no day is recorded.</summary>
    public static DeleveragingRecord? Find(string rule) => rule == "hyperliquid" ? Hyperliquid : null;

    /// <summary>Reads data/venues/VENUE/deleveraging.json.</summary>
    public static DeleveragingRecord Read(ParameterNode node, MarginNote note)
    {
        ImmutableArray<(double Share, double Score)> rows =
        [
            .. node.List("quantiles").Select(row => (row.Number("share", 0, 1), row.Number("score"))),
        ];
        for (int i = 1; i < rows.Length; i++)
            if (!(rows[i].Share > rows[i - 1].Share) || !(rows[i].Score > rows[i - 1].Score))
                node.Fail("quantiles", "shares and scores that ascend");
        if (rows.Length < 2)
            node.Fail("quantiles", "at least two rows");
        return new DeleveragingRecord(note, rows);
    }

    /// <summary>
    /// Share of the recorded accounts that stood behind a score: straight lines between the quantiles in the logarithm
    /// of the score, the end rows' shares beyond them.
    /// </summary>
    public double Rank(double score)
    {
        if (score <= Quantiles[0].Score)
            return Quantiles[0].Share;
        for (int i = 1; i < Quantiles.Length; i++)
        {
            var (low, high) = (Quantiles[i - 1], Quantiles[i]);
            if (score <= high.Score)
                return low.Share
                    + (high.Share - low.Share) * Math.Log(score / low.Score) / Math.Log(high.Score / low.Score);
        }
        return Quantiles[^1].Share;
    }
}
