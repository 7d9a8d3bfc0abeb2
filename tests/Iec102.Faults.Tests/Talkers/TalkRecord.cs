using System.Globalization;
using System.Net;

namespace Iec102.Faults.Tests.Talkers;

/// <summary>What the far ends of the lines saw: the record of <c>iec102 simulate --record</c>, read and judged.</summary>
internal sealed class TalkRecord
{
    private readonly Dictionary<string, List<Frame>> _frames = [];
    private readonly List<(DateTimeOffset At, string Sentence)> _offences = [];

    private TalkRecord(IEnumerable<string> lines)
    {
        var open = new Dictionary<(string Line, IPEndPoint Talker), int>();
        var newest = new Dictionary<string, Dictionary<IPAddress, int>>();
        var number = 0;
        foreach (var text in lines)
        {
            number++;
            var words = text.Split(' ');
            var (line, talker) = (words[1], IPEndPoint.Parse(words[2]));
            var at = DateTimeOffset.Parse(words[0], CultureInfo.InvariantCulture);
            if (words[3] == "opened")
            {
                open[(line, talker)] = number;
                newest.TryAdd(line, []);
                newest[line][talker.Address] = number;
            }
            else if (words[3] == "frame")
            {
                _frames.TryAdd(line, []);
                _frames[line].Add(new Frame(at, talker.Address));
                var opened = open[(line, talker)];
                foreach (var (other, _) in newest[line].Where(one => !one.Key.Equals(talker.Address) && one.Value > opened))
                    _offences.Add((at, $"{line}: {talker} sent a frame at {at:HH:mm:ss.fff} although {other} had connected meanwhile"));
            }
        }
    }

    /// <summary>
    /// Each frame that somebody sent in a connection that is older than one of somebody else: so it is seen when two talk at once, and when
    /// an owner talks on after its successor has come.
    /// </summary>
    /// <param name="since">From when on.</param>
    public IReadOnlyList<string> Offences(DateTimeOffset since = default) =>
        [.. _offences.Where(offence => offence.At >= since).Select(offence => offence.Sentence)];

    /// <summary>The ids of the lines on which somebody talked.</summary>
    public IEnumerable<string> Lines => _frames.Keys;

    /// <summary>Reads a record; a last line that is not whole yet is left out.</summary>
    public static TalkRecord Read(string path)
    {
        var text = File.ReadAllText(path);
        return Of(text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Judges the lines of a record.</summary>
    public static TalkRecord Of(params string[] lines) => new(lines);

    /// <summary>The last frame on a line; null when there was none.</summary>
    public Frame? Last(string line) => _frames.TryGetValue(line, out var frames) ? frames[^1] : null;

    /// <summary>How many frames an address sent on a line, from a moment on.</summary>
    public int Frames(string line, string from, DateTimeOffset since) =>
        _frames[line].Count(frame => frame.At >= since && frame.From.Equals(IPAddress.Parse(from)));

    /// <summary>The longest time without a frame that touches a span of time: it may have begun before.</summary>
    public TimeSpan LongestSilence(string line, DateTimeOffset from, DateTimeOffset to)
    {
        var longest = TimeSpan.Zero;
        var last = from;
        foreach (var frame in _frames[line])
        {
            if (frame.At > from)
                longest = Longer(longest, Earlier(frame.At, to) - last);
            last = frame.At;
            if (last > to)
                return longest;
        }

        return Longer(longest, to - last);
    }

    /// <summary>How often a line passed from one address to another in a span of time.</summary>
    public int Moves(string line, DateTimeOffset from, DateTimeOffset to) => _frames[line]
        .Zip(_frames[line].Skip(1), (before, next) => (before, next))
        .Count(pair => pair.next.At > from && pair.next.At <= to && !pair.before.From.Equals(pair.next.From));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>A frame that came.</summary>
    /// <param name="At">When.</param>
    /// <param name="From">Who sent it.</param>
    internal sealed record Frame(DateTimeOffset At, IPAddress From);
}
