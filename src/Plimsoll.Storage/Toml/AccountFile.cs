using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Storage.AccountKeys;

namespace Plimsoll.Storage;

/// <summary>
/// Reads an account: strict TOML, every fault at once with file, line, key path, value and expectation.
/// </summary>
/// <remarks>Keys are in docs/mandate.md, which derives from the same description.</remarks>
public static class AccountFile
{
    /// <summary>Reads an account file.</summary>
    public static Parsed<Account> Read(string path) => Value(ReadLocated(path));

    /// <summary>Reads account text; <paramref name="place"/> stands in the faults.</summary>
    public static Parsed<Account> Parse(string text, string place) => Value(ParseLocated(text, place, null));

    /// <summary>Reads an account file and keeps the line of each key.</summary>
    public static Parsed<Located<Account>> ReadLocated(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded
            ? ParseLocated(text.Value.Text, text.Value.Place, Path.GetDirectoryName(Path.GetFullPath(path)))
            : Parsed<Located<Account>>.Fail(text.Faults);
    }

    static Parsed<Located<Account>> ParseLocated(string text, string place, string? folder) =>
        TomlDocument.Bind(text, place, Root, (root, binding) => Make(root, binding, folder));

    static Parsed<Account> Value(Parsed<Located<Account>> located) => located.Select(found => found.Value);

    static Account Make(BoundTable root, TomlBinding binding, string? folder)
    {
        var tables = root.Get(Subaccounts);
        RefuseRepeated(tables, Name, binding, "each subaccount's name once");
        var account = new Account
        {
            HomeCurrency = root.Number(HomeCurrency),
            HighWaterMark = root.Number(HighWaterMark),
            Subaccounts = [.. tables.Select(table => MakeSubaccount(table, binding, folder))],
        };
        MarginKeys.RefuseTwo(account, tables, binding);
        return account;
    }

    static Subaccount MakeSubaccount(BoundTable table, TomlBinding binding, string? folder)
    {
        var positions = table.Number(Positions) ?? [];
        var orders = table.Number(OpenOrders) ?? [];
        RefuseRepeated(positions, InstrumentName, binding, "each instrument once; add the positions up");
        RefuseRepeated(
            [.. orders.Where(order => order.Find(OrderId) is not null)],
            OrderId,
            binding,
            "each order's id once"
        );
        var margin = MarginKeys.Read(table, table.Get(Venue), binding, folder, "an account");
        // Elsewhere a margin of its own would silently count for nothing.
        foreach (var position in positions.Where(_ => !IsolatedPositions.Venues.Contains(table.Get(Venue))))
            if (position.Source.Find(IsolatedMargin.Name) is { } written)
                binding.Refuse(
                    written,
                    TomlBinding.Join(position.Path, IsolatedMargin.Name),
                    "nothing: of the venues here "
                        + string.Join(", ", IsolatedPositions.Venues)
                        + " margin positions so"
                );
        return new Subaccount
        {
            Name = table.Get(Name),
            Venue = table.Get(Venue),
            MarginMode = table.Get(Mode),
            MarginModel = margin.Model,
            MarginParameters = margin.Parameters,
            Balances = table.Get(Balances),
            Positions =
            [
                .. positions.Select(position => new Position(
                    position.Get(InstrumentName),
                    position.Get(Contracts),
                    position.Number(EntryPrice)
                )
                {
                    Leverage = position.Number(Leverage),
                    IsolatedMargin = position.Number(IsolatedMargin),
                }),
            ],
            OpenOrders = [.. orders.Select(MakeOrder)],
        };
    }

    static OpenOrder MakeOrder(BoundTable order, int index) =>
        new(
            order.Find(OrderId) ?? FormattableString.Invariant($"order-{index + 1}"),
            order.Get(InstrumentName),
            order.Get(OrderSide),
            order.Get(OrderContracts),
            order.Get(LimitPrice),
            order.Get(ReduceOnly)
        );

    static void RefuseRepeated(
        ImmutableArray<BoundTable> tables,
        TomlKey<string> key,
        TomlBinding binding,
        string expectation
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var table in tables)
            if (!seen.Add(table.Get(key)))
                binding.Refuse(table.Source.Find(key.Name)!, TomlBinding.Join(table.Path, key.Name), expectation);
    }
}
