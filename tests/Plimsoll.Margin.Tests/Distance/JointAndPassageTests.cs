using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class JointAndPassageTests
{
    static readonly IVenueMargin Rule = AccountDistanceTests.Rule("deribit-portfolio-margin");

    /// <summary>Short strangle with a future, thin equity.</summary>
    static MarginPortfolio Strangle(double cash, params string[] coins)
    {
        var positions = ImmutableArray.CreateBuilder<MarginPosition>();
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        var index = new Dictionary<string, double> { ["BTC"] = 60_000, ["ETH"] = 2_000 };
        foreach (string coin in coins)
        {
            double size = coin == "BTC" ? 1 : 30,
                forward = index[coin];
            foreach (var (right, ratio) in new[] { (OptionRight.Put, 0.9), (OptionRight.Call, 1.1) })
            {
                double strike = forward * ratio,
                    years = Years.Between(AsOf, Middle).Value;
                var option = Option(coin, strike, right, Middle);
                double usd = NaiveBlack.Price(forward, strike, 0.6, years, right == OptionRight.Call);
                quotes[option.Name] = new MarginQuote(forward, usd / forward, 0.6);
                positions.Add(new MarginPosition(option, -2 * size));
            }
            var perpetual = Perpetual(coin);
            quotes[perpetual.Name] = new MarginQuote(forward, forward);
            positions.Add(new MarginPosition(perpetual, size * forward / 10 / 4, forward));
        }
        return new MarginPortfolio
        {
            Name = "main",
            IsCross = true,
            Positions = positions.ToImmutable(),
            Balances = [new CollateralBalance(Currency.Usdc, cash)],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = index.Append(new("USDC", 1)).ToImmutableDictionary(),
                Quotes = quotes.ToImmutable(),
            },
        };
    }

    static ScenarioSet Drawn(int count, bool keepsPath = true)
    {
        var market = Market(Perpetual("BTC"), Perpetual("ETH"));
        return HistoricalScenarios.Build(
            market,
            Surfaces,
            [],
            new ScenarioRequest(Years.FromDays(7), count) { KeepsPath = keepsPath }
        );
    }

    [Fact]
    public void No_degree_of_the_circle_is_nearer_than_the_joint_move()
    {
        var spare = new SpareMargin(new MovedPortfolio(Strangle(30_000, "BTC")), Rule);
        var scenarios = Drawn(2_000);
        var law = JointDirection.LawOf(spare.Moved, scenarios)!;
        Assert.Equal(2, law.Dimension);
        var nearest = JointDirection.Nearest(spare, scenarios)!;
        double brute = double.PositiveInfinity;
        for (int degree = 0; degree < 360; degree++)
        {
            double angle = degree * Math.PI / 180;
            double[] direction = JointDirection.Spread(spare.Moved, law, law.Move([Math.Cos(angle), Math.Sin(angle)]));
            if (spare.FirstShort(direction, JointDirection.Farthest, 240) is { } length)
                brute = Math.Min(brute, length);
        }
        Assert.InRange(nearest.StandardDeviations, 0.98 * brute, 1.0005 * brute);
        var move = Assert.Single(nearest.Moves);
        double[] point = [Math.Log(1 + move.Price), Math.Log(1 + move.Volatility!.Value)];
        Assert.Equal(0, spare.At(point) / 30_000, 1e-6);
        Assert.NotEmpty(nearest.Steps);
        double[] back = law.Move(law.Whitened(point));
        Assert.Equal(point[0], back[0], 1e-12);
        Assert.Equal(point[1], back[1], 1e-12);
    }

    [Fact]
    public void The_joint_move_is_no_farther_than_any_single_coin_and_more_equity_moves_it_away()
    {
        var scenarios = Drawn(2_000);
        double last = 0;
        foreach (double cash in (double[])[45_000, 80_000])
        {
            var spare = new SpareMargin(new MovedPortfolio(Strangle(cash, "BTC", "ETH")), Rule);
            double joint = JointDirection.Nearest(spare, scenarios)!.StandardDeviations;
            var law = JointDirection.LawOf(spare.Moved, scenarios)!;
            for (int i = 0; i < law.Dimension; i++)
                foreach (double sign in (double[])[-1, 1])
                {
                    var whitened = new double[law.Dimension];
                    whitened[i] = sign;
                    double[] direction = JointDirection.Spread(spare.Moved, law, law.Move(whitened));
                    double alone = spare.FirstShort(direction, JointDirection.Farthest, 48) ?? double.PositiveInfinity;
                    Assert.True(joint <= alone * (1 + 1e-6), $"{joint} beyond {alone}");
                }
            Assert.True(joint > last, $"cash {cash}: {joint} is no farther than {last}");
            last = joint;
        }
    }

    [Theory]
    [InlineData(21_000, "BTC")]
    [InlineData(42_000, "BTC", "ETH")]
    public void First_passage_is_what_a_look_at_every_bar_of_every_path_finds(double cash, params string[] coins)
    {
        var scenarios = Drawn(150);
        var spare = new SpareMargin(new MovedPortfolio(Strangle(cash, coins)), Rule);
        var passage = FirstPassage.Of(spare, scenarios);
        var walk = new PathStates(spare, scenarios, scenarios.Path!);
        int onTheWay = 0,
            atEnd = 0,
            last = scenarios.Path!.Days.Length - 1;
        for (int s = 0; s < scenarios.Count; s++)
        {
            bool any = Enumerable
                .Range(0, last + 1)
                .Any(bar => Enum.GetValues<BarPoint>().Any(point => walk.Spare(s, new Look(bar, point, 0)) < 0));
            onTheWay += any ? 1 : 0;
            atEnd += walk.Spare(s, new Look(last, BarPoint.Close, 0)) < 0 ? 1 : 0;
        }
        Assert.InRange(onTheWay, 5, 100);
        Assert.Equal(atEnd / 150.0, passage.AtHorizon, 1e-12);
        Assert.InRange(passage.Probability, (onTheWay - 2) / 150.0, onTheWay / 150.0 + 1e-12);
        Assert.True(passage.Probability > passage.AtHorizon, "the close hides nothing here: the test proves little");
        Assert.Equal(passage, FirstPassage.Of(spare, scenarios, 2));
    }

    [Fact]
    public void Without_the_bars_there_is_no_passage_and_without_positions_no_joint_move()
    {
        var portfolio = Strangle(34_000, "BTC");
        var closes = AccountDistance.Of(portfolio, Rule, Drawn(1_000, keepsPath: false));
        Assert.Null(closes.Passage);
        Assert.NotNull(closes.Joint);
        var idle = AccountDistance.Of(portfolio with { Positions = [] }, Rule, Drawn(1_000));
        Assert.Null(idle.Joint);
        Assert.Null(idle.Passage);
        Assert.All(idle.Axes, axis => Assert.Null(axis.Move));
    }
}
