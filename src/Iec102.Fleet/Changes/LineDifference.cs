namespace Iec102.Fleet.Changes;

/// <summary>
/// What differs between two texts, line by line in the form of a unified difference: <c>@@</c> with the line numbers, then lines that begin
/// with a blank, <c>-</c> or <c>+</c>. No line is ever left out; where much was changed, the difference may be longer than it must be.
/// </summary>
public static class LineDifference
{
    private const int Context = 3;

    /// <summary>So many equal lines in a row mean that both texts go on alike.</summary>
    private const int Alike = 3;

    private readonly record struct Piece(int Old, int OldCount, int New, int NewCount);

    /// <summary>The difference.</summary>
    /// <param name="before">The old text.</param>
    /// <param name="after">The new text.</param>
    /// <param name="shown">Makes of a text what is shown in place of it, with the same lines.</param>
    public static IReadOnlyList<string> Of(string before, string after, Func<string, string> shown)
    {
        var (old, @new) = (before.Split('\n'), after.Split('\n'));
        var (oldShown, newShown) = (shown(before).Split('\n'), shown(after).Split('\n'));
        var lines = new List<string>();
        var pieces = Pieces(old, @new);
        for (var i = 0; i < pieces.Count;)
        {
            var last = i;
            while (last + 1 < pieces.Count && pieces[last + 1].Old - (pieces[last].Old + pieces[last].OldCount) <= 2 * Context)
                last++;
            Write(pieces[i..(last + 1)], oldShown, newShown, lines);
            i = last + 1;
        }

        return lines;
    }

    private static void Write(List<Piece> pieces, string[] old, string[] @new, List<string> lines)
    {
        var (first, last) = (pieces[0], pieces[^1]);
        var lead = Math.Min(Context, first.Old);
        var trail = Math.Min(Context, old.Length - (last.Old + last.OldCount));
        var (oldCount, newCount) = (
            last.Old + last.OldCount + trail - first.Old + lead, last.New + last.NewCount + trail - first.New + lead);
        lines.Add($"@@ -{first.Old - lead + 1},{oldCount} +{first.New - lead + 1},{newCount} @@");
        var at = first.Old - lead;
        foreach (var piece in pieces)
        {
            Add(' ', old.AsSpan(at, piece.Old - at), lines);
            Add('-', old.AsSpan(piece.Old, piece.OldCount), lines);
            Add('+', @new.AsSpan(piece.New, piece.NewCount), lines);
            at = piece.Old + piece.OldCount;
        }

        Add(' ', old.AsSpan(at, trail), lines);
    }

    private static void Add(char sign, ReadOnlySpan<string> texts, List<string> lines)
    {
        foreach (var text in texts)
            lines.Add($"{sign}{text.TrimEnd('\r')}");
    }

    private static List<Piece> Pieces(string[] old, string[] @new)
    {
        var pieces = new List<Piece>();
        var (i, j) = (0, 0);
        while (i < old.Length || j < @new.Length)
        {
            if (i < old.Length && j < @new.Length && old[i] == @new[j])
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var (a, b) = Meet(old, i, @new, j);
            pieces.Add(new Piece(i, a - i, j, b - j));
            (i, j) = (a, b);
        }

        return pieces;
    }

    /// <summary>Where both texts go on alike after they have begun to differ; the nearest such place, or the end of both.</summary>
    private static (int Old, int New) Meet(string[] old, int i, string[] @new, int j)
    {
        for (var distance = 1; distance <= old.Length - i + @new.Length - j; distance++)
        {
            for (var skipped = Math.Max(0, distance - (@new.Length - j)); skipped <= Math.Min(distance, old.Length - i); skipped++)
            {
                if (GoOnAlike(old.AsSpan(i + skipped), @new.AsSpan(j + distance - skipped)))
                    return (i + skipped, j + distance - skipped);
            }
        }

        return (old.Length, @new.Length);
    }

    private static bool GoOnAlike(ReadOnlySpan<string> old, ReadOnlySpan<string> @new) =>
        old[..Math.Min(Alike, old.Length)].SequenceEqual(@new[..Math.Min(Alike, @new.Length)]);
}
