using System.CommandLine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>One trade to be sized: what, which way, how much may be lost and where it is given up.</summary>
/// <param name="Instrument">The venue's name.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Risk">Share of equity that may be lost at the stop, costs included.</param>
/// <param name="StopPrice">Price of the underlying's own contract at which it is given up, or null.</param>
/// <param name="StopVolatility">Move of implied volatility at which it is given up, as a fraction, or null.</param>
sealed record TradeWish(string Instrument, Side Side, double Risk, decimal? StopPrice, double? StopVolatility);

/// <summary>Arguments and options of <c>size INSTRUMENT buy|sell</c>.</summary>
sealed class TradeOptions
{
    readonly Argument<string> instrument = new("INSTRUMENT")
    {
        Description = "size one trade of this instrument alone",
        Arity = ArgumentArity.ZeroOrOne,
    };
    readonly Argument<string> side = new("SIDE") { Description = "buy or sell", Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> risk = InputOptions.Worded(
        "--risk",
        "SHARE",
        "with INSTRUMENT: share of equity that may be lost at the stop, such as 1%"
    );
    readonly Option<string> stop = InputOptions.Worded(
        "--stop",
        "PRICE",
        "with INSTRUMENT: price at which the trade is given up, in USD of the underlying"
    );
    readonly Option<string> stopVolatility = InputOptions.Worded(
        "--stop-iv",
        "POINTS",
        "with INSTRUMENT: move of implied volatility at which it is given up, such as +15"
    );

    public void AddTo(Command command)
    {
        command.Add(instrument);
        command.Add(side);
        command.Add(risk);
        command.Add(stop);
        command.Add(stopVolatility);
    }

    /// <summary>The trade, or null when the whole account is meant; faults are added.</summary>
    public TradeWish? Read(OptionText text, ParseResult parsed, MarketSnapshot? market)
    {
        if (parsed.GetValue(instrument) is not { } name)
        {
            foreach (var option in new[] { risk, stop, stopVolatility })
                if (text.Text(option) is { } written)
                    text.Refuse(option, written, "an INSTRUMENT and buy or sell before it");
            return null;
        }
        if (name.StartsWith('-'))
        {
            // The parser takes a mistyped option for the instrument.
            string? nearest = NearestName.Of(name, parsed.CommandResult.Command.Options.Select(option => option.Name));
            string hint = nearest is null ? "" : $", perhaps {nearest}";
            text.Faults.Add(new Fault(parsed.CommandResult.Command.Name, null, "", name, $"a known option{hint}"));
            return null;
        }
        if (market is not null)
            text.RequireInstrument("INSTRUMENT", name, market);
        string? word = parsed.GetValue(side);
        if (word is not ("buy" or "sell"))
            text.Faults.Add(new Fault("SIDE", null, "", word ?? "nothing", "buy or sell behind the instrument"));
        if (text.Text(risk) is null)
            text.Refuse(risk, "nothing", "a share of equity that may be lost, such as 1%");
        if (text.Text(stop) is not null && text.Text(stopVolatility) is { } both)
            text.Refuse(stopVolatility, both, "no --stop beside it: one of the two");
        double share = text.Share(risk) ?? 0;
        return new TradeWish(
            name,
            word == "sell" ? Side.Sell : Side.Buy,
            share,
            text.Price(stop),
            text.VolatilityPoints(stopVolatility)
        );
    }
}
