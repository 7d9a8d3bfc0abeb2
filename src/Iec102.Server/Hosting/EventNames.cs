using System.Collections.Frozen;
using System.Reflection;
using Iec102.Acquisition;
using Iec102.Acquisition.Alarms;
using Iec102.Cluster;
using Iec102.Server.Api;
using Iec102.Server.Deliveries;
using Serilog.Core;
using Serilog.Events;

namespace Iec102.Server.Hosting;

/// <summary>
/// Adds the name of each event of <see cref="LogEvents"/> and the other lists as the property <c>Event</c>, by which a log in JSON can be
/// searched.
/// </summary>
internal sealed class EventNames : ILogEventEnricher
{
    private static readonly FrozenDictionary<string, string> Names = new[]
        {
            typeof(LogEvents), typeof(NodeEvents), typeof(AlarmEvents), typeof(DeliveryEvents), typeof(ApiEvents),
        }
        .SelectMany(list => list.GetFields(BindingFlags.Public | BindingFlags.Static))
        .ToFrozenDictionary(field => (string)field.GetRawConstantValue()!, field => field.Name);

    /// <inheritdoc/>
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (Names.TryGetValue(logEvent.MessageTemplate.Text, out var name))
            logEvent.AddOrUpdateProperty(new LogEventProperty("Event", new ScalarValue(name)));
    }
}
