using Iec102.Acquisition;
using LogLevel = Akka.Event.LogLevel;

namespace Iec102.Server.Deliveries;

/// <summary>The events that a server logs about scheduled deliveries, in the form of <see cref="LogEvents"/>.</summary>
internal static class DeliveryEvents
{
    /// <summary>A file is in its folder. See [scheduled deliveries](#scheduled-deliveries).</summary>
    [LoggedAt(LogLevel.InfoLevel)]
    public const string DeliveryWritten =
        "delivery {Delivery}: {File} is written (intervals: {Intervals}, complete meters: {Complete})";

    /// <summary>
    /// No interval of the period is stored of any of the meters. The file follows when there is one. Logged once for each period.
    /// </summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string DeliveryEmpty = "delivery {Delivery}: nothing is stored of {Period}, so no file is written yet";

    /// <summary>A file cannot be written, for the reason given. It is tried again every minute. Logged once for each reason.</summary>
    [LoggedAt(LogLevel.WarningLevel)]
    public const string DeliveryFailed = "delivery {Delivery}: {Problem}";
}
