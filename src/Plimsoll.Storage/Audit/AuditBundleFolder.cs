using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>
/// Writes an audit bundle: numpy arrays, CSV tables and JSON, into a folder that appears whole or not at all.
/// </summary>
public static class AuditBundleFolder
{
    static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
    };

    /// <summary>Writes all files of the bundle.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="folder">Made if it is not there; files of an earlier bundle in it are replaced.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Write(AuditBundle bundle, string folder)
    {
        string whole = Path.GetFullPath(folder);
        string partial = whole.TrimEnd(Path.DirectorySeparatorChar) + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        void File(string name, Action<Stream> write)
        {
            using var stream = System.IO.File.Create(Path.Combine(partial, name));
            using var buffered = new BufferedStream(stream, 1 << 16);
            write(buffered);
        }
        int stressRows = bundle.Problem.StressCollateral.Length;
        File("weights.npy", stream => NumpyFile.Write(stream, bundle.Weights));
        File("view_weights.npy", stream => NumpyFile.Write(stream, bundle.ViewWeights));
        File("pnl.npy", stream => NumpyFile.WriteColumns(stream, bundle.Pnl, bundle.Weights.Length));
        File("edge_adjustment.npy", stream => NumpyFile.Write(stream, bundle.EdgeAdjustment));
        File("collateral.npy", stream => NumpyFile.Write(stream, bundle.Collateral));
        File("stress.npy", stream => NumpyFile.WriteColumns(stream, bundle.Stress, stressRows));
        File("scenarios.csv", stream => Scenarios(stream, bundle));
        File("instruments.csv", stream => Instruments(stream, bundle));
        File("problem.json", stream => JsonSerializer.Serialize(stream, bundle.Problem, Json));
        File("solution.json", stream => JsonSerializer.Serialize(stream, bundle.Solution, Json));
        Directory.CreateDirectory(whole);
        foreach (string file in Directory.GetFiles(partial))
            System.IO.File.Move(file, Path.Combine(whole, Path.GetFileName(file)), overwrite: true);
        Directory.Delete(partial);
    }

    static void Scenarios(Stream stream, AuditBundle bundle)
    {
        using var writer = Text(stream);
        var coins = bundle.Scenarios.Underlyings;
        string[] moves = ["log_return", "log_volatility_move", "skew_move"];
        var names = coins.SelectMany(coin => moves.Select(move => $"{move}[{coin.Underlying}]"));
        writer.WriteLine("id,origin," + string.Join(',', names));
        for (int s = 0; s < bundle.Scenarios.Count; s++)
        {
            writer.Write(FormattableString.Invariant($"{s},\"{bundle.Scenarios.Origins[s].Replace("\"", "\"\"")}\""));
            foreach (var coin in coins)
                writer.Write(
                    FormattableString.Invariant(
                        $",{coin.LogReturn[s]:R},{coin.LogVolatilityMove[s]:R},{coin.SkewMove[s]:R}"
                    )
                );
            writer.WriteLine();
        }
    }

    static void Instruments(Stream stream, AuditBundle bundle)
    {
        using var writer = Text(stream);
        writer.WriteLine(
            "instrument,subaccount,current,target,continuous,buy_cost,sell_cost,impact,opening_share,closing_share,"
                + "edge_adjustment,funding_paid,aim"
        );
        foreach (var row in bundle.Instruments)
        {
            double[] numbers =
            [
                row.Current,
                row.Target,
                row.Continuous,
                row.BuyCost,
                row.SellCost,
                row.Impact,
                row.OpeningShare,
                row.ClosingShare,
                row.EdgeAdjustment,
                row.FundingPaid,
            ];
            string figures = string.Join(
                ',',
                numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))
            );
            string aim = row.Aim?.ToString("R", CultureInfo.InvariantCulture) ?? "";
            writer.WriteLine($"{row.Name},{row.Subaccount},{figures},{aim}");
        }
    }

    static StreamWriter Text(Stream stream) => new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
}
