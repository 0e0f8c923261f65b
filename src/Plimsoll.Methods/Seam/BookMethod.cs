using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Fractions of equity in notional, on <see cref="MethodReturns"/>, or a refusal.</summary>
/// <param name="Fractions">By asset; empty with a refusal.</param>
/// <param name="Certificate">Of the solver.</param>
/// <param name="Refusal">Why there are none; empty when there are.</param>
public sealed record BookProposal(ImmutableArray<double> Fractions, MethodCertificate Certificate, string Refusal = "")
{
    /// <summary>What was found on the way.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Fractions.</summary>
    public static BookProposal Of(IEnumerable<double> fractions, MethodCertificate certificate = default) =>
        new([.. fractions], certificate);

    /// <summary>Fractions of a solver's report, or its refusal.</summary>
    public static BookProposal Of(IEnumerable<double> fractions, Numerics.SolverReport report) =>
        report.Converged
            ? new([.. fractions], new MethodCertificate(report.Iterations, report.Residual, report.Gap))
            : Refuse(report.Reason);

    /// <summary>The same with words to say where nothing is held.</summary>
    public BookProposal OrNothing(string why) =>
        Refusal.Length == 0 && Fractions.All(fraction => Math.Abs(fraction) < 1e-9)
            ? this with
            {
                Notes = Notes.Add(why),
            }
            : this;

    /// <summary>No fractions.</summary>
    public static BookProposal Refuse(string reason) => new([], default, reason);

    /// <summary>The same with the sum of absolute fractions at 1; a book of zeros stays.</summary>
    public BookProposal Normalised()
    {
        double sum = Fractions.Sum(Math.Abs);
        return sum > 0 ? this with { Fractions = [.. Fractions.Select(f => f / sum)] } : this;
    }
}

/// <summary>A method that chooses fractions of equity from returns per unit of notional.</summary>
public abstract class BookMethod : ISizingMethod
{
    /// <inheritdoc />
    public abstract string Key { get; }

    /// <inheritdoc />
    public abstract MethodFamily Family { get; }

    /// <inheritdoc />
    public abstract string Description { get; }

    /// <inheritdoc />
    public abstract ImmutableArray<MethodParameter> Parameters { get; }

    /// <inheritdoc />
    public MethodProposal Propose(MethodProblem problem)
    {
        var returns = MethodReturns.Of(problem);
        for (int i = 0; i < returns.Count; i++)
            if (!(returns.Covariance[i, i] > 0))
                return MethodProposal.Refuse(
                    $"risk of {problem.Name(i)}: its gain is the same in every scenario; leave it out with universe"
                );
        var book = Book(returns, problem);
        return book.Refusal.Length > 0
            ? MethodProposal.Refuse($"a book by {Key}: {book.Refusal}")
            : MethodProposal.Of(
                book.Fractions.Select((f, i) => problem.Side[i] * f * problem.Equity / problem.Notional[i])
            ) with
            {
                Certificate = book.Certificate,
                Notes = book.Notes,
            };
    }

    /// <summary>Fractions of equity; a negative one takes the other side.</summary>
    protected abstract BookProposal Book(MethodReturns returns, MethodProblem problem);
}
