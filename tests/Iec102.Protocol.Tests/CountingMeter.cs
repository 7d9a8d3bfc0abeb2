using System.Buffers.Binary;
using Iec102.Protocol.Application;
using Iec102.Protocol.Link;
using Iec102.Protocol.Time;

namespace Iec102.Protocol.Tests;

/// <summary>
/// A meter application in which every answer shows the request that it belongs to: totals are derived from the hour, and instantaneous
/// values count the requests. Now and then it is not ready, or does not accept a request.
/// </summary>
internal sealed class CountingMeter(Random random, double notReady, double notAccepted) : ISlaveApplication
{
    private readonly Queue<byte[]> _answers = new();

    /// <summary>How many requests for instantaneous values were processed.</summary>
    public uint Reads { get; private set; }

    public static uint ValueOf(TimeTagA hour) => (uint)(hour.Day * 100 + hour.Hour);

    public static byte[] DataFrame(AsduHeader header, TimeTagA hour)
    {
        var row = new TotalsRow { Time = hour };
        row.Set(1, ValueOf(hour), Quality.None);
        var asdu = new byte[Asdu.MaxLength];
        var answer = header with { Type = TypeIdentification.IncrementalTotals, Cause = CauseOfTransmission.Request };
        return asdu[..TotalsCodec.WriteTotals(asdu, answer, row)];
    }

    public void OnReset() => _answers.Clear();

    public RequestVerdict OnRequest(in Asdu request)
    {
        if (random.NextDouble() < notAccepted)
            return RequestVerdict.Reject;
        _answers.Clear();
        if (TotalsRequest.TryRead(request, out var range))
            AnswerSeries(request, range);
        else if (request.Header.Type == TypeIdentification.ReadInstantaneousValues)
            AnswerRead(request);
        else
            _answers.Enqueue(Mirror(request, CauseOfTransmission.ActivationConfirmation));
        return random.NextDouble() < notAccepted ? RequestVerdict.AcceptBusy : RequestVerdict.Accept;
    }

    public int NextAnswer(Span<byte> destination)
    {
        if (random.NextDouble() < notReady || !_answers.TryDequeue(out var answer))
            return 0;
        answer.CopyTo(destination);
        return answer.Length;
    }

    private void AnswerSeries(in Asdu request, TotalsRequest range)
    {
        _answers.Enqueue(Mirror(request, CauseOfTransmission.ActivationConfirmation));
        for (var hour = range.From; ; hour = Next(hour))
        {
            _answers.Enqueue(DataFrame(request.Header, hour));
            if (hour == range.To)
                break;
        }

        _answers.Enqueue(Mirror(request, CauseOfTransmission.ActivationTermination));
    }

    private void AnswerRead(in Asdu request)
    {
        Reads++;
        var totals = new EnergyTotals(new EnergyRegister(Reads), default, default, default, default, default, default);
        var asdu = new byte[Asdu.MaxLength];
        _answers.Enqueue(asdu[..new InstantaneousValues(totals, null, null).Write(asdu, request.Header)]);
    }

    public static TimeTagA Next(TimeTagA hour) =>
        new(hour.TryGetLocal(out var local) ? local.Value.PlusHours(1) : default, summerTime: false);

    private static byte[] Mirror(in Asdu request, CauseOfTransmission cause)
    {
        var mirror = request.Octets.ToArray();
        (request.Header with { Cause = cause }).Write(mirror);
        return mirror;
    }

    /// <summary>The number of the read that an answer belongs to.</summary>
    public static uint ReadOf(ReadOnlySpan<byte> asdu) => BinaryPrimitives.ReadUInt32LittleEndian(asdu[(AsduHeader.Length + 1)..]);
}
