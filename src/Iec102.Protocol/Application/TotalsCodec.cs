using System.Buffers.Binary;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// Reads and writes integrated totals (protocol notes 4.4). An object is address (1), value u32 (4), quality (1).
/// <para>Types 8 and 11: 6i object i of N; 6N time tag type a. One instant per frame.</para>
/// <para>Types 139 and 140: N blocks; in a block of n values 0 block object; 1 + 5k value u32; 5 + 5k quality; 1 + 5n time tag type
/// a.</para>
/// </summary>
public static class TotalsCodec
{
    private const int ObjectLength = 6;
    private const int BlockValueLength = 5;

    /// <summary>The totals in a block: object 9 holds 1 to 8, 10 holds 1 to 6, 11 holds 1, 3 and 6; empty for any other object.</summary>
    public static ReadOnlySpan<byte> BlockObjects(byte blockObject) => blockObject switch
    {
        ObjectAddress.BlockOf8 => [1, 2, 3, 4, 5, 6, 7, 8],
        ObjectAddress.BlockOf6 => [1, 2, 3, 4, 5, 6],
        ObjectAddress.BlockOf3 => [1, 3, 6],
        _ => [],
    };

    /// <summary>Length of one block: 46, 36 or 21 octets; 0 when there is no such block object.</summary>
    public static int BlockLength(byte blockObject)
    {
        var values = BlockObjects(blockObject).Length;
        return values == 0 ? 0 : 1 + BlockValueLength * values + TimeTagA.Length;
    }

    /// <summary>The most blocks that fit in a frame: 5, 6 or 11; 0 when there is no such block object.</summary>
    public static int MaxBlocksPerFrame(byte blockObject)
    {
        var length = BlockLength(blockObject);
        return length == 0 ? 0 : (Asdu.MaxLength - AsduHeader.Length) / length;
    }

    /// <summary>
    /// How many rows the ASDU contains: 1 for types 8 and 11, N for types 139 and 140; -1 when it is of another type or the length of its
    /// data does not match type and N.
    /// </summary>
    public static int CountRows(in Asdu asdu)
    {
        var count = asdu.Header.Count;
        switch (asdu.Header.Type)
        {
            case TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals:
                return asdu.Data.Length == ObjectLength * count + TimeTagA.Length ? 1 : -1;
            case TypeIdentification.IntegratedTotalBlocks or TypeIdentification.IncrementalTotalBlocks:
                return TryFindBlock(asdu.Data, count, out var rest) && rest.IsEmpty ? count : -1;
            default:
                return -1;
        }
    }

    /// <summary>
    /// Reads one row; false when there is no such row or the data is malformed. Objects outside 1 to 8 are skipped; if an object occurs
    /// twice, the later one counts.
    /// </summary>
    public static bool TryReadRow(in Asdu asdu, int index, out TotalsRow row)
    {
        row = default;
        if (index < 0 || index >= CountRows(asdu))
            return false;
        if (asdu.Header.Type is TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals)
            ReadObjects(asdu.Data, asdu.Header.Count, ref row);
        else if (TryFindBlock(asdu.Data, index, out var block))
            ReadBlock(block, ref row);
        return true;
    }

    /// <summary>Writes an ASDU of type 8 or 11 with the objects that are present, in ascending order; sets N. Returns its length.</summary>
    /// <exception cref="ArgumentException">The header has another type.</exception>
    public static int WriteTotals(Span<byte> asdu, AsduHeader header, in TotalsRow row)
    {
        if (header.Type is not (TypeIdentification.IntegratedTotals or TypeIdentification.IncrementalTotals))
            throw new ArgumentException($"Totals are written as type 8 or 11, not {(byte)header.Type}.", nameof(header));
        (header with { Count = (byte)row.Count }).Write(asdu);
        var at = AsduHeader.Length;
        for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            if (!row.Has(address))
                continue;
            asdu[at] = address;
            WriteValue(asdu[(at + 1)..], row, address);
            at += ObjectLength;
        }

        row.Time.Write(asdu[at..]);
        return at + TimeTagA.Length;
    }

    /// <summary>
    /// Writes an ASDU of type 139 or 140, one block per row; sets N. A total that is missing from a row is written as 0 and invalid.
    /// Returns its length.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The header has another type, there is no such block object, or there are more blocks than fit in a frame.
    /// </exception>
    public static int WriteBlocks(Span<byte> asdu, AsduHeader header, byte blockObject, ReadOnlySpan<TotalsRow> rows)
    {
        if (header.Type is not (TypeIdentification.IntegratedTotalBlocks or TypeIdentification.IncrementalTotalBlocks))
            throw new ArgumentException($"Blocks are written as type 139 or 140, not {(byte)header.Type}.", nameof(header));
        var objects = BlockObjects(blockObject);
        if (objects.IsEmpty)
            throw new ArgumentException($"Block objects are 9, 10 and 11, not {blockObject}.", nameof(blockObject));
        if (rows.Length > MaxBlocksPerFrame(blockObject))
            throw new ArgumentException(
                $"A frame carries at most {MaxBlocksPerFrame(blockObject)} blocks of object {blockObject}, not {rows.Length}.",
                nameof(rows));
        (header with { Count = (byte)rows.Length }).Write(asdu);
        var at = AsduHeader.Length;
        foreach (ref readonly var row in rows)
        {
            asdu[at++] = blockObject;
            foreach (var address in objects)
            {
                WriteValue(asdu[at..], row, address);
                at += BlockValueLength;
            }

            row.Time.Write(asdu[at..]);
            at += TimeTagA.Length;
        }

        return at;
    }

    private static void ReadObjects(ReadOnlySpan<byte> data, int count, ref TotalsRow row)
    {
        for (var at = 0; at < ObjectLength * count; at += ObjectLength)
        {
            if (TotalsRow.IsTotal(data[at]))
                row.Set(data[at], BinaryPrimitives.ReadUInt32LittleEndian(data[(at + 1)..]), (Quality)data[at + 5]);
        }

        row.Time = TimeTagA.Read(data[(ObjectLength * count)..]);
    }

    private static void ReadBlock(ReadOnlySpan<byte> block, ref TotalsRow row)
    {
        var at = 1;
        foreach (var address in BlockObjects(block[0]))
        {
            row.Set(address, BinaryPrimitives.ReadUInt32LittleEndian(block[at..]), (Quality)block[at + 4]);
            at += BlockValueLength;
        }

        row.Time = TimeTagA.Read(block[at..]);
    }

    /// <summary>
    /// Finds the octets from the given block on; for an index equal to the number of blocks, those after the last block. False when an
    /// earlier block is incomplete.
    /// </summary>
    private static bool TryFindBlock(ReadOnlySpan<byte> data, int index, out ReadOnlySpan<byte> block)
    {
        block = data;
        for (; index > 0; index--)
        {
            var length = block.IsEmpty ? 0 : BlockLength(block[0]);
            if (length == 0 || length > block.Length)
                return false;
            block = block[length..];
        }

        return true;
    }

    private static void WriteValue(Span<byte> destination, in TotalsRow row, byte address)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, row.GetValue(address));
        destination[4] = (byte)(row.Has(address) ? row.GetQuality(address) : Quality.Invalid);
    }
}
