using Iec102.Protocol.Time;

namespace Iec102.Protocol.Application;

/// <summary>
/// How much the answer to a request for a series can be (protocol notes 4.4, 4.5 and 4.7), from what is asked: the type, the record, the
/// objects and the range. A meter that sends more has lost count.
/// </summary>
/// <param name="MostFrames">The most data frames that belong to it, however the meter divides its answer into frames.</param>
/// <param name="UsualOctets">About how many octets it takes on the line, both directions, with the usual period and frames.</param>
public readonly record struct SeriesSize(int MostFrames, int UsualOctets)
{
    private const int MinutesOfHour = 60;
    private const int MinutesOfDay = 1440;
    private const int MinutesOfYear = 366 * MinutesOfDay;

    /// <summary>Events in a list, one in a frame: more than any known meter keeps.</summary>
    private const int MostEvents = 10_000;
    private const int UsualEvents = 500;

    /// <summary>Object 20 and the periods 21 to 29.</summary>
    private const int TariffObjects = 10;

    /// <summary>A data frame and its poll.</summary>
    private const int EventOctets = 30;
    private const int RowOctets = 80;

    /// <summary>The size of the answer to a request for a series.</summary>
    public static SeriesSize Of(Request request)
    {
        var minutes = MinutesOf(request);
        switch (request.Header.Type)
        {
            case TypeIdentification.ReadEvents or TypeIdentification.ReadEventsInRange:
                return new SeriesSize(MostEvents, UsualEvents * EventOctets);
            case TypeIdentification.ReadCurrentTariff:
                return new SeriesSize(3 * TariffObjects, TariffObjects * RowOctets);
            case TypeIdentification.ReadStoredTariff:
                return Rows(minutes, usual: 30 * MinutesOfDay, shortest: MinutesOfDay, TariffObjects, TariffObjects);
        }

        var (usual, shortest) = PeriodsOf(request.Header.RecordAddress);
        var objects = request.Header.Type is TypeIdentification.ReadIntegratedTotals or TypeIdentification.ReadIncrementalTotals
            ? ObjectsOf(request)
            : 1;
        return Rows(minutes, usual, shortest, 1, objects);
    }

    private static SeriesSize Rows(long minutes, int usual, int shortest, int usualFrames, int mostFrames)
    {
        // Both ends may be included, and a day may have 25 hours.
        long Count(int period) => (minutes + 2 * MinutesOfHour) / period + 2;

        return new SeriesSize(Limited(Count(shortest) * mostFrames), Limited(Count(usual) * usualFrames * RowOctets));

        static int Limited(long value) => (int)Math.Min(value, int.MaxValue);
    }

    /// <summary>The usual integration period of a record and the shortest that a meter may have instead, in minutes.</summary>
    private static (int Usual, int Shortest) PeriodsOf(byte record) => record switch
    {
        21 or 22 or 23 => (MinutesOfDay, MinutesOfDay / 2),
        11 => (MinutesOfHour, 5),
        _ => (15, 5),
    };

    /// <summary>Some meters send each object in a frame of its own.</summary>
    private static int ObjectsOf(Request request)
    {
        var data = request.Asdu[AsduHeader.Length..];
        return data.Length >= 2 && data[0] <= data[1] ? data[1] - data[0] + 1 : byte.MaxValue;
    }

    /// <summary>The minutes between the tags at the end of the request; a year when it has no such tags.</summary>
    private static long MinutesOf(Request request)
    {
        const int range = 2 * TimeTagA.Length;
        var data = request.Asdu[AsduHeader.Length..];
        return data.Length >= range
            && TimeTagA.Read(data[^range..]).TryGetLocal(out var from)
            && TimeTagA.Read(data[^TimeTagA.Length..]).TryGetLocal(out var to)
                ? Math.Max(0, (long)(to.Value.ToDateTimeUnspecified() - from.Value.ToDateTimeUnspecified()).TotalMinutes)
                : MinutesOfYear;
    }
}
