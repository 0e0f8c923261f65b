namespace Plimsoll.Methods;

/// <summary>A statement about the law of returns, held with a confidence in [0, 1].</summary>
/// <param name="Confidence">1: certain.</param>
public abstract record AssetView(double Confidence);

/// <summary>E[x] = Value.</summary>
/// <param name="Asset">Column.</param>
/// <param name="Value">Mean.</param>
/// <param name="Confidence">Confidence.</param>
public sealed record MeanView(int Asset, double Value, double Confidence = 1) : AssetView(Confidence);

/// <summary>Standard deviation of x; its mean is pinned where it is, or where another view puts it.</summary>
/// <param name="Asset">Column.</param>
/// <param name="Value">Standard deviation.</param>
/// <param name="Confidence">Confidence.</param>
public sealed record DeviationView(int Asset, double Value, double Confidence = 1) : AssetView(Confidence);

/// <summary>Correlation of two columns; means and deviations are pinned.</summary>
/// <param name="First">Column.</param>
/// <param name="Second">Column.</param>
/// <param name="Value">In (−1, 1).</param>
/// <param name="Confidence">Confidence.</param>
public sealed record CorrelationView(int First, int Second, double Value, double Confidence = 1)
    : AssetView(Confidence);

/// <summary>P(x ≤ Value) = Probability.</summary>
/// <param name="Asset">Column.</param>
/// <param name="Value">Quantile.</param>
/// <param name="Probability">Probability.</param>
/// <param name="Confidence">Confidence.</param>
public sealed record QuantileView(int Asset, double Value, double Probability, double Confidence = 1)
    : AssetView(Confidence);

/// <summary>E[better] − E[worse] ≥ By.</summary>
/// <param name="Better">Column.</param>
/// <param name="Worse">Column.</param>
/// <param name="By">Least difference of means.</param>
/// <param name="Confidence">Confidence.</param>
public sealed record RankingView(int Better, int Worse, double By = 0, double Confidence = 1) : AssetView(Confidence);
