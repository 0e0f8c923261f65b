using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Contract terms by name; orders and trades of the venue in our terms.</summary>
/// <remarks>
/// One contract is <c>ctVal × ctMult</c> of the coin, or of dollars where it settles in the coin: either figure alone
/// is wrong for options. Our labels have signs that the venue's client ids may not have, so ids are hashes of them.
/// </remarks>
sealed class OkxContracts
{
    const int HashBytes = 15;
    readonly Dictionary<string, Instrument> byName = new(StringComparer.Ordinal);
    readonly Dictionary<string, JsonElement> rows = new(StringComparer.Ordinal);

    /// <summary>Labels by client id: letters and digits, 32 at most.</summary>
    public HashedLabels Labels { get; } = new(ClientId);

    /// <summary>Whether any terms are known.</summary>
    public bool IsEmpty => byName.Count == 0;

    /// <summary>Terms of a name; null when it is not known.</summary>
    public Instrument? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The known name that a text ends with; null where it ends with none.</summary>
    public string? EndOf(string text) =>
        byName.Keys.Where(name => text.EndsWith(name, StringComparison.Ordinal)).MaxBy(name => name.Length);

    /// <summary>A text of the venue's own row of a contract; empty where it is not known.</summary>
    public string Row(string name, string field) => rows.TryGetValue(name, out var row) ? row.Text(field) : "";

    /// <summary>The venue's number of a contract, which newer order messages want; null where it states none.</summary>
    public long? Code(string name) =>
        rows.TryGetValue(name, out var row) && row.Number("instIdCode") is { } code ? (long)code : null;

    /// <summary>The client's id of a label.</summary>
    public static string ClientId(string label) => "p" + HashedLabels.Hex(label, HashBytes);

    /// <summary>Takes rows of <c>public/instruments</c> of one type with the account's fees of it.</summary>
    /// <param name="listed">Rows.</param>
    /// <param name="fees">Fees of the account for this type.</param>
    /// <param name="bands">Ticks by price; null: each row's own one.</param>
    /// <exception cref="FormatException">A row is not understood.</exception>
    public ImmutableArray<Instrument> Learn(JsonElement listed, JsonElement fees, TickSchedule? bands = null)
    {
        var made = ImmutableArray.CreateBuilder<Instrument>();
        foreach (var row in listed.EnumerateArray())
        {
            if (row.Text("state") == "test" || Read(row, fees, bands) is not { } one)
                continue;
            byName[one.Name] = one;
            rows[one.Name] = row;
            made.Add(one);
        }
        return made.ToImmutable();
    }

    /// <summary>An order.</summary>
    public OrderReport Order(JsonElement row)
    {
        string id = row.Text("ordId"),
            state = row.Text("state");
        if (id.Length == 0)
            throw new FormatException("an order without an id");
        var status = state switch
        {
            "live" or "partially_filled" => VenueOrderStatus.Open,
            "filled" => VenueOrderStatus.Filled,
            "canceled" or "mmp_canceled" => VenueOrderStatus.Cancelled,
            _ => throw new FormatException($"order state {state}"),
        };
        string source = row.Text("cancelSource");
        return new OrderReport(
            id,
            Labels.Of(row.Text("clOrdId"), id),
            row.Text("instId"),
            status,
            row.Amount("accFillSz") ?? 0,
            row.Amount("uTime") ?? 0,
            status == VenueOrderStatus.Cancelled ? (source.Length > 0 ? $"cancelled by {source}" : state) : "",
            Contracts: row.Amount("sz"),
            LimitPrice: row.Amount("px")
        );
    }

    /// <summary>The trade that an order's message or a row of <c>fills</c> tells; null where it tells none.</summary>
    public FillSeen? Fill(JsonElement row)
    {
        if (row.Text("tradeId") is not { Length: > 0 } trade || row.Amount("fillSz") is not (> 0 and { } contracts))
            return null;
        string name = row.Text("instId"),
            category = row.Text("category");
        return new FillSeen(
            $"{name}/{trade}",
            HashedLabels.Own(Labels.Of(row.Text("clOrdId"), row.Text("ordId"))),
            name,
            SideOf(row),
            contracts,
            row.NeededAmount("fillPx"),
            category is "full_liquidation" or "partial_liquidation",
            category is "adl",
            row.Amount("fillTime") is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null
        );
    }

    /// <summary>An order that rests.</summary>
    public ListedOrder Listed(JsonElement row)
    {
        var report = Order(row);
        return new ListedOrder(
            report.Label,
            report.Instrument,
            SideOf(row),
            row.NeededAmount("sz") - report.Filled,
            row.Amount("px") ?? 0,
            row.Text("reduceOnly") == "true" || row.Flag("reduceOnly")
        );
    }

    /// <summary>Ticks from <c>tickBand</c> rows: each holds above its least price.</summary>
    public static TickSchedule? Bands(JsonElement rows)
    {
        var bands = rows.EnumerateArray()
            .Select(row => new TickStep(row.Amount("minPx") ?? 0, row.NeededAmount("tickSz")))
            .OrderBy(step => step.Above)
            .ToList();
        return bands.Count == 0 ? null : new TickSchedule(bands[0].TickSize, [.. bands.Skip(1)]);
    }

    /// <summary>A time in milliseconds since 1970.</summary>
    public static DateTimeOffset Time(string milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));

    static Side SideOf(JsonElement row) =>
        row.Text("side") switch
        {
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            var other => throw new FormatException($"side {other}"),
        };

    static Instrument? Read(JsonElement row, JsonElement fees, TickSchedule? bands)
    {
        string type = row.Text("instType"),
            settles = row.Text("settleCcy");
        if (type is not ("SWAP" or "FUTURES" or "OPTION"))
            return null;
        decimal size = row.NeededAmount("ctVal") * row.NeededAmount("ctMult");
        bool isLinear = type != "OPTION" && row.Text("ctType") == "linear" || new Currency(settles).IsDollar;
        var terms = new PerpetualInstrument
        {
            Name = row.Text("instId"),
            Venue = "okx",
            Underlying = row.Text("uly").Split('-')[0],
            Shape = isLinear ? PayoffShape.Linear : PayoffShape.Inverse,
            Settlement = new Currency(settles),
            ContractSize = size,
            LotContracts = row.NeededAmount("lotSz"),
            MinimumOrderContracts = row.NeededAmount("minSz"),
            Ticks = bands ?? TickSchedule.Uniform(row.NeededAmount("tickSz")),
            Fees = Fees(fees, settles),
            OrderAmountPerContract = 1,
            OrderAmountUnit = "contracts",
        };
        return type switch
        {
            "SWAP" => terms,
            "FUTURES" => new FutureInstrument(terms, terms.Name, Time(row.Text("expTime"))),
            _ => new OptionInstrument(
                terms,
                terms.Name,
                row.NeededAmount("stk"),
                row.Text("optType") == "C" ? OptionRight.Call : OptionRight.Put,
                Time(row.Text("expTime"))
            ),
        };
    }

    /// <summary>The venue writes what one pays as a negative number, and dollar-settled contracts apart.</summary>
    static FeeSchedule Fees(JsonElement fees, string settles)
    {
        decimal Paid(string own, string all) => -(fees.Amount(own) ?? fees.Amount(all) ?? 0);
        string kind = settles switch
        {
            "USDT" => "U",
            "USDC" => "USDC",
            _ => "",
        };
        decimal delivery = fees.Amount("exercise") ?? fees.Amount("delivery") ?? 0;
        return new FeeSchedule(Paid("maker" + kind, "maker"), Paid("taker" + kind, "taker"), Math.Abs(delivery), null);
    }
}
