using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>
/// The corpus of broken inputs: <c>broken/KIND-WHAT.EXTENSION</c> beside <c>broken/KIND-WHAT.txt</c>, which holds every
/// message that reading it must give, one a line, exactly. A new input needs no code; a new kind one line below.
/// Run with PLIMSOLL_ACCEPT=1 to write the messages as they are, and read them before committing.
/// </summary>
public class BrokenInputTests
{
    static readonly Dictionary<string, Func<string, ImmutableArray<Fault>>> Readers = new()
    {
        ["chain"] = path => In("deribit-20260205T093647Z.csv", path, copy => RecordedChainFile.Read(copy).Faults),
        ["market"] = path => SnapshotFile.Read(path).Faults,
        ["positions"] = path => PositionsCsv.Read(path).Faults,
        ["answers"] = Answers,
        ["bars"] = path => In("BTC-4h.csv", path, copy => BarsCsv.Read(copy).Faults),
        ["mandate"] = path => MandateFile.Read(path).Faults,
        ["views"] = path => MandateFile.ReadViews(path).Faults,
        ["account"] = path => AccountFile.Read(path).Faults,
    };

    static string Folder => Path.Combine(Repository.Root, "tests", "Plimsoll.Storage.Tests", "broken");

    /// <summary>Names of the corpus.</summary>
    public static TheoryData<string> Names =>
        [
            .. Directory
                .GetFiles(Folder)
                .Where(path => !path.EndsWith(".txt", StringComparison.Ordinal))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Broken_input_gives_exactly_its_messages(string name)
    {
        string path = Path.Combine(Folder, name);
        string actual = string.Join('\n', Readers[name.Split('-')[0]](path)) + "\n";
        string messages = Path.ChangeExtension(path, ".txt");
        if (Environment.GetEnvironmentVariable("PLIMSOLL_ACCEPT") == "1")
            File.WriteAllText(messages, actual);
        Assert.NotEqual("\n", actual);
        Assert.Equal(File.ReadAllText(messages), actual);
    }

    [Fact]
    public void Every_message_belongs_to_an_input() =>
        Assert.Equal(
            Names.Select(row => Path.GetFileNameWithoutExtension(row.Data)).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
        );

    /// <summary>A folder of answers stands in one file: their names and contents.</summary>
    static ImmutableArray<Fault> Answers(string path)
    {
        using var folder = new TemporaryFolder();
        string answers = Directory.CreateDirectory(Path.Combine(folder.Path, "answers")).FullName;
        foreach (var (name, content) in JsonNode.Parse(File.ReadAllText(path))!.AsObject())
            File.WriteAllText(Path.Combine(answers, name), content!.ToJsonString());
        return DeribitAnswers.Read(answers).Faults;
    }

    /// <summary>Reads a copy under another name, where the name itself matters.</summary>
    static ImmutableArray<Fault> In(string name, string path, Func<string, ImmutableArray<Fault>> read)
    {
        using var folder = new TemporaryFolder();
        string copy = Path.Combine(folder.Path, name);
        File.Copy(path, copy);
        return read(copy);
    }
}
