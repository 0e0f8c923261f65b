using System.Globalization;
using System.IO.Compression;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

/// <summary>The account table of 2025-10-10 under the published rule; figures of docs/margin/adl-2025-10-10.md.</summary>
public sealed class RecordedDeleveragingTests
{
    const string Table = "market/adl/hyperliquid-2025-10-10-adl-by-account.csv.gz";

    sealed record Recorded(
        DeleveragingPosition? Position,
        string Account,
        double ClosedUsd,
        double GainUsd,
        double Leverage,
        double ProfitPercent,
        double AccountValueUsd,
        bool NegativeEquity,
        int Events
    );

    static List<Recorded> Read()
    {
        string? path = Repository.Shared(Table);
        Assert.SkipUnless(path is not null, Golden.Absent);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path!), CompressionMode.Decompress));
        Assert.Equal(
            "account,adl_notional_usd,closed_pnl_usd,leverage,pnl_percent,account_value_usd,negative_equity,adl_events",
            reader.ReadLine()
        );
        var rows = new List<Recorded>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            double Cell(int i) => double.Parse(cells[i], CultureInfo.InvariantCulture);
            double leverage = Cell(3),
                profit = Cell(4) / 100,
                value = Cell(5);
            rows.Add(
                new Recorded(
                    Position(cells[0], leverage, profit, value),
                    cells[0],
                    Cell(1),
                    Cell(2),
                    leverage,
                    Cell(4),
                    value,
                    cells[6] == "True",
                    int.Parse(cells[7], CultureInfo.InvariantCulture)
                )
            );
        }
        return rows;
    }

    /// <summary>
    /// A short of the account's mean closed notional, at a mark of 1: profit percent is of the closing notional, so
    /// entry/mark of a short is 1 + profit. Null where no short can have it: the rule does not reach the account.
    /// </summary>
    static DeleveragingPosition? Position(string account, double leverage, double profit, double value) =>
        value > 0 && leverage > 0 && profit > -1
            ? new DeleveragingPosition(account, -leverage * value, 1 + profit, 1, value)
            : null;

    [Fact]
    public void The_table_is_whole_and_its_leverage_is_the_mean_closed_notional_over_account_value()
    {
        var rows = Read();
        Assert.Equal(19_337, rows.Count);
        Assert.Equal(34_983, rows.Sum(row => row.Events));
        Assert.Equal(2_103_111_430.86, rows.Sum(row => row.ClosedUsd), 0.01);
        var positive = rows.Where(row => row.AccountValueUsd > 0).ToList();
        double[] ratio =
        [
            .. positive.Select(row => row.ClosedUsd / row.Events / row.AccountValueUsd / row.Leverage).Order(),
        ];
        Assert.InRange(ratio[ratio.Length / 10], 1 - 1e-9, 1);
        Assert.InRange(ratio[ratio.Length * 9 / 10], 1, 1 + 1e-9);
    }

    [Fact]
    public void Page_figures_of_2025_10_10_are_those_that_the_rule_gives()
    {
        var rows = Read();
        var rule = new HyperliquidDeleveraging();
        var queue = rule.Rank(rows.Where(row => row.Position is not null).Select(row => row.Position!));
        var byAccount = rows.ToDictionary(row => row.Account);
        var ranked = queue.Select(entry => byAccount[entry.Position.Account]).ToList();
        double[] score = [.. queue.Select(entry => entry.Score)];
        double[] literal = [.. queue.Select(entry => new HyperliquidDeleveraging(true).Index(entry.Position))];
        double[] Of(Func<Recorded, double> pick) => [.. ranked.Select(pick)];
        double Correlation(Func<Recorded, double> pick) => RankCorrelation.Spearman(score, Of(pick));

        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "margin", "adl-2025-10-10.md"));
        void Says(string figure) => Assert.Contains(figure, page, StringComparison.Ordinal);
        string Signed(double value) => value.ToString("+0.000;-0.000", CultureInfo.InvariantCulture);
        string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

        Says($"| reached by the rule | {Whole(queue.Count)} |");
        Says($"| not in profit | {Whole(rows.Count(row => row.ProfitPercent <= 0))} |");
        Says($"| account value not positive | {Whole(rows.Count(row => row.AccountValueUsd <= 0))} |");
        Says($"| flagged negative equity | {Whole(rows.Count(row => row.NegativeEquity))} |");

        // The table's order is that of hidden addresses: a control that must show nothing.
        int order = 0;
        var place = rows.ToDictionary(row => row.Account, _ => (double)order++);
        Says($"| order of the table (control) | {Signed(Correlation(row => -place[row.Account]))} |");
        Says($"| number of events | {Signed(Correlation(row => row.Events))} |");
        Says($"| notional closed | {Signed(Correlation(row => row.ClosedUsd))} |");
        Says($"| gain realised | {Signed(Correlation(row => row.GainUsd))} |");
        Says(
            $"| share of the account's value closed | {Signed(Correlation(row => row.ClosedUsd / row.AccountValueUsd))} |"
        );
        Says($"| leverage alone | {Signed(Correlation(row => row.Leverage))} |");
        Says($"| profit alone | {Signed(Correlation(row => row.ProfitPercent))} |");
        Says($"| the literal reading | {Signed(RankCorrelation.Spearman(score, literal))} |");

        double[] ascending = [.. score.Order()];
        double Quantile(double at) => ascending[(int)(at * (ascending.Length - 1))];
        foreach (double at in (double[])[0.01, 0.1, 0.5, 0.9, 0.99])
            Says(FormattableString.Invariant($"| {at:0%} | {Quantile(at):0.000} |"));

        double closed = 0,
            total = ranked.Sum(row => row.ClosedUsd);
        int taken = 0;
        foreach (double share in (double[])[0.5, 0.75, 0.9])
        {
            while (closed < share * total)
                closed += ranked[taken++].ClosedUsd;
            double part = (double)taken / ranked.Count;
            Says(FormattableString.Invariant($"| {share:0%} | {taken:N0} | {part:0.0%} |"));
        }
        Says($"| {ranked[0].Account} | 1 |");
    }

    [Fact]
    public void Rank_correlation_is_that_of_the_textbook()
    {
        // Ten pupils in two subjects without ties: rho = 1 - 6 sum d^2 / (n (n^2 - 1)).
        double[] a = [7, 4, 3, 10, 6, 2, 9, 8, 1, 5],
            b = [5, 7, 3, 10, 1, 9, 6, 2, 8, 4];
        double squares = a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
        Assert.Equal(1 - 6 * squares / (10 * 99.0), RankCorrelation.Spearman(a, b), 1e-12);
        Assert.Equal(1, RankCorrelation.Spearman([1, 2, 2, 9], [0, 5, 5, 6]), 1e-12);
        Assert.Equal(-1, RankCorrelation.Spearman([1, 2, 3], [3, 2, 1]), 1e-12);
    }
}

/// <summary>Spearman's rank correlation with mean ranks for ties.</summary>
static class RankCorrelation
{
    public static double Spearman(double[] a, double[] b)
    {
        double[] x = Ranks(a),
            y = Ranks(b);
        double mean = (a.Length - 1) / 2.0,
            xy = 0,
            xx = 0,
            yy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }
        return xy / Math.Sqrt(xx * yy);
    }

    static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]]; )
                to++;
            for (int i = from; i < to; i++)
                ranks[order[i]] = (from + to - 1) / 2.0;
        }
        return ranks;
    }
}
