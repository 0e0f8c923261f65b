namespace Plimsoll.Markets;

/// <summary>What the venue states of all contracts of one kind on one product; data, never code.</summary>
/// <param name="Product">First part of the name: <c>BTC</c> or <c>BTC_USDC</c>.</param>
/// <param name="Kind">Kind of contract.</param>
/// <param name="Terms">Carries the terms; its own name and kind mean nothing.</param>
public sealed record ContractTerms(string Product, ContractKind Kind, Instrument Terms)
{
    /// <summary>The contract that these terms make of a name of this product and kind.</summary>
    /// <exception cref="ArgumentException">The name is of another product or kind.</exception>
    public Instrument Instrument(DeribitName name)
    {
        string text = DeribitNames.Write(name);
        return (name.Product == Product && name.Kind == Kind, name) switch
        {
            (true, { Kind: ContractKind.Option, StrikeUsd: { } strike, Right: { } right, Expiry: { } expiry }) =>
                new OptionInstrument(Terms, text, strike, right, expiry),
            (true, { Kind: ContractKind.Future, Expiry: { } expiry }) => new FutureInstrument(Terms, text, expiry),
            (true, { Kind: ContractKind.Perpetual }) => new PerpetualInstrument(Terms, text),
            (true, { Kind: ContractKind.Spot }) => new SpotInstrument(Terms, text),
            _ => throw new ArgumentException($"{text} is no {Kind} of {Product}", nameof(name)),
        };
    }
}
