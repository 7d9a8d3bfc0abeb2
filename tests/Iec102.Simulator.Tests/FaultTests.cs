using FsCheck.Xunit;
using Iec102.Simulator.Faults;
using Iec102.Testing;

namespace Iec102.Simulator.Tests;

public class FaultTests
{
    private const string Everything = "loss=5%,bit-errors=1e-3,junk=20%,delay=0-300ms,silence=20s/5m,disconnect=0.1%";

    [Fact]
    public void The_written_form_says_everything()
    {
        FaultPlan.TryParse(Everything, out var plan, out _).ShouldBeTrue();

        plan.ShouldBe(new FaultPlan
        {
            Loss = 0.05,
            BitErrors = 0.001,
            Junk = 0.2,
            Disconnect = 0.001,
            DelayMax = TimeSpan.FromMilliseconds(300),
            Silence = TimeSpan.FromSeconds(20),
            SilencePeriod = TimeSpan.FromMinutes(5),
        });
    }

    [Theory]
    [InlineData("delay=2s", 2000, 2000)]
    [InlineData("delay=0-300ms", 0, 300)]
    [InlineData("delay=100ms-2s", 100, 2000)]
    [InlineData("delay=0.5-1.5s", 500, 1500)]
    [InlineData(" loss = 1 , delay = 1m ", 60000, 60000)]
    public void Delays_are_times_or_ranges(string text, int min, int max)
    {
        FaultPlan.TryParse(text, out var plan, out _).ShouldBeTrue();

        (plan!.DelayMin, plan.DelayMax).ShouldBe((TimeSpan.FromMilliseconds(min), TimeSpan.FromMilliseconds(max)));
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("loss", "'loss'")]
    [InlineData("loss=", "'loss'")]
    [InlineData("loss=5%,", "''")]
    [InlineData("loss=101%", "101%")]
    [InlineData("loss=-1", "-1")]
    [InlineData("loss=NaN", "NaN")]
    [InlineData("loss=1%,loss=2%", "twice")]
    [InlineData("lost=1%", "lost")]
    [InlineData("junk=much", "much")]
    [InlineData("delay=300", "300")]
    [InlineData("delay=2s-100ms", "2s-100ms")]
    [InlineData("delay=999999999h", "999999999h")]
    [InlineData("silence=20s", "20s")]
    [InlineData("silence=5m/20s", "5m/20s")]
    [InlineData("silence=0s/1s", "0s/1s")]
    public void What_cannot_be_read_gets_one_sentence_that_names_it(string text, string named)
    {
        FaultPlan.TryParse(text, out _, out var error).ShouldBeFalse();

        error.ShouldNotBeNull().ShouldContain(named);
        error.ShouldEndWith(".");
        error.ShouldNotContain("\n");
    }

    [Property]
    public void No_text_breaks_the_reader(string? text)
    {
        if (!FaultPlan.TryParse(text ?? "", out _, out var error))
            error.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void The_same_seed_and_line_bring_the_same_faults_and_others_do_not()
    {
        string Run(long seed, int line)
        {
            var source = Source(Everything, seed, line);
            return string.Join('\n', Enumerable.Range(0, 300).Select(i =>
            {
                var request = new byte[20];
                source.DamageRequest(request);
                var answer = source.Pass(new byte[68]);
                return $"{Octets.Hex(request)} {source.LosesRequest()} {Octets.Hex(answer.Octets)} {answer.Delay} {answer.Disconnects} "
                    + $"{source.IsSilent(TimeSpan.FromSeconds(3 * i))}";
            }));
        }

        Run(1, 0).ShouldBe(Run(1, 0));
        new[] { Run(1, 0), Run(2, 0), Run(1, 1) }.Distinct().Count().ShouldBe(3);
    }

    [Property]
    public void Bit_errors_do_not_depend_on_how_octets_are_split(byte[] splits)
    {
        var (whole, parts) = (new byte[4000], new byte[4000]);
        Source("bit-errors=1%").DamageRequest(whole);
        var source = Source("bit-errors=1%");
        var at = 0;
        foreach (var length in splits.Select(split => Math.Min(split, parts.Length - at)))
        {
            source.DamageRequest(parts.AsSpan(at, length));
            at += length;
        }

        source.DamageRequest(parts.AsSpan(at));

        parts.ShouldBe(whole);
    }

    [Fact]
    public void Each_fault_occurs_about_as_often_as_asked()
    {
        const int frames = 20_000;
        var source = Source("loss=5%,bit-errors=1e-3,junk=20%,disconnect=1%");
        var answers = Enumerable.Range(0, frames).Select(_ => source.Pass(new byte[100])).ToList();
        var arrived = answers.Where(answer => answer.Octets.Length > 0).ToList();

        answers.Count(answer => answer.Octets.Length == 0).ShouldBeInRange(frames * 4 / 100, frames * 6 / 100);
        answers.Count(answer => answer.Disconnects).ShouldBeInRange(frames * 7 / 1000, frames * 13 / 1000);
        arrived.Count(answer => answer.Octets.Length > 100).ShouldBeInRange(arrived.Count * 18 / 100, arrived.Count * 22 / 100);
        arrived.Max(answer => answer.Octets.Length).ShouldBe(108);
        var errors = arrived.Sum(answer => answer.Octets[^100..].Sum(octet => (long)System.Numerics.BitOperations.PopCount(octet)));
        errors.ShouldBeInRange(arrived.Count * 7 / 10, arrived.Count * 9 / 10);
    }

    [Fact]
    public void Without_faults_answers_pass_unchanged()
    {
        var answer = Source("loss=0").Pass([1, 2, 3]);

        answer.Octets.ShouldBe([1, 2, 3]);
        (answer.Delay, answer.Disconnects).ShouldBe((TimeSpan.Zero, false));
    }

    [Fact]
    public void In_each_period_there_is_one_silence_of_the_asked_length()
    {
        var source = Source("silence=20s/5m");
        for (var period = 0; period < 50; period++)
        {
            var silent = Enumerable.Range(0, 300)
                .Where(second => source.IsSilent(TimeSpan.FromMinutes(5 * period) + TimeSpan.FromSeconds(second))).ToList();

            silent.Count.ShouldBeInRange(19, 20);
            (silent[^1] - silent[0]).ShouldBe(silent.Count - 1);
        }
    }

    private static FaultSource Source(string text, long seed = 1, int line = 0) => new(Meters.Faults(text), seed, line);
}
