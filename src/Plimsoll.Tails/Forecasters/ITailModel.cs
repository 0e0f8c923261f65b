namespace Plimsoll.Tails;

/// <summary>A way to forecast tails that is fitted on the past, again and again.</summary>
public interface ITailModel
{
    /// <summary>Short name, as in tables: <c>GARCH-t</c>.</summary>
    string Name { get; }

    /// <summary>Fits on the days before one.</summary>
    /// <param name="history">May hold later days; they must not be looked at.</param>
    /// <param name="day">Position of the first day that the fit may be used for.</param>
    /// <param name="previous">The fit before, as a start of the search; null: none.</param>
    IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous);
}

/// <summary>A model with its parameters.</summary>
public interface IFittedTailModel
{
    /// <summary>Whether the fit met its stopping rule; a simple rule always has.</summary>
    bool Converged { get; }

    /// <summary>Forecast of a day's lower tail from the days before it.</summary>
    /// <param name="history">May hold later days; they are not looked at.</param>
    /// <param name="day">Position of the day.</param>
    /// <param name="p">Level.</param>
    /// <returns>Null: undetermined, such as with too few days.</returns>
    TailForecast? Forecast(TailHistory history, int day, TailProbability p);
}

/// <summary>A fitted model that has a whole law for the day, in both tails.</summary>
public interface IFittedLawModel : IFittedTailModel
{
    /// <summary>Law of the day's return; null: undetermined.</summary>
    ReturnForecast? Law(TailHistory history, int day);

    /// <inheritdoc />
    TailForecast? IFittedTailModel.Forecast(TailHistory history, int day, TailProbability p) =>
        Law(history, day)?.Lower(p);
}
