using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Market and account as saved answers of Deribit's interface state them.</summary>
/// <param name="Market">Null where no answer speaks of prices.</param>
/// <param name="Account">Null where no answer speaks of an account.</param>
public sealed record DeribitAnswers(MarketSnapshot? Market, Account? Account)
{
    /// <summary>Reads a folder of answers (or one file): market, account, or both; or every fault.</summary>
    /// <remarks>
    /// Traps that are seen to: no quote is null in a summary and 0 in a ticker; <c>mark_iv</c> is a percentage; amounts
    /// of inverse futures are dollars and volume is coins; positions of direction <c>zero</c> are none.
    /// </remarks>
    public static Parsed<DeribitAnswers> Read(string path)
    {
        var folder = DeribitFolder.Read(path);
        var terms = new DeribitTerms(folder.Instruments);
        var answers = new DeribitAnswers(ReadMarket(folder, terms, Path.GetFileName(path)), ReadAccount(folder, terms));
        if (folder.Faults.Count == 0 && answers is { Market: null, Account: null })
            folder.Faults.Add(new(Path.GetFileName(path), null, "", "neither prices nor an account", "more answers"));
        return folder.Faults.Count > 0
            ? Parsed<DeribitAnswers>.Fail(folder.Faults)
            : Parsed<DeribitAnswers>.Ok(answers);
    }

    static MarketSnapshot? ReadMarket(DeribitFolder folder, DeribitTerms terms, string place)
    {
        if (folder.Summaries.Count == 0 && folder.Tickers.Count == 0)
            return null;
        if (folder.LatestMicroseconds > 0)
        {
            var asOf = DateTimeOffset.FromUnixTimeMilliseconds(folder.LatestMicroseconds / 1000);
            return new DeribitMarket(folder, terms, asOf).Snapshot();
        }
        folder.Faults.Add(new(place, null, "", "no time", "an answer with usOut, timestamp or creation_timestamp"));
        return null;
    }

    static Account? ReadAccount(DeribitFolder folder, DeribitTerms terms)
    {
        if (folder.Currencies.Count == 0 && folder.Positions.Count == 0 && folder.Orders.Count == 0)
            return null;
        var account = new DeribitAccount(folder, terms).Account();
        if (account.Subaccounts[0].Balances.Length == 0)
            folder.Faults.Add(new("answers", null, "", "no cash", "an answer of get_account_summaries"));
        return account;
    }
}
