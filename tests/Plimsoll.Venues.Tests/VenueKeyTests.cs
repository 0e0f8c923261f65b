using System.Runtime.Versioning;
using System.Text.Json;
using Plimsoll.TestSupport;

namespace Plimsoll.Venues.Tests;

/// <summary>Secrets come in by two ways only and do not come out again.</summary>
[SupportedOSPlatform("linux")]
public sealed class VenueKeyTests
{
    const string Secret = "s3cret-of-a-test";

    [Fact]
    public void A_file_that_others_may_read_is_refused_by_its_mode()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "key");
        File.WriteAllText(path, $"my-id\n{Secret}\n");
        foreach (
            var (mode, octal) in new[]
            {
                (UnixFileMode.GroupRead, "0640"),
                (UnixFileMode.OtherRead, "0604"),
                (UnixFileMode.UserExecute, "0700"),
            }
        )
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);
            var refused = VenueKey.Read(path, "X", _ => null);
            Assert.Equal(octal, Assert.Single(refused.Faults).Found);
            Assert.DoesNotContain(Secret, refused.Faults[0].ToString(), StringComparison.Ordinal);
        }
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("my-id", VenueKey.Read(path, "X", _ => null).Value.ClientId);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.True(VenueKey.Read(path, "X", _ => null).Succeeded);
    }

    [Fact]
    public void Faults_name_what_is_missing_and_nothing_else()
    {
        var none = VenueKey.Read(null, "PLIMSOLL_DERIBIT", _ => null);
        Assert.Equal(
            ["PLIMSOLL_DERIBIT_CLIENT_ID", "PLIMSOLL_DERIBIT_CLIENT_SECRET"],
            none.Faults.Select(fault => fault.Path)
        );
        var half = VenueKey.Read(null, "P", name => name == "P_CLIENT_SECRET" ? Secret : null);
        Assert.DoesNotContain(Secret, Assert.Single(half.Faults).ToString(), StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "key");
        File.WriteAllText(path, Secret);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        var oneLine = VenueKey.Read(path, "P", _ => null);
        Assert.DoesNotContain(Secret, Assert.Single(oneLine.Faults).ToString(), StringComparison.Ordinal);
        Assert.Single(VenueKey.Read(path + "-not", "P", _ => null).Faults);
    }

    [Fact]
    public void No_text_or_json_of_a_key_shows_its_secret()
    {
        var key = VenueKey.Of("my-id", Secret);
        foreach (string text in (string[])[key.ToString(), $"{key}", JsonSerializer.Serialize(key)])
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        // RFC 4231, test case 2.
        Assert.Equal(
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            Convert.ToHexStringLower(VenueKey.Of("", "Jefe").Sign("what do ya want for nothing?"))
        );
    }

    /// <summary>Whatever goes over the line, logging in does not send the secret.</summary>
    [Fact]
    public void Logging_in_sends_a_signature_and_not_the_secret()
    {
        var login = DeribitLogin.Signed(VenueKey.Of("my-id", Secret), 1_576_074_319_000);
        Assert.DoesNotContain(Secret, login.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(64, login["signature"]!.GetValue<string>().Length);
    }
}
