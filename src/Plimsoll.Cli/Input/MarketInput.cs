using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>A market as it was read, and the account that stood beside it, if any.</summary>
/// <param name="Market">The cleaned market.</param>
/// <param name="Account">From a folder of venue answers that speaks of an account; null otherwise.</param>
sealed record MarketInput(MarketSnapshot Market, Account? Account)
{
    /// <summary>
    /// Reads whatever form the path has, recognised by what it is: a folder of venue answers, a recorded chain
    /// (<c>.csv</c>, <c>.csv.gz</c>), or Plimsoll's own JSON.
    /// </summary>
    public static Parsed<MarketInput> Read(string path)
    {
        string place = Path.GetFileName(path.TrimEnd('/'));
        if (!Path.Exists(path))
            return Parsed<MarketInput>.Fail(new Fault(place, null, "", "no such file or folder", "a market"));
        if (Directory.Exists(path))
            return ReadAnswers(path, place);
        var market = RecordedChainFile.IsNamedSo(path) ? RecordedChainFile.Read(path) : SnapshotFile.Read(path);
        return market.Select(read => new MarketInput(read, null));
    }

    static Parsed<MarketInput> ReadAnswers(string path, string place)
    {
        if (HyperliquidAnswers.Are(path))
            return HyperliquidAnswers.Read(path).Select(read => new MarketInput(read.Market, read.Account));
        var answers = DeribitAnswers.Read(path);
        if (!answers.Succeeded)
            return Parsed<MarketInput>.Fail(answers.Faults);
        return answers.Value.Market is { } market
            ? Parsed<MarketInput>.Ok(new MarketInput(market, answers.Value.Account))
            : Parsed<MarketInput>.Fail(
                new Fault(
                    place,
                    null,
                    "",
                    "an account without prices",
                    "an answer of get_book_summary_by_currency or ticker"
                )
            );
    }
}
