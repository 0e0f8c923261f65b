using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>Surfaces and scenarios of markets seen before, kept in a folder of the user's.</summary>
/// <remarks>
/// The key is a sum over the market's content, what is asked for, and the program itself (the versions of its modules
/// and of the runtime): another build, another figure, another key. What is kept is exact, so an answer has the same
/// bytes with and without. Thread safe.
/// </remarks>
/// <param name="folder">Where.</param>
public sealed class MarketCache(CacheFolder folder) : IMarketStore
{
    static readonly Lazy<string> Program = new(() =>
        string.Join(
            ' ',
            new[]
            {
                typeof(ColumnMatrix),
                typeof(MarketSnapshot),
                typeof(VolatilitySurface),
                typeof(ScenarioSet),
                typeof(IMarketStore),
                typeof(MarketCache),
            }
                .Select(type => type.Module.ModuleVersionId.ToString())
                .Append(RuntimeInformation.FrameworkDescription)
        )
    );

    readonly Lock gate = new();
    (MarketSnapshot Market, byte[] Digest)? last;

    /// <inheritdoc />
    public SurfaceFitResult Surface(MarketSnapshot market, string coin, Func<SurfaceFitResult> fit) =>
        Kept(Key("surface", Encoding.UTF8.GetBytes(coin), Digest(market)), fit, KeptForms.Bytes, KeptForms.Fit);

    /// <inheritdoc />
    public ScenarioSet Scenarios(
        MarketSnapshot market,
        ImmutableArray<PriceHistory> histories,
        ScenarioRequest request,
        Func<ScenarioSet> draw
    ) =>
        Kept(
            Key("scenarios", MarketDigest.Of(histories, request), Digest(market)),
            draw,
            KeptForms.Bytes,
            bytes => KeptForms.Scenarios(bytes, request.Horizon)
        );

    /// <inheritdoc />
    /// <remarks>Not kept: revaluing takes less time than reading as many bytes from a disk.</remarks>
    public PnlMatrix Matrix(
        MarketSnapshot market,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments,
        Currency home,
        Func<PnlMatrix> revalue
    ) => revalue();

    T Kept<T>(string key, Func<T> make, Func<T, byte[]> write, Func<byte[], T> read)
    {
        if (folder.Read(key) is { } bytes)
            try
            {
                return read(bytes);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException)
            {
                // Sound by its sum but not of this form: made again below.
            }
        var made = make();
        folder.Write(key, write(made));
        return made;
    }

    byte[] Digest(MarketSnapshot market)
    {
        lock (gate)
        {
            if (last is not { } known || !ReferenceEquals(known.Market, market))
                last = known = (market, MarketDigest.Of(market));
            return known.Digest;
        }
    }

    static string Key(string kind, byte[] asked, byte[] market)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sum.AppendData(Encoding.UTF8.GetBytes($"{kind}\n{Program.Value}\n{asked.Length}\n"));
        sum.AppendData(asked);
        sum.AppendData(market);
        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }
}
