using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>A weighted set of looks at paths: the tail of what a book loses on the way.</summary>
/// <param name="Value">Mean of the largest loss of each path over the tail.</param>
/// <param name="Looks">Where it is attained, look by look.</param>
sealed record PathTail(double Value, PathPoints[] Looks)
{
    readonly Lock guard = new();
    (PnlMatrix[] Matrices, Dictionary<int, int> Columns)? priced;

    /// <summary>Gains of every line at these looks alone, revalued once for all that are priced.</summary>
    public (PnlMatrix[] Matrices, Dictionary<int, int> Columns) Priced(PreparedSizing prepared, PathMatrices paths)
    {
        lock (guard)
        {
            if (priced is { } known)
                return known;
            int[] wanted = [.. prepared.Lines.Select(line => line.Column).Distinct().Order()];
            // A set of scenarios has one at least.
            int[][] some = [.. paths.Looks.Select(_ => (int[])[0])];
            foreach (var points in Looks)
                some[points.Look] = points.Paths;
            var places = new Dictionary<int, int>();
            for (int i = 0; i < wanted.Length; i++)
                places[wanted[i]] = i;
            priced = ([.. paths.At(wanted, some)], places);
            return priced.Value;
        }
    }
}

/// <summary>Paths of one look, with their weights in a tail.</summary>
sealed record PathPoints(int Look, int[] Paths, double[] Weights);

/// <summary>Largest loss of each path at a book, and the look that has it.</summary>
/// <param name="Positions">The book, by line.</param>
/// <param name="Loss">By path, share of equity.</param>
/// <param name="Look">By path.</param>
/// <param name="Order">Paths from the largest loss down.</param>
sealed record PathWorst(double[] Positions, double[] Loss, int[] Look, int[] Order)
{
    /// <summary>The paths are put in order of loss; equals stay in order of path.</summary>
    public static PathWorst Of(double[] positions, double[] loss, int[] look)
    {
        int[] order = [.. Enumerable.Range(0, loss.Length)];
        double[] keys = [.. loss.Select(each => -each)];
        Array.Sort(keys, order, Comparer<double>.Default);
        return new PathWorst((double[])positions.Clone(), loss, look, order);
    }
}

/// <summary>What a book loses at each look of each path, as a share of equity: convex in the book.</summary>
/// <remarks>
/// The largest loss of a path is a maximum over its looks and so convex; its expected shortfall is convex too, and the
/// mean of the losses at the looks that attain it, weighted as expected shortfall weights them, is a linear function
/// below it that touches it at the book at hand (Rockafellar and Uryasev 2002).
/// </remarks>
abstract class PathRisk(PreparedSizing prepared, PathMatrices paths)
{
    volatile PathWorst? known;

    /// <summary>The input.</summary>
    protected PreparedSizing Prepared => prepared;

    /// <summary>Gains at the looks.</summary>
    protected PathMatrices Paths => paths;

    /// <summary>The last book whose losses were reckoned in full; null: none yet.</summary>
    protected PathWorst? Known => known;

    /// <summary>Looks.</summary>
    public int LookCount => paths.Looks.Length;

    /// <summary>Loss at one look by path.</summary>
    /// <param name="positions">By line.</param>
    /// <param name="look">Index of the look.</param>
    public abstract double[] Loss(double[] positions, int look);

    /// <summary>What one more contract of a line takes off the loss at a look: held long, and held short.</summary>
    public abstract (double[] Long, double[] Short) PerContract(int line, int look);

    /// <summary>The linear function that the tail stands for.</summary>
    /// <param name="over">Whose legs.</param>
    /// <param name="positions">The book at which it touches.</param>
    /// <param name="tail">The tail there.</param>
    public abstract LimitRow Row(ProgramParts over, double[] positions, PathTail tail);

    /// <summary>Largest losses at a book.</summary>
    protected abstract (double[] Loss, int[] Look) Largest(double[] positions);

    /// <summary>Largest loss of each path, and the look that has it.</summary>
    public PathWorst Worst(double[] positions)
    {
        if (known is { } last && last.Positions.AsSpan().SequenceEqual(positions))
            return last;
        var (loss, look) = Largest(positions);
        return known = PathWorst.Of(positions, loss, look);
    }

    /// <summary>Expected shortfall of the largest loss; with a probability of 0 that of the worst path.</summary>
    public virtual double Value(double[] positions, double[] weights, double probability)
    {
        var worst = Worst(positions);
        return TailMean(worst.Order, worst.Loss, weights, probability);
    }

    /// <summary>Weight of the paths on which the largest loss is above a level.</summary>
    public double Touched(double[] positions, double[] weights, double above)
    {
        double[] loss = Worst(positions).Loss;
        double sum = 0;
        for (int s = 0; s < loss.Length; s++)
            sum += loss[s] > above ? weights[s] : 0;
        return sum;
    }

    /// <summary>The tail whose mean <see cref="Value"/> is; the path at its end is split.</summary>
    public PathTail Tail(double[] positions, double[] weights, double probability)
    {
        var worst = Worst(positions);
        var points = new List<(int Look, int Path, double Weight)>();
        double left = probability;
        foreach (int s in worst.Order)
        {
            points.Add((worst.Look[s], s, probability == 0 ? 1 : Math.Min(weights[s], left) / probability));
            left -= weights[s];
            if (left <= 0)
                break;
        }
        return new PathTail(
            TailMean(worst.Order, worst.Loss, weights, probability),
            [
                .. points
                    .GroupBy(point => point.Look)
                    .OrderBy(group => group.Key)
                    .Select(group => new PathPoints(
                        group.Key,
                        [.. group.Select(point => point.Path)],
                        [.. group.Select(point => point.Weight)]
                    )),
            ]
        );
    }

    /// <summary>Mean over the tail of the loss of the book without a trade.</summary>
    protected double Now(PathTail tail)
    {
        double[] current = prepared.Current;
        double sum = 0;
        foreach (var points in tail.Looks)
        {
            double[] loss = Loss(current, points.Look);
            for (int i = 0; i < points.Paths.Length; i++)
                sum += points.Weights[i] * loss[points.Paths[i]];
        }
        return sum;
    }

    /// <summary>Mean of the losses of the first paths of an order, as far as the probability goes.</summary>
    /// <param name="order">Paths from the largest loss down; their weight is the probability at least.</param>
    /// <param name="loss">By path.</param>
    /// <param name="weights">By path.</param>
    /// <param name="probability">0: the first path alone.</param>
    protected static double TailMean(int[] order, double[] loss, double[] weights, double probability)
    {
        if (probability == 0)
            return loss[order[0]];
        double left = probability,
            sum = 0;
        foreach (int s in order)
        {
            sum += Math.Min(weights[s], left) * loss[s];
            left -= weights[s];
            if (left <= 0)
                break;
        }
        return sum / probability;
    }
}
