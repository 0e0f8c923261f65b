using CsCheck;

namespace Plimsoll.Margin.Tests;

/// <summary>The managers against the slow reference, and what the rule promises.</summary>
public sealed class DeriveRandomTests
{
    const int Portfolios = 10_000;

    static T Shipped<T>(string file, string model, Func<ParameterNode, MarginNote, T> make)
        where T : class =>
        VenueParameters.Read(VenueParameters.Shipped($"venues/derive/{file}.json"), file, model, make).Value;

    static readonly DeriveStandardParameters StandardParameters = Shipped(
        "standard-margin",
        "derive-standard-margin",
        DeriveStandardParameters.Read
    );

    static readonly DerivePortfolioParameters FirstParameters = Shipped(
        "portfolio-margin",
        "derive-portfolio-margin",
        DerivePortfolioParameters.Read
    );

    static readonly DerivePortfolioParameters2 SecondParameters = Shipped(
        "portfolio-margin-2",
        "derive-portfolio-margin-2",
        DerivePortfolioParameters2.Read
    );

    /// <summary>
    /// A skew counts −|gain| of an expiry whose gain is concave in its amounts: not concave where the expiry gains.
    /// </summary>
    static readonly DerivePortfolioParameters2 WithoutSkews = SecondParameters with
    {
        Scenarios =
        [
            .. SecondParameters.Scenarios.Where(s => s.Volatility is not (DeriveShock.Linear or DeriveShock.Abs)),
        ],
    };

    static readonly Gen<DeriveOption> Option = Gen.Select(
        Gen.Int[4, 20],
        Gen.Bool,
        Gen.Double[-5, 5],
        Gen.Double[0.2, 1.5],
        (strike, call, amount, volatility) => new DeriveOption(strike * 5_000, call, amount, volatility)
    );

    static readonly Gen<DeriveExpiry> Expiry = Gen.Select(
        Gen.Double[1_000, 30_000_000],
        Gen.Double[40_000, 70_000],
        Gen.Double[-0.1, 0.3],
        Gen.Double[0.3, 1],
        Option.Array[1, 6],
        (seconds, forward, rate, confidence, options) =>
            new DeriveExpiry(
                seconds,
                forward,
                0,
                rate,
                confidence,
                [.. options.DistinctBy(o => (o.StrikeUsd, o.IsCall))]
            )
    );

