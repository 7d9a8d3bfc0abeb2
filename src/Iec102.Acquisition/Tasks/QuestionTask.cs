using Iec102.Acquisition.Ports;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tasks;

/// <summary>A single request, asked once for somebody who waits; the answer is kept as it is.</summary>
/// <param name="name">What is asked for, such as "current values".</param>
/// <param name="request">Makes the request.</param>
internal sealed class QuestionTask(string name, Func<TaskContext, Request> request) : MeterTask
{
    public override string Name => name;

    public override RequestClass Class => RequestClass.OnDemand;

    /// <summary>The exchange in which it was answered or refused; null until then.</summary>
    public ExchangeEnded? Ended { get; private set; }

    public override Request Next(TaskContext context) => request(context);

    /// <summary>It was answered, or refused.</summary>
    public void Take(ExchangeEnded ended) => (Due, Ended) = (Instant.MaxValue, ended);
}
