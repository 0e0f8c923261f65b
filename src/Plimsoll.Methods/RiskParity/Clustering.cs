using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>How far two clusters are apart.</summary>
public enum Linkage
{
    /// <summary>Their nearest leaves.</summary>
    Single,

    /// <summary>Growth of the squared deviations (Ward 1963).</summary>
    Ward,
}

/// <summary>A binary tree over assets: a leaf, or two branches.</summary>
/// <param name="Leaf">Asset of a leaf; −1 for a branch.</param>
/// <param name="Left">Left branch.</param>
/// <param name="Right">Right branch.</param>
public sealed record ClusterTree(int Leaf, ClusterTree? Left, ClusterTree? Right)
{
    /// <summary>Leaves from left to right.</summary>
    public IEnumerable<int> Leaves => Leaf >= 0 ? [Leaf] : Left!.Leaves.Concat(Right!.Leaves);
}

/// <summary>Agglomerative clustering of a distance matrix.</summary>
public static class Clustering
{
    /// <summary>√((1 − ρ)/2) of a covariance.</summary>
    public static double[,] CorrelationDistance(SymmetricMatrix covariance)
    {
        int n = covariance.Size;
        var distance = new double[n, n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        {
            double rho = covariance[i, j] / Math.Sqrt(covariance[i, i] * covariance[j, j]);
            distance[i, j] = i == j ? 0 : Math.Sqrt(Math.Max(0, (1 - rho) / 2));
        }
        return distance;
    }

    /// <summary>Euclidean distance between the columns of a distance matrix (López de Prado 2016).</summary>
    public static double[,] DistanceOfDistances(double[,] d)
    {
        int n = d.GetLength(0);
        var distance = new double[n, n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
        {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += (d[k, i] - d[k, j]) * (d[k, i] - d[k, j]);
            distance[i, j] = Math.Sqrt(sum);
        }
        return distance;
    }

    /// <summary>
    /// The tree; at each merge the older cluster, leaves by index before branches by age, stands on the left; equal
    /// distances go
    /// to the pair of the lowest numbers.
    /// </summary>
    public static ClusterTree Tree(double[,] distance, Linkage linkage)
    {
        int n = distance.GetLength(0);
        var alive = Enumerable.Range(0, n).Select(i => (Id: i, Size: 1, Tree: new ClusterTree(i, null, null))).ToList();
        var between = new Dictionary<(int, int), double>();
        for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            between[(i, j)] = distance[i, j];
        for (int next = n; alive.Count > 1; next++)
        {
            var (a, b, least) = (0, 1, double.PositiveInfinity);
            for (int i = 0; i < alive.Count; i++)
            for (int j = i + 1; j < alive.Count; j++)
                if (between[(alive[i].Id, alive[j].Id)] < least)
                    (a, b, least) = (i, j, between[(alive[i].Id, alive[j].Id)]);
            var (left, right) = (alive[a], alive[b]);
            foreach (var other in alive.Where(c => c.Id != left.Id && c.Id != right.Id))
            {
                double one = between[Pair(other.Id, left.Id)],
                    two = between[Pair(other.Id, right.Id)];
                double sizes = left.Size + right.Size + other.Size;
                between[(other.Id, next)] =
                    linkage == Linkage.Single
                        ? Math.Min(one, two)
                        : Math.Sqrt(
                            (
                                (left.Size + other.Size) * one * one
                                + (right.Size + other.Size) * two * two
                                - other.Size * least * least
                            ) / sizes
                        );
            }
            alive.RemoveAt(b);
            alive.RemoveAt(a);
            alive.Add((next, left.Size + right.Size, new ClusterTree(-1, left.Tree, right.Tree)));
        }
        return alive[0].Tree;
    }

    static (int, int) Pair(int a, int b) => a < b ? (a, b) : (b, a);

    /// <summary>
    /// The same tree with the branches turned by a rule that does not look at the order of the input: the branch with
    /// the least
    /// variance among its leaves stands on the left, then the lower key.
    /// </summary>
    public static ClusterTree Turned(ClusterTree tree, SymmetricMatrix covariance, Func<int, string> key)
    {
        if (tree.Leaf >= 0)
            return tree;
        var left = Turned(tree.Left!, covariance, key);
        var right = Turned(tree.Right!, covariance, key);
        (double, string) Rank(ClusterTree branch) =>
            branch.Leaves.Select(leaf => (covariance[leaf, leaf], key(leaf))).Min();
        return Comparer<(double, string)>.Default.Compare(Rank(left), Rank(right)) <= 0
            ? new ClusterTree(-1, left, right)
            : new ClusterTree(-1, right, left);
    }

    /// <summary>
    /// The order of leaves, among all turns of the tree, with the least sum of distances between neighbours.
    /// </summary>
    /// <remarks>Bar-Joseph, Gifford, Jaakkola 2001: dynamic programming over the outermost leaves.</remarks>
    public static int[] OptimalOrder(ClusterTree tree, double[,] distance)
    {
        var best = new Dictionary<ClusterTree, Dictionary<(int, int), (double Cost, int[] Order)>>(
            ReferenceEqualityComparer.Instance
        );
        Visit(tree);
        return best[tree].Values.MinBy(entry => entry.Cost).Order;

        void Visit(ClusterTree node)
        {
            var table = new Dictionary<(int, int), (double, int[])>();
            best[node] = table;
            if (node.Leaf >= 0)
            {
                table[(node.Leaf, node.Leaf)] = (0, [node.Leaf]);
                return;
            }
            Visit(node.Left!);
            Visit(node.Right!);
            foreach (var (first, second) in new[] { (node.Left!, node.Right!), (node.Right!, node.Left!) })
            foreach (var (a, left) in best[first])
            foreach (var (b, right) in best[second])
            {
                double cost = left.Cost + right.Cost + distance[a.Item2, b.Item1];
                var ends = (a.Item1, b.Item2);
                if (!table.TryGetValue(ends, out var known) || cost < known.Item1 - 1e-15)
                    table[ends] = (cost, [.. left.Order, .. right.Order]);
            }
        }
    }
}