    static Gen<DeriveMarketBook> Market(string coin) =>
        Gen.Select(
            Gen.Double[40_000, 70_000],
            Gen.Double[0.3, 1],
            Gen.Double[-3, 3],
            Gen.Double[0.3, 1],
            Gen.Double[-5_000, 5_000],
            Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 4]),
            Expiry.Array[0, 3],
            (spot, confidence, perpetual, ofPerpetual, gain, held, expiries) =>
                new DeriveMarketBook(
                    coin,
                    spot,
                    confidence,
                    new DerivePerpetual(perpetual, spot * 1.001, ofPerpetual, gain),
                    held,
                    [.. expiries]
                )
        );

    static readonly Gen<DeriveCollateral> Collateral = Gen.Select(
        Gen.Double[0, 10],
        Gen.Double[1, 60_000],
        Gen.Double[0.3, 1],
        Gen.Bool,
        Gen.Double[0, 0.3],
        (amount, price, confidence, covers, haircut) =>
            new DeriveCollateral("X", amount, price, confidence, covers, haircut, haircut / 2)
    );

    static Gen<DeriveBook> Book(Gen<DeriveMarketBook[]> markets) =>
        Gen.Select(
            Gen.Double[-50_000, 200_000],
            Gen.Double[0.9, 1.02],
            markets,
            Collateral.Array[0, 2],
            (cash, stable, of, collaterals) => new DeriveBook(cash, stable, [.. of], [.. collaterals])
        );

    static readonly Gen<DeriveBook> TwoMarkets = Book(
        Gen.Select(Market("BTC"), Market("ETH"), (a, b) => new[] { a, b })
    );

    static readonly Gen<DeriveBook> OneMarket = Book(Market("BTC").Select(market => new[] { market }));

    static double Scale(DeriveBook book) =>
        1
        + Math.Abs(book.CashUsd)
        + book.Collaterals.Sum(c => c.Amount * c.PriceUsd)
        + book.Markets.Sum(m =>
            m.SpotUsd * (Math.Abs(m.Perpetual.Amount) + m.BaseCoin + m.Expiries.Sum(e => e.GrossContracts))
            + Math.Abs(m.Perpetual.UnrealisedUsd)
        );

    static void Agree(DeriveBook book, DeriveBalances fast, (double Initial, double Maintenance) slow)
    {
        double tolerance = 1e-12 * Scale(book);
        Assert.Equal(slow.Initial, fast.InitialBalanceUsd, tolerance);
        Assert.Equal(slow.Maintenance, fast.MaintenanceBalanceUsd, tolerance);
        Assert.Equal(fast.MarkToMarketUsd - fast.InitialBalanceUsd, fast.Charges.Sum(c => c.Initial), tolerance);
        Assert.Equal(
            fast.MarkToMarketUsd - fast.MaintenanceBalanceUsd,
            fast.Charges.Sum(c => c.Maintenance),
            tolerance
        );
    }

    [Fact]
    public void Standard_manager_agrees_with_the_slow_reference()
    {
        var model = new DeriveStandardMargin(StandardParameters);
        TwoMarkets.Sample(
            book => Agree(book, model.Balances(book), DeriveReference.Standard(book, StandardParameters)),
            iter: Portfolios
        );
    }

    [Fact]
    public void First_portfolio_manager_agrees_with_the_slow_reference()
    {
        var model = new DerivePortfolioMargin(FirstParameters);
        OneMarket.Sample(
            book => Agree(book, model.Balances(book), DeriveReference.First(book, FirstParameters)),
            iter: Portfolios
        );
    }

    [Fact]
    public void Second_portfolio_manager_agrees_with_the_slow_reference()
    {
        var model = new DerivePortfolioMargin2(SecondParameters);
        OneMarket.Sample(
            book => Agree(book, model.Balances(book), DeriveReference.Second(book, SecondParameters)),
            iter: Portfolios
        );
    }

    static DeriveMarketBook Scaled(DeriveMarketBook market, double by) =>
        market with
        {
            Perpetual = market.Perpetual with
            {
                Amount = market.Perpetual.Amount * by,
                UnrealisedUsd = market.Perpetual.UnrealisedUsd * by,
            },
            BaseCoin = market.BaseCoin * by,
            Expiries =
            [
                .. market.Expiries.Select(e =>
                    e with
                    {
                        Options = [.. e.Options.Select(o => o with { Amount = o.Amount * by })],
                    }
                ),
            ],
        };

    static DeriveBook Scaled(DeriveBook book, double by) =>
        book with
        {
            CashUsd = book.CashUsd * by,
            Markets = [.. book.Markets.Select(market => Scaled(market, by))],
            Collaterals = [.. book.Collaterals.Select(c => c with { Amount = c.Amount * by })],
        };

    [Fact]
    public void All_three_are_positively_homogeneous() =>
        Gen.Select(OneMarket, Gen.Double[0.1, 7])
            .Sample(
                (book, by) =>
                {
                    foreach (
                        var balances in (Func<DeriveBook, DeriveBalances>[])
                            [
                                new DeriveStandardMargin(StandardParameters).Balances,
                                new DerivePortfolioMargin(FirstParameters).Balances,
                                new DerivePortfolioMargin2(SecondParameters).Balances,
                            ]
                    )
                    {
                        var (one, many) = (balances(book), balances(Scaled(book, by)));
                        Assert.Equal(one.InitialBalanceUsd * by, many.InitialBalanceUsd, 1e-11 * by * Scale(book));
                        Assert.Equal(
                            one.MaintenanceBalanceUsd * by,
                            many.MaintenanceBalanceUsd,
                            1e-11 * by * Scale(book)
                        );
                    }
                }
            );

    /// <summary>The same market with other amounts: two books may be added.</summary>
    static DeriveBook With(DeriveBook market, double[] amounts, double coins)
    {
        int next = 0;
        double Draw() => amounts[next++ % amounts.Length];
        var scaled = Scaled(market, coins);
        return scaled with
        {
            Markets =
            [
                .. scaled.Markets.Select(m =>
                    m with
                    {
                        // Whether one is held decides if its feed counts: a sure feed never does.
                        Perpetual = m.Perpetual with
                        {
                            Amount = Draw(),
                            Confidence = 1,
                        },
                        Expiries =
                        [
                            .. m.Expiries.Select(e =>
                                e with
                                {
                                    Options = [.. e.Options.Select(o => o with { Amount = Draw() })],
                                }
                            ),
                        ],
                    }
                ),
            ],
        };
    }

    [Fact]
    public void Portfolio_managers_without_skews_ask_no_more_of_two_books_together_than_apart() =>
        Gen.Select(OneMarket, Gen.Double[-4, 4].Array[9], Gen.Double[-4, 4].Array[9])
            .Sample(
                (market, first, second) =>
                {
                    double[] sum = [.. first.Zip(second, (a, b) => a + b)];
                    foreach (
                        var balances in (Func<DeriveBook, DeriveBalances>[])
                            [
                                new DerivePortfolioMargin(FirstParameters).Balances,
                                new DerivePortfolioMargin2(WithoutSkews).Balances,
                            ]
                    )
                    {
                        double Asked(double[] amounts, bool initial)
                        {
                            var of = balances(With(market, amounts, amounts == sum ? 2 : 1));
                            return of.MarkToMarketUsd - (initial ? of.InitialBalanceUsd : of.MaintenanceBalanceUsd);
                        }
                        foreach (bool initial in (bool[])[true, false])
                            Assert.True(
                                Asked(sum, initial)
                                    <= Asked(first, initial) + Asked(second, initial) + 1e-10 * Scale(market) * 10
                            );
                    }
                }
            );

    [Fact]
    public void A_long_option_given_for_nothing_never_lowers_a_scenario_or_the_standard_balance() =>
        Gen.Select(OneMarket.Where(book => !book.Markets[0].Expiries.IsEmpty), Option, Gen.Double[0.01, 3])
            .Sample(
                (book, option, amount) =>
                {
                    var more = Add(book, option with { Amount = amount, VolatilityAnnual = 0.7 });
                    var standard = new DeriveStandardMargin(StandardParameters);
                    double slack = 1e-10 * Scale(book);
                    // Where more calls are sold than held, a strike above all others is a new place to look for the
                    // worst settlement: the next test shows what that does.
                    if (!LooksFurther(book.Markets[0].Expiries[0], option))
                    {
                        Assert.True(
                            standard.Balances(more).InitialBalanceUsd
                                >= standard.Balances(book).InitialBalanceUsd - slack
                        );
                        Assert.True(
                            standard.Balances(more).MaintenanceBalanceUsd
                                >= standard.Balances(book).MaintenanceBalanceUsd - slack
                        );
                    }
                    var second = new DerivePortfolioMargin2(SecondParameters);
                    var (before, after) = (second.Balances(book), second.Balances(more));
                    foreach (var (a, b) in before.Grids[0].Cells.Zip(after.Grids[0].Cells))
                        if (a.Name != "basis" && !a.Name.Contains("Linear") && !a.Name.Contains("Abs"))
                            Assert.True(
                                after.MarkToMarketUsd + b.RawGain >= before.MarkToMarketUsd + a.RawGain - slack,
                                a.Name
                            );
                }
            );

    static bool LooksFurther(DeriveExpiry expiry, DeriveOption option) =>
        expiry.Options.Where(held => held.IsCall).Sum(held => held.Amount) < 0
        && option.StrikeUsd > expiry.Options.Max(held => held.StrikeUsd);

    [Fact]
    public void A_far_put_given_for_nothing_lowers_the_standard_balance_of_calls_sold_without_cover()
    {
        var expiry = new DeriveExpiry(
            1e6,
            60_000,
            0,
            0,
            1,
            [new DeriveOption(30_000, true, 0.9, 0.5), new DeriveOption(25_000, true, -1, 0.5)]
        );
        var market = new DeriveMarketBook("BTC", 60_000, 1, new DerivePerpetual(0, 60_000, 1, 0), 0, [expiry]);
        var book = new DeriveBook(100_000, 1, [market], []);
        var put = new DeriveOption(100_000, false, 0.001, 0.5);
        Assert.True(LooksFurther(expiry, put));
        var standard = new DeriveStandardMargin(StandardParameters);
        var (before, after) = (standard.Balances(book), standard.Balances(Add(book, put)));
        // At 100,000 the calls lose 12,000, at their own strikes 5,000 at most; the put pays nothing there.
        Assert.Equal(-7_000, after.InitialBalanceUsd - before.InitialBalanceUsd, 1e-6);
        Assert.Equal(-7_000, after.MaintenanceBalanceUsd - before.MaintenanceBalanceUsd, 1e-6);
    }

    static DeriveBook Add(DeriveBook book, DeriveOption option)
    {
        var market = book.Markets[0];
        var expiry = market.Expiries[0];
        var options = expiry.Options.ToList();
        int at = options.FindIndex(o => o.StrikeUsd == option.StrikeUsd && o.IsCall == option.IsCall);
        if (at < 0)
            options.Add(option);
        else
            options[at] = options[at] with { Amount = options[at].Amount + option.Amount };
        return book with
        {
            Markets = [market with { Expiries = market.Expiries.SetItem(0, expiry with { Options = [.. options] }) }],
        };
    }

    [Fact]
    public void Requirements_are_not_negative_where_marks_admit_no_arbitrage() =>
        OneMarket.Sample(book =>
        {
            var flat = book with
            {
                Markets =
                [
                    .. book.Markets.Select(m =>
                        m with
                        {
                            Expiries =
                            [
                                .. m.Expiries.Select(e =>
                                    e with
                                    {
                                        Options = [.. e.Options.Select(o => o with { VolatilityAnnual = 0.6 })],
                                    }
                                ),
                            ],
                        }
                    ),
                ],
            };
            foreach (
                var of in (DeriveBalances[])
                    [
                        new DeriveStandardMargin(StandardParameters).Balances(flat),
                        new DerivePortfolioMargin(FirstParameters).Balances(flat),
                        new DerivePortfolioMargin2(SecondParameters).Balances(flat),
                    ]
            )
            {
                double slack = 1e-10 * Scale(book);
                Assert.True(of.MarkToMarketUsd >= of.MaintenanceBalanceUsd - slack);
                Assert.True(of.MaintenanceBalanceUsd >= of.InitialBalanceUsd - slack);
            }
        });
}
