using System.Globalization;
using System.Text;
using Iec102.Contract;

namespace Iec102.Page.Pages;

/// <summary>The last frames of a trace, at most so many that a page can show.</summary>
public sealed class TraceRows
{
    /// <summary>The most rows.</summary>
    public const int Most = 500;

    private readonly Queue<TraceRow> _rows = new();
    private long _last;

    /// <summary>The rows, the newest first.</summary>
    /// <param name="text">A text that the frame, its octets or its client must have; empty for all.</param>
    public IReadOnlyList<TraceRow> Newest(string text) => [.. Matching(text).Reverse()];

    /// <summary>Adds a frame, in place of the oldest one when there are too many.</summary>
    public void Add(FrameModel frame)
    {
        if (_rows.Count == Most)
            _rows.Dequeue();
        _rows.Enqueue(new TraceRow(++_last, frame));
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => _rows.Clear();

    /// <summary>The rows as a text, the oldest first.</summary>
    /// <param name="text">As of <see cref="Newest"/>.</param>
    public string AsText(string text)
    {
        var lines = new StringBuilder();
        foreach (var (_, frame) in Matching(text))
        {
            lines.Append(
                CultureInfo.InvariantCulture,
                $"{frame.Time} {frame.Client ?? "line"} {(frame.Direction == "sent" ? "->" : "<-")} {frame.Frame} [{frame.Octets}]\n");
        }

        return lines.ToString();
    }

    private IEnumerable<TraceRow> Matching(string text) => _rows.Where(row => text.Length == 0 || row.Has(text));
}

/// <summary>A row of a trace.</summary>
/// <param name="Number">Counts the frames.</param>
/// <param name="Frame">The frame.</param>
public sealed record TraceRow(long Number, FrameModel Frame)
{
    /// <summary>The time of day.</summary>
    public string Clock => Frame.Time.Length > 23 ? Frame.Time[11..23] : Frame.Time;

    internal bool Has(string text) =>
        new[] { Frame.Frame, Frame.Octets, Frame.Client }.Any(part => part?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);
}
