using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The market, account and mandate that the program runs on when it is given no files.</summary>
/// <remarks>
/// The market is made from a compact description fitted to one recorded chain (<c>data/embedded/market.json</c>, which
/// states its date); account and mandate are the text files beside it, which also stand in <c>examples/</c>.
/// </remarks>
public static class EmbeddedMarket
{
    static readonly Lazy<MarketSnapshot> snapshot = new(Build);

    /// <summary>Text of the account, TOML.</summary>
    public static string AccountText => EmbeddedFile.Text("embedded/account.toml");

    /// <summary>Text of the mandate, TOML.</summary>
    public static string MandateText => EmbeddedFile.Text("embedded/mandate.toml");

    /// <summary>BTC and ETH: inverse and linear options and perpetuals, dated futures, spot.</summary>
    public static MarketSnapshot Snapshot() => snapshot.Value;

    /// <summary>A few positions, some of them short options, that break a limit of the mandate.</summary>
    public static Account Account() => AccountFile.Parse(AccountText, "embedded account").Value;

    /// <summary>Growth at half Kelly under every limit, with one stated view.</summary>
    public static Mandate Mandate() => MandateFile.Parse(MandateText, "embedded mandate").Value;

    static MarketSnapshot Build()
    {
        var market = EmbeddedDescription.Read();
        var quotes = new List<InstrumentQuote>();
        foreach (var coin in market.Underlyings)
        {
            quotes.AddRange(new EmbeddedFutures(market, coin).Quotes());
            foreach (var expiry in coin.Expiries)
            {
                var options = new EmbeddedOptions(market, coin, expiry);
                quotes.AddRange(options.Quotes(null));
                if (market.LinearExpiries.Contains(expiry.Expiry))
                    quotes.AddRange(options.Quotes("USDC"));
            }
        }
        return SnapshotCleaning.Clean(
            new()
            {
                AsOf = market.AsOf,
                Venue = ContractsFile.Deribit.Venue,
                Source = $"embedded, {market.Source}",
                Underlyings = [.. market.Underlyings.Select(Underlying)],
                Quotes = [.. quotes],
            }
        );
    }

    static UnderlyingMarket Underlying(EmbeddedCoin coin) =>
        new()
        {
            Underlying = coin.Underlying,
            IndexUsd = coin.IndexUsd,
            Forwards =
            [
                .. coin.Expiries.Select(expiry => new ForwardQuote(
                    new DateTimeOffset(expiry.Expiry.ToDateTime(new TimeOnly(8, 0)), TimeSpan.Zero),
                    expiry.ForwardUsd,
                    ForwardSource.Venue
                )),
            ],
        };
}
