using System.Collections.Immutable;
using System.ComponentModel;

namespace Plimsoll.Storage;

/// <summary>A trained tail forecaster and its card as they stand in a file.</summary>
sealed record TailModelRows(
    [Description("Always \"plimsoll-tail-model\".")] string Format,
    [Description("Version of the format: 1.")] decimal Version,
    [Description("Coin whose return is forecast.")] string Underlying,
    [Description("Start of the first day that training did not see, UTC.")] DateTimeOffset TrainedUntil,
    [Description("Data by coin.")] ImmutableArray<TailWindowRow> Windows,
    [Description("Names of the combined models.")] ImmutableArray<string> Members,
    [Description("GARCH(1,1) with Student innovations, percent a day.")] TailVolatilityRow Volatility,
    [Description("The panel model.")] TailScaleRow Scale,
    [Description("Combination by level.")] ImmutableArray<TailLevelRow> Levels
);

/// <summary>Data of a coin.</summary>
sealed record TailWindowRow(
    [Description("Coin.")] string Underlying,
    [Description("First day.")] DateTimeOffset First,
    [Description("Last day.")] DateTimeOffset Last,
    [Description("Days present."), MustBe(1, 1e6, "a number of days")] double Days,
    [Description("Days with an implied volatility."), MustBe(0, 1e6, "a number of days")] double ImpliedDays
);

/// <summary>Volatility model.</summary>
sealed record TailVolatilityRow(
    [Description("Mean, percent a day.")] double Mean,
    [Description("Constant of the variance."), MustBe(0, 1e9, "0 or more")] double Omega,
    [Description("Weight of yesterday's square."), MustBe(0, 2, "from 0 to 2")] double Alpha,
    [Description("Weight of yesterday's variance."), MustBe(0, 2, "from 0 to 2")] double Beta,
    [Description("Degrees of freedom."), MustBe(2.01, 1e6, "over 2")] double Degrees,
    [Description("Variance of the first day."), MustBe(0, 1e9, "a positive variance", ZeroRefused = true)]
        double FirstVariance,
    [Description("Log-likelihood.")] double LogLikelihood,
    [Description("Whether the search converged.")] bool Converged,
    [Description("Returns in the window."), MustBe(1, 1e9, "a number of returns")] double Observations
);

/// <summary>Panel model; lists are in order of the features.</summary>
sealed record TailScaleRow(
    [Description("Names of the features.")] ImmutableArray<string> Features,
    [Description("Mean of the standardised return.")] double Location,
    [Description("Constant of the log scale.")] double Constant,
    [Description("Coefficients of the log scale.")] ImmutableArray<double> Coefficients,
    [Description("Mean of each feature in training.")] ImmutableArray<double> Centre,
    [Description("Deviation of each feature in training.")] ImmutableArray<double> Spread,
    [Description("Degrees of freedom."), MustBe(2.01, 1e6, "over 2")] double Degrees,
    [Description("Skew."), MustBe(-0.99, 0.99, "from -0.99 to 0.99")] double Skew,
    [Description("Whether the search converged.")] bool Converged,
    [Description("Coin days."), MustBe(1, 1e9, "a number of coin days")] double Observations
);

/// <summary>Combination at a level.</summary>
sealed record TailLevelRow(
    [Description("Tail probability."), MustBe(1e-6, 0.5, "a tail probability such as 0.01")] double Probability,
    [Description("Discounted losses by member.")] ImmutableArray<double> Sums,
    [Description("Logarithm of the calibration factor."), MustBe(-1, 1, "from -1 to 1")] double LogFactor,
    [Description("Days on which weights and factor were learnt.")] double Days,
    [Description("Hits on them.")] double Hits,
    [Description("Mean joint loss on them.")] double MeanFz0,
    [Description("That of the reference model.")] double ReferenceMeanFz0
);
