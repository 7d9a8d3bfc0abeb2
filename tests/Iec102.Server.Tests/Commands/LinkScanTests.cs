using System.Threading.Channels;
using Iec102.Lines;
using Iec102.Protocol.Link;
using Iec102.Server.Commands.Probing;

namespace Iec102.Server.Tests.Commands;

public sealed class LinkScanTests
{
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task A_late_answer_belongs_to_the_address_that_it_names_and_not_to_the_one_asked_meanwhile()
    {
        // The meter at link address 3 answers only when 4 is being asked; 4 and 5 belong to nobody.
        var found = await ScanAsync(address => address == 4 ? [StatusOf(3)] : [], 1, 5);

        found.ShouldBe([(ushort)3]);
    }

    [Fact]
    public async Task A_late_answer_does_not_keep_the_address_asked_meanwhile_from_being_heard()
    {
        var found = await ScanAsync(address => address == 4 ? [StatusOf(3), StatusOf(4)] : [], 1, 5);

        found.ShouldBe([(ushort)3, (ushort)4]);
    }

    [Fact]
    public async Task What_nobody_asked_for_is_not_found()
    {
        // An echo, another master's frame, a meter that another master asked, junk and a Modbus answer.
        var found = await ScanAsync(
            address =>
            [
                Fixed(ControlField.OfMaster(PrimaryFunction.RequestLinkStatus), address), StatusOf(900),
                [0xFF, 0x01, 0x04, 0x02, 0x10, 0x00],
            ], 1, 3);

        found.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_answer_of_a_meter_counts_also_behind_junk_and_in_pieces()
    {
        var status = StatusOf(2);
        var found = await ScanAsync(address => address switch
        {
            1 => [[0xE5]],
            2 => [[0xFF, 0xFF, .. status[..2]], status[2..]],
            3 => [Fixed(ControlField.OfMeter(SecondaryFunction.NotUsed), 3)],
            _ => [],
        }, 1, 3);

        found.ShouldBe([(ushort)1, (ushort)2, (ushort)3]);
    }

    [Fact]
    public async Task A_line_that_is_deaf_at_first_is_asked_again_until_something_arrives()
    {
        var requests = 0;
        await using var line = new ScriptedLine(address => ++requests > 3 && address == 2 ? [StatusOf(2)] : []);
        var scan = new LinkScan(line, ReplyTimeout, TimeSpan.FromHours(1), TimeProvider.System);

        await scan.RunAsync([1, 2, 3], _ => { }, CancellationToken.None);

        scan.Found.ShouldBe([(ushort)2]);
        line.Asked.ShouldBe([(ushort)1, 2, 3, 1, 2, 3]);
    }

    [Fact]
    public async Task What_comes_in_place_of_answers_is_told()
    {
        await using var line = new ScriptedLine(_ => ["ERROR: no such channel\r\n"u8.ToArray()]);
        var scan = new LinkScan(line, ReplyTimeout, TimeSpan.Zero, TimeProvider.System);

        await scan.RunAsync([1], _ => { }, CancellationToken.None);

        scan.Loss(new LineException("The far end closed the line."))
            .ShouldBe("The far end closed the line; before that came the text \"ERROR: no such channel\".");
        scan.Remark.ShouldBe("the far end sent the text \"ERROR: no such channel\"");
    }

    [Fact]
    public async Task A_line_that_sends_anything_is_not_deaf()
    {
        await using var line = new ScriptedLine(_ => [[0xFF]]);
        var scan = new LinkScan(line, ReplyTimeout, TimeSpan.FromHours(1), TimeProvider.System);

        await scan.RunAsync([1, 2], _ => { }, CancellationToken.None);

        line.Asked.ShouldBe([(ushort)1, 2]);
    }

    private static async Task<IReadOnlyCollection<ushort>> ScanAsync(Func<ushort, byte[][]> answersTo, ushort first, ushort last)
    {
        await using var line = new ScriptedLine(answersTo);
        var scan = new LinkScan(line, ReplyTimeout, deafFor: TimeSpan.Zero, TimeProvider.System);
        await scan.RunAsync(new LinkRange(first, last).Addresses, _ => { }, CancellationToken.None);
        line.Asked.ShouldBe(new LinkRange(first, last).Addresses);
        return scan.Found;
    }

    private static byte[] StatusOf(ushort address) => Fixed(ControlField.OfMeter(SecondaryFunction.LinkStatus), address);

    private static byte[] Fixed(ControlField control, ushort address)
    {
        var frame = new byte[Frame.FixedLength];
        FrameWriter.WriteFixed(frame, control, address);
        return frame;
    }

    /// <summary>A line on which each request has the answers of a script, if any.</summary>
    private sealed class ScriptedLine(Func<ushort, byte[][]> answersTo) : ILine
    {
        private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();

        public List<ushort> Asked { get; } = [];

        public TimeSpan CharacterTime => TimeSpan.Zero;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct)
        {
            var octets = await _answers.Reader.ReadAsync(ct);
            octets.CopyTo(buffer);
            return octets.Length;
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
        {
            Asked.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(octets.Span[2..]));
            foreach (var answer in answersTo(Asked[^1]))
                _answers.Writer.TryWrite(answer);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
