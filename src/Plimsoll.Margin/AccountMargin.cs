using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>
/// Margin of an account's pools: each settlement currency of a segregated subaccount, or a whole cross one.
/// </summary>
/// <remarks>
/// Under standard margin every position stands alone; only equity is shared inside a pool. Subaccounts under portfolio
/// margin are margined by the venue's own risk matrix where a <see cref="PortfolioRule"/> is given, else by the
/// standard rule as a stand-in, which nets nothing and gives no credit for option value: <see cref="Warnings"/> says
/// so. Collateral counts in full: haircuts of cross collateral are not modelled, which is also said.
/// </remarks>
public static class AccountMargin
{
    /// <summary>What the figures leave out for the margin modes of this account.</summary>
    public static ImmutableArray<string> Warnings(Account account, IMarginModel model, PortfolioRule? rule = null)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        if (rule is null || account.Subaccounts.Any(subaccount => !PortfolioRule.Covers(subaccount)))
            warnings.Add(model.Note);
        if (rule is not null)
            foreach (
                var covered in account
                    .Subaccounts.Select(PortfolioRule.ModelOf)
                    .OfType<IVenueMargin>()
                    .DistinctBy(m => m.Key)
            )
                warnings.Add(covered.Note.Text);
        foreach (var subaccount in account.Subaccounts)
        {
            if (rule is not null && PortfolioRule.Covers(subaccount))
                continue;
            if (PortfolioRule.IsPortfolio(subaccount.MarginMode))
                warnings.Add(
                    $"{subaccount.Name}: portfolio margin is not modelled; "
                        + "standard margin, which nets nothing, stands in"
                );
            if (IsCross(subaccount) && !subaccount.IsIsolated)
                warnings.Add($"{subaccount.Name}: haircuts of cross collateral are not modelled; it counts in full");
        }
        return warnings.ToImmutable();
    }

    /// <summary>Name of the pool that margins what settles in a currency.</summary>
    public static string PoolName(Account account, string subaccount, Currency settlement) =>
        account.Subaccounts.FirstOrDefault(sub => sub.Name == subaccount) is { } found && IsCross(found)
            ? subaccount
            : $"{subaccount}/{settlement}";

    /// <summary>Margin now, at the venue's marks where it states them and at model prices elsewhere.</summary>
    /// <exception cref="ArgumentException">
    /// The model cannot rate a position: ask <see cref="IMarginModel.Missing"/> and
    /// <see cref="PortfolioRule.Missing"/>.
    /// </exception>
    public static ImmutableArray<PoolMargin> Now(
        Account account,
        Book book,
        IMarginModel model,
        ModelPrices prices,
        HomePrices homePrices,
        PortfolioRule? rule = null
    )
    {
        var pools = new SortedDictionary<string, PoolMargin>(StringComparer.Ordinal);
        PoolMargin Pool(string subaccount, Currency currency)
        {
            string name = PoolName(account, subaccount, currency);
            bool cross = name == subaccount;
            return pools.GetValueOrDefault(name)
                ?? new PoolMargin(name, subaccount, cross ? null : currency, 0, 0, 0, 0, 0);
        }
        foreach (var wallet in book.Wallets)
        {
            var pool = Pool(wallet.Subaccount, wallet.Currency);
            double price = homePrices.Now(wallet.Currency);
            bool optionsCount = model.OptionValueIsMargin || Covered(account, wallet.Subaccount, rule);
            double balance = optionsCount ? wallet.Equity : wallet.Equity - wallet.OptionValue;
            pools[pool.Name] = pool with
            {
                Equity = pool.Equity + wallet.Equity * price,
                Balance = pool.Balance + balance * price,
            };
        }
        foreach (var subaccount in account.Subaccounts.Where(subaccount => subaccount.IsIsolated))
        foreach (var stated in IsolatedMargin.Statement(subaccount, book, prices)?.Pools ?? [])
        {
            double unit = stated.UnitUsd * homePrices.Now(Currency.Usd);
            pools[subaccount.Name] = Pool(subaccount.Name, stated.Currency) with
            {
                Initial = stated.Initial * unit,
                Maintenance = stated.Maintenance * unit,
            };
        }
        foreach (var held in book.Holdings.Where(held => !HasOwnRule(account, held.Subaccount, rule)))
        {
            var pool = Pool(held.Subaccount, held.Instrument.Settlement);
            double price = homePrices.Now(held.Instrument.Settlement);
            var rate = RateNow(model, held.Instrument, prices);
            pools[pool.Name] = pool with
            {
                Initial = pool.Initial + rate.Initial(held.Contracts) * price,
                Maintenance = pool.Maintenance + rate.Maintenance(held.Contracts) * price,
            };
        }
        foreach (
            var subaccount in account.Subaccounts.Where(subaccount =>
                rule is not null && PortfolioRule.Covers(subaccount)
            )
        )
        foreach (var stated in rule!.Assess(subaccount, book).Pools)
        {
            var pool = Pool(subaccount.Name, stated.Currency);
            double price = homePrices.Now(stated.Currency);
            double orders = stated.Charges.Where(charge => charge.Name == "open-orders").Sum(charge => charge.Initial);
            pools[pool.Name] = pool with
            {
                Balance = PortfolioRule.ModelOf(subaccount) is IConvexVenue ? stated.Balance * price : pool.Balance,
                Initial = (stated.Initial - orders) * price,
                Maintenance = stated.Maintenance * price,
                OpenOrders = orders * price,
            };
        }
        foreach (
            var subaccount in account.Subaccounts.Where(subaccount => rule is null || !PortfolioRule.Covers(subaccount))
        )
        foreach (
            var orders in subaccount.OpenOrders.Where(order => !order.ReduceOnly).GroupBy(order => order.Instrument)
        )
        {
            if (prices.Find(orders.Key) is not { } instrument)
                continue;
            var pool = Pool(subaccount.Name, instrument.Settlement);
            double held = book
                .Holdings.Where(h => h.Subaccount == subaccount.Name && h.Instrument.Name == orders.Key)
                .Sum(h => h.Contracts);
            double need = OpenOrders(model, instrument, prices, held, [.. orders]);
            pools[pool.Name] = pool with
            {
                OpenOrders = pool.OpenOrders + need * homePrices.Now(instrument.Settlement),
            };
        }
        return [.. pools.Values];
    }

    /// <summary>Margin balance and maintenance of every pool in each scenario.</summary>
    /// <param name="account">For the margin modes.</param>
    /// <param name="book">What is held.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="matrix">Has a column for every instrument held.</param>
    /// <param name="prices">Model prices now, of the same market as the matrix.</param>
    /// <param name="rule">Portfolio margin of the subaccounts that are under it; null: the stand-in.</param>
    public static ImmutableArray<PoolInScenarios> InScenarios(
        Account account,
        Book book,
        IMarginModel model,
        PnlMatrix matrix,
        ModelPrices prices,
        PortfolioRule? rule = null
    )
    {
        int count = matrix.Scenarios.Count;
        var pools = new SortedDictionary<string, PoolInScenarios>(StringComparer.Ordinal);
        PoolInScenarios Pool(string subaccount, Currency currency)
        {
            string name = PoolName(account, subaccount, currency);
            if (!pools.TryGetValue(name, out var pool))
                pools[name] = pool = new PoolInScenarios(name, new double[count], new double[count]);
            return pool;
        }
        foreach (var subaccount in account.Subaccounts.Where(subaccount => subaccount.IsIsolated))
            pools[subaccount.Name] = IsolatedMargin.InScenarios(subaccount, book, matrix, prices);
        foreach (var wallet in book.Wallets.Where(wallet => !pools.ContainsKey(wallet.Subaccount)).ToList())
        {
            double[] balance = Pool(wallet.Subaccount, wallet.Currency).Balance;
            var price = matrix.Prices!.InScenarios(wallet.Currency);
            for (int s = 0; s < count; s++)
                balance[s] += wallet.Equity * price[s];
        }
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < matrix.Instruments.Length; i++)
            columns[matrix.Instruments[i].Name] = i;
        var (longRate, shortRate) = (new double[count], new double[count]);
        var (square, gain) = (new double[count], new double[count]);
        foreach (
            var subaccount in account.Subaccounts.Where(subaccount =>
                rule is not null && PortfolioRule.Covers(subaccount)
            )
        )
            rule!.AddScenarios(subaccount, book, matrix, columns, currency => Pool(subaccount.Name, currency));
        foreach (var held in book.Holdings.Where(held => !HasOwnRule(account, held.Subaccount, rule)))
        {
            var pool = Pool(held.Subaccount, held.Instrument.Settlement);
            int column = columns[held.Instrument.Name];
            ScenarioMaintenance.Rates(model, matrix, prices, column, longRate, shortRate, square);
            ScenarioMaintenance.BalanceGain(model, matrix, prices, column, gain);
            double size = Math.Abs(held.Contracts);
            double[] linear = held.Contracts > 0 ? longRate : shortRate;
            for (int s = 0; s < count; s++)
            {
                pool.Balance[s] += held.Contracts * gain[s];
                pool.Maintenance[s] += size * (linear[s] + size * square[s]);
            }
        }
        return [.. pools.Values];
    }

    /// <summary>
    /// What open orders on one instrument would add if all of one side filled, the worse side: initial margin beyond
    /// today's, and the premium of options bought where option value is no margin. Settlement currency.
    /// </summary>
    public static double OpenOrders(
        IMarginModel model,
        Instrument instrument,
        ModelPrices prices,
        double heldContracts,
        IReadOnlyList<OpenOrder> orders
    )
    {
        var rate = RateNow(model, instrument, prices);
        double now = rate.Initial(heldContracts);
        double bought = 0,
            sold = 0,
            premium = 0;
        bool paysPremium = instrument is OptionInstrument && !model.OptionValueIsMargin;
        foreach (var order in orders)
            if (order.Side == Side.Sell)
                sold += (double)order.Contracts;
            else
            {
                bought += (double)order.Contracts;
                premium += paysPremium ? (double)(order.Contracts * order.LimitPrice * instrument.ContractSize) : 0;
            }
        double onBuys = rate.Initial(heldContracts + bought) + premium - now;
        double onSales = rate.Initial(heldContracts - sold) - now;
        return Math.Max(0, Math.Max(onBuys, onSales));
    }

    /// <summary>Rates at today's market: at the venue's mark where it is stated, else at the model price.</summary>
    /// <exception cref="ArgumentException">No price, or no parameters.</exception>
    public static MarginRate RateNow(IMarginModel model, Instrument instrument, ModelPrices prices) =>
        FindRateNow(model, instrument, prices)
        ?? throw new ArgumentException($"{model.Key} cannot rate {instrument.Name}", nameof(instrument));

    /// <summary>The same, or null without a price or parameters.</summary>
    public static MarginRate? FindRateNow(IMarginModel model, Instrument instrument, ModelPrices prices)
    {
        double? price = prices.Quote(instrument)?.Mark is > 0 and { } mark ? (double)mark : prices.Price(instrument);
        return prices.UnderlyingPriceUsd(instrument) is { } underlyingUsd && price is { } known
            ? model.Rate(instrument, new MarginPrice(underlyingUsd, known))
            : null;
    }

    static bool Covered(Account account, string subaccount, PortfolioRule? rule) =>
        rule is not null && account.Subaccounts.Any(each => each.Name == subaccount && PortfolioRule.Covers(each));

    /// <summary>Whether portfolio margin or the rule of an isolated position margins a subaccount.</summary>
    static bool HasOwnRule(Account account, string subaccount, PortfolioRule? rule) =>
        Covered(account, subaccount, rule)
        || account.Subaccounts.Any(each => each.Name == subaccount && each.IsIsolated);

    static bool IsCross(Subaccount subaccount) =>
        subaccount.MarginMode is MarginMode.CrossStandard or MarginMode.CrossPortfolio;
}
