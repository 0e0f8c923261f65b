using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Storage;

/// <summary>Fits and scenarios as bytes, exact both ways; of this program for itself, hence without versions.</summary>
static class KeptForms
{
    /// <summary>Bytes of a fit.</summary>
    public static byte[] Bytes(SurfaceFitResult result)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(result.Surface is not null);
        if (result.Surface is { } surface)
        {
            writer.Write(surface.Underlying);
            Time(writer, surface.AsOf);
            writer.Write(surface.Slices.Length);
            foreach (var slice in surface.Slices)
            {
                Time(writer, slice.Expiry);
                double[] figures = [slice.TYears, slice.ForwardUsd, slice.A, slice.B, slice.Rho, slice.M, slice.Sigma];
                foreach (double figure in figures)
                    writer.Write(figure);
            }
            var fit = surface.Fit;
            writer.Write(fit.QuotesUsed);
            writer.Write(fit.LiquidQuotes);
            writer.Write(fit.LiquidInside);
            writer.Write(fit.WorstMissVolPoints);
            writer.Write(fit.WorstMissInstrument);
            writer.Write(fit.MinimumDensity);
            writer.Write(fit.MinimumCalendarStep is not null);
            writer.Write(fit.MinimumCalendarStep ?? 0);
        }
        writer.Write(result.Notes.Length);
        foreach (var note in result.Notes)
        {
            writer.Write(note.Instrument);
            writer.Write(note.Kind);
            writer.Write(note.Detail);
        }
        writer.Write(result.Reason is not null);
        writer.Write(result.Reason ?? "");
        return stream.ToArray();
    }

    /// <summary>The fit of bytes that <see cref="Bytes(SurfaceFitResult)"/> gave.</summary>
    public static SurfaceFitResult Fit(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        VolatilitySurface? surface = null;
        if (reader.ReadBoolean())
            surface = new VolatilitySurface
            {
                Underlying = reader.ReadString(),
                AsOf = Time(reader),
                Slices = Many(reader, Slice),
                Fit = new SurfaceFitReport(
                    reader.ReadInt32(),
                    reader.ReadInt32(),
                    reader.ReadInt32(),
                    reader.ReadDouble(),
                    reader.ReadString(),
                    reader.ReadDouble(),
                    Optional(reader)
                ),
            };
        var notes = Many(reader, from => new Repair(from.ReadString(), from.ReadString(), from.ReadString()));
        bool hasReason = reader.ReadBoolean();
        string reason = reader.ReadString();
        return new SurfaceFitResult(surface, notes, hasReason ? reason : null);
    }

    /// <summary>Bytes of scenarios; their horizon is that of the request.</summary>
    public static byte[] Bytes(ScenarioSet set)
    {
        using var stream = new MemoryStream(set.Count * 128);
        using var writer = new BinaryWriter(stream);
        writer.Write(set.Count);
        Numbers(writer, set.Weights);
        Texts(writer, set.Origins);
        Texts(writer, set.Notes);
        writer.Write(set.Underlyings.Length);
        foreach (var moves in set.Underlyings)
        {
            writer.Write(moves.Underlying);
            Numbers(writer, moves.LogReturn);
            Numbers(writer, moves.LogVolatilityMove);
            Numbers(writer, moves.SkewMove);
            Numbers(writer, moves.PathLow);
            Numbers(writer, moves.PathHigh);
            writer.Write(moves.DeliveryLogReturn.Count);
            foreach (var (time, returns) in moves.DeliveryLogReturn)
            {
                Time(writer, time);
                Numbers(writer, returns);
            }
            Numbers(writer, moves.TermMove);
            Numbers(writer, moves.PerpetualBasisMove);
            Numbers(writer, moves.ForwardRateMove);
        }
        writer.Write(set.Path is not null);
        if (set.Path is { } path)
            Path(writer, path);
        return stream.ToArray();
    }

    /// <summary>The scenarios of bytes that <see cref="Bytes(ScenarioSet)"/> gave.</summary>
    public static ScenarioSet Scenarios(byte[] bytes, Years horizon)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return new ScenarioSet
        {
            Horizon = horizon,
            Count = reader.ReadInt32(),
            Weights = Numbers(reader),
            Origins = [.. Many(reader, from => from.ReadString())],
            Notes = Many(reader, from => from.ReadString()),
            Underlyings = Many(
                reader,
                from => new UnderlyingScenarios
                {
                    Underlying = from.ReadString(),
                    LogReturn = Numbers(from),
                    LogVolatilityMove = Numbers(from),
                    SkewMove = Numbers(from),
                    PathLow = Numbers(from),
                    PathHigh = Numbers(from),
                    DeliveryLogReturn = Many(from, each => KeyValuePair.Create(Time(each), Numbers(each)))
                        .ToImmutableSortedDictionary(),
                    TermMove = Numbers(from),
                    PerpetualBasisMove = Numbers(from),
                    ForwardRateMove = Numbers(from),
                }
            ),
            Path = reader.ReadBoolean() ? Path(reader) : null,
        };
    }

    static void Path(BinaryWriter writer, ScenarioPath path)
    {
        Numbers(writer, path.Days);
        writer.Write(path.Underlyings.Length);
        foreach (var coin in path.Underlyings)
        {
            writer.Write(coin.Underlying);
            Bars(writer, coin.Close);
            Bars(writer, coin.Low);
            Bars(writer, coin.High);
            Bars(writer, coin.LogVolatilityMove);
            Bars(writer, coin.LowVolatilityMove);
            Bars(writer, coin.HighVolatilityMove);
        }
    }

    static ScenarioPath Path(BinaryReader reader) =>
        new(
            Numbers(reader),
            Many(
                reader,
                from => new UnderlyingPath(
                    from.ReadString(),
                    Bars(from),
                    Bars(from),
                    Bars(from),
                    Bars(from),
                    Bars(from),
                    Bars(from)
                )
            )
        );

    static void Bars(BinaryWriter writer, double[][] bars)
    {
        writer.Write(bars.Length);
        foreach (double[] bar in bars)
            Numbers(writer, bar);
    }

    static double[][] Bars(BinaryReader reader) => [.. Many(reader, Numbers)];

    static SviSlice Slice(BinaryReader reader) =>
        new(
            Time(reader),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble(),
            reader.ReadDouble()
        );

    static double? Optional(BinaryReader reader)
    {
        bool known = reader.ReadBoolean();
        double value = reader.ReadDouble();
        return known ? value : null;
    }

    static void Time(BinaryWriter writer, DateTimeOffset time)
    {
        writer.Write(time.Ticks);
        writer.Write(time.Offset.Ticks);
    }

    static DateTimeOffset Time(BinaryReader reader) => new(reader.ReadInt64(), new TimeSpan(reader.ReadInt64()));

    static void Texts(BinaryWriter writer, IReadOnlyCollection<string> texts)
    {
        writer.Write(texts.Count);
        foreach (string text in texts)
            writer.Write(text);
    }

    static void Numbers(BinaryWriter writer, double[] numbers)
    {
        writer.Write(numbers.Length);
        writer.Write(MemoryMarshal.AsBytes<double>(numbers));
    }

    static double[] Numbers(BinaryReader reader)
    {
        var numbers = new double[Count(reader, sizeof(double))];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    static ImmutableArray<T> Many<T>(BinaryReader reader, Func<BinaryReader, T> one)
    {
        var many = new T[Count(reader, 1)];
        for (int i = 0; i < many.Length; i++)
            many[i] = one(reader);
        return ImmutableCollectionsMarshal.AsImmutableArray(many);
    }

    /// <summary>A count that what is left of the bytes can hold.</summary>
    static int Count(BinaryReader reader, int leastBytes)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && (long)count * leastBytes <= left
            ? count
            : throw new InvalidDataException($"a count of {count} where {left} bytes are left");
    }
}
