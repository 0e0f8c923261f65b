using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

public sealed class InputTextTests
{
    [Fact]
    public void File_beyond_the_size_cap_is_refused_unread()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "mandate.toml");
        File.WriteAllText(path, new string('#', (1 << 20) + 1));
        Assert.Equal(
            "mandate.toml: 1,048,577 bytes: expected at most 1,048,576 bytes",
            Assert.Single(MandateFile.Read(path).Faults).ToString()
        );
    }

    [Fact]
    public void Absent_file_and_folder_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(
            "absent.toml: no such file: expected a file",
            Assert.Single(MandateFile.Read(Path.Combine(folder.Path, "absent.toml")).Faults).ToString()
        );
        Assert.EndsWith(
            ": a folder: expected a file",
            Assert.Single(AccountFile.Read(folder.Path).Faults).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Byte_order_mark_of_utf8_is_no_fault()
    {
        var text = InputText.Decode("m", [0xEF, 0xBB, 0xBF, (byte)'a']);
        Assert.Equal("a", text.Value.Text);
    }

    [Fact]
    public void Examples_of_the_reference_page_are_good_input()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "mandate.md"));
        string[] blocks = [.. page.Split("```toml\n").Skip(1).Select(part => part.Split("```")[0])];
        Assert.Equal(2, blocks.Length);
        Assert.Empty(MandateFile.Parse(blocks[0], "docs").Faults);
        Assert.Empty(AccountFile.Parse(blocks[1], "docs").Faults);
    }
}
