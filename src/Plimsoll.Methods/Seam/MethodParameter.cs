using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>One parameter of a method: its key, what it means, its default.</summary>
/// <param name="Name">Key in the method's table.</param>
/// <param name="Meaning">For the reference page and the schema.</param>
public abstract record MethodParameter(string Name, string Meaning);

/// <summary>A parameter of type T.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Fallback">Value when absent.</param>
public abstract record MethodParameter<T>(string Name, string Meaning, T Fallback) : MethodParameter(Name, Meaning)
    where T : notnull;

/// <summary>A fraction, written as a percentage with its sign; between the bounds, ends included.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Fallback">Fraction when absent.</param>
/// <param name="Least">Least fraction.</param>
/// <param name="Most">Largest fraction.</param>
public sealed record ShareParameter(string Name, string Meaning, double Fallback, double Least, double Most)
    : MethodParameter<double>(Name, Meaning, Fallback);

/// <summary>A pure number between the bounds, ends included.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Fallback">Number when absent.</param>
/// <param name="Least">Least number.</param>
/// <param name="Most">Largest number.</param>
public sealed record NumberParameter(string Name, string Meaning, double Fallback, double Least, double Most)
    : MethodParameter<double>(Name, Meaning, Fallback);

/// <summary>One of a few words; the first is the default.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Words">All words.</param>
public sealed record ChoiceParameter(string Name, string Meaning, ImmutableArray<string> Words)
    : MethodParameter<string>(Name, Meaning, Words[0]);

/// <summary>Some of a few words.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Words">All words.</param>
/// <param name="Fallback">Words when absent.</param>
public sealed record ChoicesParameter(
    string Name,
    string Meaning,
    ImmutableArray<string> Words,
    ImmutableArray<string> Fallback
) : MethodParameter<ImmutableArray<string>>(Name, Meaning, Fallback);

/// <summary>Instruments by name or pattern; empty when absent.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
public sealed record NamesParameter(string Name, string Meaning)
    : MethodParameter<ImmutableArray<string>>(Name, Meaning, []);

/// <summary>Numbers by name or pattern, <c>{ "BTC-*" = 2 }</c>; empty when absent.</summary>
/// <param name="Name">Key.</param>
/// <param name="Meaning">Meaning.</param>
/// <param name="Least">Least number.</param>
/// <param name="Most">Largest number.</param>
public sealed record NumbersByNameParameter(string Name, string Meaning, double Least, double Most)
    : MethodParameter<ImmutableDictionary<string, double>>(Name, Meaning, ImmutableDictionary<string, double>.Empty);

/// <summary>Values of a method's parameters; what is absent has its default.</summary>
/// <param name="Values">By parameter.</param>
public sealed record MethodSettings(ImmutableDictionary<MethodParameter, object> Values)
{
    /// <summary>Every default.</summary>
    public static MethodSettings Defaults { get; } = new(ImmutableDictionary<MethodParameter, object>.Empty);

    /// <summary>The value, or the default.</summary>
    public T Get<T>(MethodParameter<T> parameter)
        where T : notnull => Values.TryGetValue(parameter, out object? value) ? (T)value : parameter.Fallback;

    /// <summary>The same with one more value.</summary>
    public MethodSettings With<T>(MethodParameter<T> parameter, T value)
        where T : notnull => new(Values.SetItem(parameter, value));
}

/// <summary>Parameters that every method has.</summary>
public static class MethodParameters
{
    /// <summary>What the method may hold.</summary>
    public static NamesParameter Universe { get; } =
        new(
            "universe",
            "Instruments that the method chooses among, by name or pattern; absent: the mandate's candidates, or, "
                + "where it names none, each coin's perpetual that trades most (without any, the futures)."
        );

    /// <summary>Long or short.</summary>
    public static ChoiceParameter Side { get; } =
        new(
            "side",
            "Side of each instrument where the method itself knows none: \"edge\" takes the sign of the stated edge, "
                + "and long where there is none.",
            ["edge", "long", "short"]
        );

    /// <summary>Whether trades that do not pay for their cost are left out.</summary>
    public static NumberParameter NoTrade { get; } =
        new(
            "no-trade-risk-aversion",
            "Risk aversion at which the distance to the proposal is weighed against spread, fee, impact and funding "
                + "over the horizon; trades stop at the edge of the no-trade region. 0: traded in full.",
            0,
            0,
            10_000
        );

    /// <summary>All of them.</summary>
    public static ImmutableArray<MethodParameter> Common { get; } = [Universe, Side, NoTrade];
}
