namespace Plimsoll.Risk;

/// <summary>Cells of rows, the one with most spread to be split first.</summary>
sealed class ScenarioCells
{
    readonly double[][] features;
    readonly double[] weights;
    readonly double[] importance;
    readonly int[] rows;
    readonly List<(int From, int Count)> cells = [];
    readonly PriorityQueue<(int Cell, int Feature, double At), (double, int)> waiting = new();
    int[] stratum = [];
    int paired;
    int standing;

    public ScenarioCells(double[][] features, double[] weights, double[] importance, int count)
    {
        (this.features, this.weights, this.importance) = (features, weights, importance);
        rows = [.. Enumerable.Range(0, count)];
    }

    /// <summary>The first cells: one for each row that is kept alone, and one for each stratum of the others.</summary>
    /// <param name="kept">Rows that stay alone.</param>
    /// <param name="ofRow">By row: rows of different strata never share a cell.</param>
    /// <param name="pairedStratum">Cells of this one stand as two rows.</param>
    public void Begin(int[] kept, int[] ofRow, int pairedStratum)
    {
        (stratum, paired) = (ofRow, pairedStratum);
        var alone = kept.ToHashSet();
        int at = 0;
        foreach (int s in kept)
        {
            cells.Add((at, 1));
            rows[at++] = s;
            standing++;
        }
        foreach (
            var group in Enumerable
                .Range(0, rows.Length)
                .Where(s => !alone.Contains(s))
                .GroupBy(s => stratum[s])
                .OrderBy(group => group.Key)
        )
        {
            int from = at;
            foreach (int s in group)
                rows[at++] = s;
            Add(from, at - from);
        }
    }

    /// <summary>Whether a cell stands as two rows.</summary>
    public bool IsPaired(int[] members) => members.Length > 1 && stratum[members[0]] == paired;

    /// <summary>Splits until the cells stand as so many rows, or one fewer.</summary>
    public void SplitTo(int count)
    {
        while (standing < count - 1 && waiting.TryDequeue(out var split, out _))
        {
            var (from, size) = cells[split.Cell];
            double[] column = features[split.Feature];
            int low = from,
                high = from + size - 1;
            while (low <= high)
                if (column[rows[low]] <= split.At)
                    low++;
                else
                {
                    (rows[low], rows[high]) = (rows[high], rows[low]);
                    high--;
                }
            // Rounding may put the mean on an end: such a cell is as narrow as it gets.
            if (low == from || low == from + size)
                continue;
            // The first half keeps its place in the list; both wait anew.
            standing -= Standing(from, size);
            cells[split.Cell] = (from, low - from);
            standing += Standing(from, low - from);
            Wait(split.Cell);
            Add(low, from + size - low);
        }
    }

    public IReadOnlyList<int[]> Members() =>
        [.. cells.Select(cell => rows[cell.From..(cell.From + cell.Count)].Order().ToArray()).OrderBy(cell => cell[0])];

    int Standing(int from, int count) => count > 1 && stratum[rows[from]] == paired ? 2 : 1;

    void Add(int from, int count)
    {
        cells.Add((from, count));
        standing += Standing(from, count);
        Wait(cells.Count - 1);
    }

    /// <summary>Queues a cell by its weighted spread, to be cut at the mean of its widest feature.</summary>
    void Wait(int cell)
    {
        var (from, count) = cells[cell];
        if (count < 2)
            return;
        double widest = 0,
            total = 0,
            at = 0;
        int feature = -1;
        for (int f = 0; f < features.Length; f++)
        {
            double[] column = features[f];
            double mass = 0,
                sum = 0,
                square = 0;
            double centre = column[rows[from]];
            for (int r = from; r < from + count; r++)
            {
                int s = rows[r];
                double own = weights[s] * importance[s],
                    x = column[s] - centre;
                (mass, sum, square) = (mass + own, sum + own * x, square + own * x * x);
            }
            double spread = square - sum * sum / mass;
            total += spread;
            if (spread > widest)
                (widest, feature, at) = (spread, f, centre + sum / mass);
        }
        if (feature >= 0)
            waiting.Enqueue((cell, feature, at), (-total, cell));
    }
}
