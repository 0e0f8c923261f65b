using System.Collections.Immutable;
using System.Diagnostics;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>The audit bundle is enough for numpy alone to recompute the answer.</summary>
public sealed class AuditBundleTests
{
    static readonly string? Python = new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(HasNumpy);

    [Fact]
    public void Embedded_answer_is_recomputed_by_numpy()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), EmbeddedMarket.Account(), EmbeddedMarket.Mandate());
        Recheck(input, spoil: false);
    }

    [Fact]
    public void Protecting_a_dollar_account_in_breach_is_recomputed_by_numpy()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var mandate = EmbeddedMarket.Mandate() with { Objective = ObjectiveKind.Protect, Views = [] };
        Recheck(SizingCases.Input(EmbeddedMarket.Snapshot(), EmbeddedMarket.Account(), mandate), spoil: false);
    }

    [Theory]
    [InlineData(MarginMode.CrossPortfolio)]
    [InlineData(MarginMode.SegregatedPortfolio)]
    public void Account_under_portfolio_margin_is_recomputed_by_numpy(MarginMode mode)
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var account = EmbeddedMarket.Account();
        ImmutableArray<Balance> eachCoin =
        [
            new(new Currency("BTC"), 3),
            new(new Currency("ETH"), 40),
            new(Currency.Usdc, 50_000),
        ];
        account = account with
        {
            Subaccounts =
            [
                account.Subaccounts[0] with
                {
                    MarginMode = mode,
                    Balances = mode == MarginMode.CrossPortfolio ? account.Subaccounts[0].Balances : eachCoin,
                },
            ],
        };
        Recheck(SizingCases.Input(EmbeddedMarket.Snapshot(), account, EmbeddedMarket.Mandate()), spoil: false);
    }

    [Theory]
    [InlineData(MarginMode.CrossStandard)]
    [InlineData(MarginMode.CrossPortfolio)]
    public void Limits_on_the_way_are_recomputed_by_numpy(MarginMode mode)
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var (account, mandate) = (EmbeddedMarket.Account(), EmbeddedMarket.Mandate());
        account = account with { Subaccounts = [account.Subaccounts[0] with { MarginMode = mode }] };
        mandate = mandate with
        {
            Survival = mandate.Survival with
            {
                PathLoss = new PathLossLimit(0.02, 0.01),
                Liquidation = new LiquidationLimit(0.001, null, OnTheWay: true),
            },
        };
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), account, mandate) with { Scenarios = 500 };
        Recheck(input, spoil: false);
    }

    [Fact]
    public void Hedges_that_may_be_deleveraged_are_recomputed_by_numpy()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        Recheck(DeleveragedLimitsTests.Hedged(DeleveragedLimits.All), spoil: false);
    }

    /// <summary>Each figure that deleveraging changes is recomputed by itself: a wrong one does not pass for a larger one.</summary>
    [Theory]
    [InlineData("survival.worst-case")]
    [InlineData("survival.worst-case.tail-range[BTC]")]
    [InlineData("survival.path-loss")]
    [InlineData("survival.expected-shortfall")]
    public void A_wrong_figure_of_a_deleveraged_book_is_found(string limit)
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        foreach (double wrong in (double[])[1e-6, -1e-6])
            Recheck(
                DeleveragedLimitsTests.Hedged(DeleveragedLimits.All),
                spoil: true,
                plant: bundle =>
                {
                    int k = bundle.Problem.Constraints.Select(one => one.Name).ToList().IndexOf(limit);
                    double[] values = [.. bundle.Solution.Values];
                    values[k] += wrong;
                    return bundle with { Solution = bundle.Solution with { Values = values } };
                }
            );
    }

    /// <summary>The worst row of the stress set is not that of the plain book, and a wrong assumption is found.</summary>
    [Fact]
    public void An_assumption_that_the_answer_was_not_made_with_is_found()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        Recheck(
            DeleveragedLimitsTests.Hedged(DeleveragedLimits.All),
            spoil: true,
            plant: bundle =>
                bundle with
                {
                    Problem = bundle.Problem with { Deleveraging = bundle.Problem.Deleveraging! with { Share = 0.8 } },
                }
        );
    }

    [Fact]
    public void An_account_with_an_isolated_position_is_recomputed_by_numpy()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        Recheck(IsolatedSizingTests.Short(), spoil: false);
    }

    [Fact]
    public void A_changed_figure_is_found()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), EmbeddedMarket.Account(), EmbeddedMarket.Mandate());
        Recheck(input, spoil: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_book_that_somebody_else_chose_is_recomputed_by_numpy(bool spoil)
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), EmbeddedMarket.Account(), EmbeddedMarket.Mandate());
        Recheck(input, spoil, prepared => TargetSizer.Toward(prepared, Aims(prepared), "somebody").Sizing);
    }

    static Dictionary<int, double> Aims(PreparedSizing prepared) =>
        Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i] is { Instrument: PerpetualInstrument, IsCandidate: true })
            .ToDictionary(i => i, i => 1_234.5 + prepared.Lines[i].CurrentContracts);

    [Fact]
    public void Interest_on_what_is_owed_is_recomputed()
    {
        Assert.SkipUnless(Python is not null, "needs python3 with numpy");
        Recheck(BorrowTests.Input(0.5, 0.01m), spoil: false);
    }

    static void Recheck(
        SizingInput input,
        bool spoil,
        Func<PreparedSizing, SizingResult>? size = null,
        Func<AuditBundle, AuditBundle>? plant = null
    )
    {
        string folder = Directory.CreateTempSubdirectory("plimsoll-audit-").FullName;
        try
        {
            var sizing = (size ?? Sizer.Size)(Sizer.Prepare(input).Value);
            Assert.NotEqual(DecisionStatus.Undetermined, sizing.Decision.Status);
            Assert.Contains(sizing.Decision.Targets, line => line.Trade != 0);
            var bundle = AuditBundle.Of(sizing);
            if (plant is not null)
                bundle = plant(bundle);
            else if (spoil)
                bundle.Collateral[17] *= 1.001;
            AuditBundleFolder.Write(bundle, folder);
            string script = Path.Combine(Repository.Root, "examples", "recheck.py");
            var (code, output) = Run(Python!, script, folder);
            Assert.True(spoil ? code == 1 : code == 0, output);
            // A reader that fails ends with 1 too.
            string last = spoil ? "the bundle does not agree with itself" : "every figure recomputed";
            Assert.EndsWith(last, output.TrimEnd(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static bool HasNumpy(string python)
    {
        try
        {
            return Run(python, "-c", "import numpy").Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
