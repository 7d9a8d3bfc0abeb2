using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// One answer that says how the meter is set up, read daily: types 141, 144, 147, 182, 185 (protocol notes 4.3 and 4.8 to 4.10). What the
/// meter refuses is tried again daily.
/// </summary>
internal sealed class ConfigurationTask(string meter, string name, TypeIdentification type, byte? contract, Func<ushort, Request> request)
    : FactTask(meter, OneDay)
{
    public override string Name => name;

    public override TypeIdentification Type => type;

    public override RequestClass Class => RequestClass.ClockAndEvents;

    public override byte? Contract => contract;

    public override Request Next(TaskContext context) => request(context.Point);

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context)
    {
        Due = NextRegular(context.Now);
        return ended.Answers.Count == 0 ? [] : [Fact(ended.Answers[0], ended, context)];
    }

    /// <summary>The fact, with the secrets of the answer zeroed.</summary>
    public static ConfigurationRead Fact(byte[] answer, ExchangeEnded ended, TaskContext context)
    {
        var asdu = (byte[])answer.Clone();
        SecretOctets.Clear(asdu);
        return new ConfigurationRead(context.Meter, context.SerialNumber, ended.EndedAt, asdu);
    }
}

/// <summary>
/// Objects that say how the meter is set up, read daily: types 156 and 150 (protocol notes 4.9 and 4.10). A meter that refuses them
/// together, or gives only some, is asked for each by itself; its answers are put together as one.
/// </summary>
internal sealed class ObjectsTask(string meter, string name, TypeIdentification type, byte? contract, byte[] objects)
    : FactTask(meter, OneDay)
{
    private readonly Queue<byte> _single = new();
    private readonly List<byte> _refused = [];
    private ExchangeEnded? _refusal;
    private byte[]? _answer;

    /// <summary>What it asks for, or the part of it that the meter refuses to give.</summary>
    public override string Name => Refusal is null || _refused.Count == 0 || _refused.Count == objects.Length ? name
        : _refused.Count == 1 ? $"object {_refused[0]} of {name}" : $"objects {string.Join(", ", _refused)} of {name}";

    public override TypeIdentification Type => type;

    public override RequestClass Class => RequestClass.ClockAndEvents;

    public override byte? Contract => contract;

    public override void Forget()
    {
        base.Forget();
        _single.Clear();
        _refused.Clear();
        _answer = null;
    }

    public override Request Next(TaskContext context)
    {
        ReadOnlySpan<byte> wanted = _single.TryPeek(out var one) ? [one] : objects;
        return type == TypeIdentification.ReadFurtherConfiguration
            ? Request.ReadFurtherConfiguration(context.Point, wanted)
            : Request.ReadContractObjects(context.Point, contract!.Value, wanted);
    }

    protected override IReadOnlyList<MeterFact> TakeAnswer(ExchangeEnded ended, TaskContext context)
    {
        var answer = ended.Answers.Count > 0 ? ended.Answers[0] : null;
        if (_single.TryDequeue(out _))
        {
            _answer = Together(_answer, answer);
        }
        else if (answer is not null && AsduHeader.Read(answer).Count >= objects.Length)
        {
            _refused.Clear();
            _answer = answer;
        }
        else
        {
            AskEach();
        }

        return Finish(ended, context);
    }

    protected override IReadOnlyList<MeterFact> TakeRefusal(ExchangeEnded ended, TaskContext context)
    {
        _refusal = Refusal = ended;
        if (ended.Cause is CauseOfTransmission.TypeNotAvailable or CauseOfTransmission.AddressNotKnown)
            _single.Clear();
        else if (_single.TryDequeue(out var one))
            _refused.Add(one);
        else
            AskEach();
        return Finish(ended, context);
    }

    private void AskEach()
    {
        _refused.Clear();
        foreach (var each in objects)
            _single.Enqueue(each);
    }

    private IReadOnlyList<MeterFact> Finish(ExchangeEnded ended, TaskContext context)
    {
        if (_single.Count > 0)
        {
            Due = context.Now;
            return [];
        }

        if (_answer is not { } whole)
        {
            Park(Refusal ?? ended, context.Now);
            return [];
        }

        _answer = null;
        Refusal = _refused.Count > 0 ? _refusal : null;
        Due = NextRegular(context.Now);
        return [ConfigurationTask.Fact(whole, ended, context)];
    }

    /// <summary>
    /// The objects of both answers, counted together: they follow each other without separators. A later answer that does not fit the frame
    /// is left out.
    /// </summary>
    private static byte[]? Together(byte[]? earlier, byte[]? later)
    {
        if (earlier is null || later is null || earlier.Length + later.Length - AsduHeader.Length > Asdu.MaxLength)
            return earlier ?? later;
        var (first, second) = (AsduHeader.Read(earlier), AsduHeader.Read(later));
        byte[] together = [.. earlier, .. later.AsSpan(AsduHeader.Length)];
        (first with { Count = (byte)(first.Count + second.Count) }).Write(together);
        return together;
    }
}
