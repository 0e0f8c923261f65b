using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Saved answers of Deribit's interface, sorted by what they answer.</summary>
/// <remarks>
/// What a file answers is read from the method in its name where it has one, else from its shape. The answer is a whole
/// JSON-RPC envelope (<c>result</c> beside <c>usOut</c>), a recorded exchange (<c>response</c> holding the envelope),
/// or the bare result.
/// </remarks>
sealed class DeribitFolder
{
    const string Expected =
        "an answer of get_instruments, get_book_summary_by_currency, ticker, get_positions, "
        + "get_account_summaries or get_open_orders";

    /// <summary>Every fault of the files.</summary>
    public List<Fault> Faults { get; } = [];

    /// <summary>Rows of <c>get_instruments</c>.</summary>
    public List<DeribitInstrumentRow> Instruments { get; } = [];

    /// <summary>Rows of <c>get_book_summary_by_currency</c>.</summary>
    public List<DeribitSummaryRow> Summaries { get; } = [];

    /// <summary>Tickers.</summary>
    public List<DeribitTickerRow> Tickers { get; } = [];

    /// <summary>Rows of <c>get_positions</c> with the name of their file.</summary>
    public List<(string Place, DeribitPositionRow Row)> Positions { get; } = [];

    /// <summary>Rows of <c>get_open_orders</c> with the name of their file.</summary>
    public List<(string Place, DeribitOrderRow Row)> Orders { get; } = [];

    /// <summary>Cash by currency.</summary>
    public List<DeribitSummaryOfCurrency> Currencies { get; } = [];

    /// <summary>The account's name, if an answer states one.</summary>
    public string? AccountName { get; private set; }

    /// <summary>Latest time that any answer states, microseconds since 1970.</summary>
    public long LatestMicroseconds { get; private set; }

    /// <summary>Reads every <c>.json</c> file of a folder, or one file.</summary>
    public static DeribitFolder Read(string path)
    {
        var folder = new DeribitFolder();
        string place = Path.GetFileName(Path.GetFullPath(path));
        if (!Path.Exists(path))
        {
            folder.Faults.Add(new(place, null, "", "no such file or folder", "saved answers of Deribit's interface"));
            return folder;
        }
        string[] files = Directory.Exists(path)
            ? [.. Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)]
            : [path];
        if (files.Length == 0)
            folder.Faults.Add(new(place, null, "", "no .json files", "saved answers of Deribit's interface"));
        foreach (string file in files)
            folder.ReadFile(file);
        return folder;
    }

    void ReadFile(string path)
    {
        var text = InputText.Read(path, 256L << 20);
        if (!text.Succeeded)
        {
            Faults.AddRange(text.Faults);
            return;
        }
        var binding = new JsonBinding(text.Value.Place, strict: false);
        using var document = binding.Parse(text.Value.Text);
        if (document is not null && Result(document.RootElement, "", binding) is var (result, at))
            Sort(text.Value.Place, result, at, binding);
        Faults.AddRange(binding.Faults);
    }

    (JsonElement Result, string Path)? Result(JsonElement root, string path, JsonBinding binding)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return (root, path);
        if (root.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object)
            return Result(response, "response", binding);
        string under = path.Length == 0 ? "" : path + ".";
        if (root.TryGetProperty("error", out var error))
        {
            binding.Add(under + "error", error.GetRawText().ReplaceLineEndings(" "), "an answer with a result");
            return null;
        }
        if (root.TryGetProperty("usOut", out var time) && time.TryGetInt64(out long microseconds))
            LatestMicroseconds = Math.Max(LatestMicroseconds, microseconds);
        return root.TryGetProperty("result", out var result) ? (result, under + "result") : (root, path);
    }

    void Sort(string place, JsonElement result, string path, JsonBinding binding)
    {
        switch (Kind(place, result))
        {
            case "get_instrument":
                Instruments.AddRange(Rows<DeribitInstrumentRow>(result, path, binding));
                break;
            case "get_book_summary":
                Summaries.AddRange(Rows<DeribitSummaryRow>(result, path, binding));
                Note(Summaries.Select(row => row.CreationTimestamp ?? 0));
                break;
            case "ticker":
                Tickers.AddRange(Rows<DeribitTickerRow>(result, path, binding));
                Note(Tickers.Select(row => row.Timestamp));
                break;
            case "get_position":
                Positions.AddRange(Rows<DeribitPositionRow>(result, path, binding).Select(row => (place, row)));
                break;
            case "get_open_orders":
                Orders.AddRange(Rows<DeribitOrderRow>(result, path, binding).Select(row => (place, row)));
                break;
            case "get_account_summaries":
                if (binding.Bind<DeribitSummaries>(result, path) is { } all)
                {
                    AccountName ??= all.SystemName ?? all.Username;
                    Currencies.AddRange(all.Summaries.Where(row => row is not null));
                }
                break;
            case "get_account_summary":
                Currencies.AddRange(Rows<DeribitSummaryOfCurrency>(result, path, binding));
                break;
            default:
                binding.Add(path, "", Expected);
                break;
        }
    }

    void Note(IEnumerable<long> milliseconds) =>
        LatestMicroseconds = Math.Max(LatestMicroseconds, milliseconds.DefaultIfEmpty().Max() * 1000);

    static IEnumerable<T> Rows<T>(JsonElement result, string path, JsonBinding binding)
        where T : class
    {
        var items = result.ValueKind == JsonValueKind.Array ? result.EnumerateArray().ToArray() : [result];
        bool list = result.ValueKind == JsonValueKind.Array;
        for (int i = 0; i < items.Length; i++)
            if (binding.Bind<T>(items[i], list ? FormattableString.Invariant($"{path}[{i}]") : path) is { } row)
                yield return row;
    }

    /// <summary>The method that a file answers, without its plural, or empty.</summary>
    static string Kind(string place, JsonElement result)
    {
        string[] methods =
        [
            "get_instrument",
            "get_book_summary",
            "get_position",
            "get_open_orders",
            "get_account_summaries",
            "get_account_summary",
            "ticker",
        ];
        if (methods.FirstOrDefault(method => place.Contains(method, StringComparison.Ordinal)) is { } named)
            return named;
        var row = result.ValueKind == JsonValueKind.Array ? result.EnumerateArray().FirstOrDefault() : result;
        if (row.ValueKind != JsonValueKind.Object)
            return "";
        return Has("summaries") ? "get_account_summaries"
            : Has("order_id") ? "get_open_orders"
            : Has("min_trade_amount") ? "get_instrument"
            : Has("size") && Has("direction") ? "get_position"
            : Has("best_bid_price") ? "ticker"
            : Has("bid_price") ? "get_book_summary"
            : Has("margin_balance") ? "get_account_summary"
            : "";

        bool Has(string member) => row.TryGetProperty(member, out _);
    }
}
