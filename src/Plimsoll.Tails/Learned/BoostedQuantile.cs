using System.Text;

namespace Plimsoll.Tails;

/// <summary>Size and learning of a boosted quantile.</summary>
/// <param name="Trees">Boosting rounds.</param>
/// <param name="Leaves">Leaves of a tree.</param>
/// <param name="LeastRows">Rows in a leaf at least: a leaf's 1% quantile needs hundreds.</param>
/// <param name="LearningRate">Of each tree.</param>
/// <param name="Seed">Of rows and columns drawn.</param>
public sealed record BoostingOptions(
    int Trees = 60,
    int Leaves = 3,
    int LeastRows = 1500,
    double LearningRate = 0.02,
    int Seed = 1
);

/// <summary>A quantile as a sum of small trees over a row of features.</summary>
/// <remarks>
/// LightGBM (Ke et al., NeurIPS 2017) with the quantile objective, which refits each leaf as the leaf's own quantile.
/// One thread, <c>deterministic</c> and <c>force_row_wise</c>: the same rows and seed give the same text, byte for
/// byte. Trees cannot see past the worst leaf, so the target is a return over its forecast scale, never a raw return.
/// </remarks>
public sealed class BoostedQuantile : IDisposable
{
    readonly BoosterHandle booster;
    readonly int columns;

    BoostedQuantile(BoosterHandle booster, string text, int columns) =>
        (this.booster, Text, this.columns) = (booster, text, columns);

    /// <summary>The model in LightGBM's own text form, all that is needed to load it again.</summary>
    public string Text { get; }

    /// <summary>Trains on rows.</summary>
    /// <param name="rows">By row.</param>
    /// <param name="columns">Width of a row.</param>
    /// <param name="targets">One a row.</param>
    /// <param name="probability">Of the quantile, in (0, 1).</param>
    /// <param name="options">Size and learning.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    /// <exception cref="InvalidOperationException">The library refused.</exception>
    public static BoostedQuantile Train(
        double[] rows,
        int columns,
        float[] targets,
        double probability,
        BoostingOptions options
    )
    {
        if (rows.Length != targets.Length * columns)
            throw new ArgumentException($"{targets.Length} targets of {columns} columns do not make {rows.Length}");
        string parameters = Parameters(probability, options);
        NativeBooster.Check(
            NativeBooster.LGBM_DatasetCreateFromMat(
                rows,
                NativeBooster.Float64,
                targets.Length,
                columns,
                1,
                parameters,
                IntPtr.Zero,
                out IntPtr dataset
            )
        );
        try
        {
            NativeBooster.Check(
                NativeBooster.LGBM_DatasetSetField(dataset, "label", targets, targets.Length, NativeBooster.Float32)
            );
            NativeBooster.Check(NativeBooster.LGBM_BoosterCreate(dataset, parameters, out IntPtr handle));
            using var trained = new BoosterHandle(handle);
            for (int n = 0; n < options.Trees; n++)
            {
                NativeBooster.Check(NativeBooster.LGBM_BoosterUpdateOneIter(handle, out int isFinished));
                if (isFinished != 0)
                    break;
            }
            return Load(TextOf(handle), columns);
        }
        finally
        {
            _ = NativeBooster.LGBM_DatasetFree(dataset);
        }
    }

    /// <summary>A model from its text.</summary>
    /// <param name="text">As <see cref="Text"/> gave it.</param>
    /// <param name="columns">Width of a row.</param>
    /// <exception cref="InvalidOperationException">Not such a text.</exception>
    public static BoostedQuantile Load(string text, int columns)
    {
        NativeBooster.Check(NativeBooster.LGBM_BoosterLoadModelFromString(text, out _, out IntPtr handle));
        return new(new BoosterHandle(handle), text, columns);
    }

    /// <summary>The quantile at a row.</summary>
    public double At(ReadOnlySpan<double> row)
    {
        if (row.Length != columns)
            throw new ArgumentException($"a row has {columns} columns, not {row.Length}", nameof(row));
        var result = new double[1];
        NativeBooster.Check(
            NativeBooster.LGBM_BoosterPredictForMat(
                booster.DangerousGetHandle(),
                row.ToArray(),
                NativeBooster.Float64,
                1,
                columns,
                1,
                0,
                0,
                -1,
                "num_threads=1",
                out _,
                result
            )
        );
        GC.KeepAlive(booster);
        return result[0];
    }

    /// <inheritdoc />
    public void Dispose() => booster.Dispose();

    static string Parameters(double probability, BoostingOptions options) =>
        FormattableString.Invariant($"objective=quantile alpha={probability} num_leaves={options.Leaves} ")
        + FormattableString.Invariant($"min_data_in_leaf={options.LeastRows} learning_rate={options.LearningRate} ")
        + FormattableString.Invariant($"seed={options.Seed} num_threads=1 deterministic=true force_row_wise=true ")
        + "feature_fraction=0.7 bagging_fraction=0.7 bagging_freq=1 verbosity=-1";

    static string TextOf(IntPtr handle)
    {
        NativeBooster.Check(NativeBooster.LGBM_BoosterSaveModelToString(handle, 0, -1, 0, 0, out long needed, []));
        var bytes = new byte[needed];
        NativeBooster.Check(NativeBooster.LGBM_BoosterSaveModelToString(handle, 0, -1, 0, needed, out needed, bytes));
        return Encoding.UTF8.GetString(bytes, 0, (int)needed - 1);
    }
}
