using System.Diagnostics;

namespace Iec102.Architecture.Tests;

/// <summary>Runs the programs in samples/ against each other over TCP, each in its own process.</summary>
public class SamplesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_sample_reads_what_the_other_answers()
    {
        using var meter = Start("AnswerAsOne", "0");
        try
        {
            var greeting = await meter.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            using var reader = Start("ReadOneMeter", greeting.ShouldNotBeNull().Split(' ').Last(), "1", "1", "1");

            var output = await reader.StandardOutput.ReadToEndAsync().WaitAsync(Patience);

            output.ShouldMatch("^serial number 12345678\nclock [0-9-]+ [0-9:.]+ [SW]\n$");
            await reader.WaitForExitAsync().WaitAsync(Patience);
            reader.ExitCode.ShouldBe(0);
        }
        finally
        {
            meter.Kill();
        }
    }

    private static Process Start(string sample, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, $"{sample}.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
    }
}
