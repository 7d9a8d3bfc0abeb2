using System.Diagnostics;

namespace Iec102.Fleet.Tests;

/// <summary>Files that cannot be read to their end are refused at once, in one sentence.</summary>
public sealed class FleetFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-fleet-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("zero", "it is not a regular file.")]
    [InlineData("pipe", "it is not a regular file.")]
    [InlineData("folder", "it is a folder.")]
    [InlineData("long", "it has 16777217 octets, and 16777216 are allowed.")]
    public void A_fleet_file_or_CSV_file_that_is_a_device_a_pipe_or_too_long_is_one_problem(string kind, string reason)
    {
        var file = Make(kind);
        FleetReader.ReadFile(file).Problems.ShouldHaveSingleItem().Sentence.ShouldBe($"the file cannot be read: {reason}");

        var fleet = Path.Combine(_folder.FullName, "fleet.conf");
        File.WriteAllText(fleet, $"iec102.meters-csv = \"{file}\"");
        FleetReader.ReadFile(fleet).Problems.ShouldHaveSingleItem().Sentence.ShouldContain(
            $"'{file}' cannot be read ({reason.TrimEnd('.')})");

        File.WriteAllText(fleet, $"include \"{file}\"");
        FleetReader.ReadFile(fleet).Problems.ShouldHaveSingleItem().Sentence.ShouldEndWith($"cannot be read: {reason}");
    }

    private string Make(string kind)
    {
        var path = Path.Combine(_folder.FullName, kind);
        switch (kind)
        {
            case "zero":
                return "/dev/zero";
            case "folder":
                return Directory.CreateDirectory(path).FullName;
            case "pipe":
                using (var made = Process.Start("mkfifo", path))
                    made.WaitForExit();
                return path;
            default:
                using (var file = File.Create(path))
                    file.SetLength(16 * 1024 * 1024 + 1);
                return path;
        }
    }
}
