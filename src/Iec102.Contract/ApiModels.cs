using System.Text.Json.Serialization;
using Iec102.Acquisition.Live;
using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;
using NodaTime;
using NodaTime.Text;

namespace Iec102.Contract;

/// <summary>A port in the API. Where there are nodes it has the node that runs it, and when it was last known to be so.</summary>
public sealed record PortModel(
    string Id, string Kind, string Address, string State, string Verdict, string? Cause, string? Since, string? NextTry, Advice? Advice,
    string? LastError, string? LastErrorAt, PortCounters Counters, GatewayModel? Gateway = null, PortPauseModel? Pause = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Node = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AsOf = null)
{
    public static PortModel Of(LivePort port, Verdict verdict, DateTimeZone zone) => Of(port.Status!, verdict, zone) with
    {
        Gateway = port.Gateway is { } gateway ? GatewayModel.Of(gateway, zone) : null,
        Node = port.Sight?.Node,
        AsOf = TimeText.Format(port.Sight?.AsOf, zone),
    };

    public static PortModel Of(PortStatus status, Verdict verdict, DateTimeZone zone) => new(
        status.Id, status.Kind, status.Address, Names.Of(status.State), Names.Of(verdict.Kind), Names.Of(verdict.Cause),
        TimeText.Format(verdict.Since ?? status.Since, zone), TimeText.Format(verdict.NextTry, zone), verdict.Advice,
        status.LastError, TimeText.Format(status.LastErrorAt, zone), status.Counters,
        Pause: status.Pause is { } pause ? PortPauseModel.Of(pause, zone) : null);
}

/// <summary>The pause of a port: until when its line stays closed, and who asked for it.</summary>
public sealed record PortPauseModel(string Since, string Until, string By)
{
    public static PortPauseModel Of(PortPause pause, DateTimeZone zone) =>
        new(TimeText.Format(pause.Since, zone), TimeText.Format(pause.Until, zone), pause.By);
}

/// <summary>For how many minutes a port is to be paused, in the body of a request; 0 ends the pause.</summary>
public sealed record PauseModel(int? Minutes);

/// <summary>What has become of the pause of a port after an operator did something with it.</summary>
public sealed record PortOperatedModel(string Port, PortPauseModel? Pause)
{
    public static PortOperatedModel Of(string port, PortPause? pause, DateTimeZone zone) =>
        new(port, pause is null ? null : PortPauseModel.Of(pause, zone));
}

/// <summary>How much of a civil day of a curve is recorded.</summary>
public sealed record DayModel(string Day, int Expected, int Recorded, int Missing, int Absent, int Lost)
{
    public static DayModel Of(DayCoverage day) => new(
        LocalDatePattern.Iso.Format(day.Day), day.Expected, day.Recorded, day.Missing, day.Absent, day.Lost);
}

/// <summary>A curve of a meter in the API, with today and the seven days before.</summary>
public sealed record ProfileModel(
    string State, string? RecordedTo, int Expected, int Recorded, int Missing, int Absent, int Lost, IReadOnlyList<DayModel> Days)
{
    public static ProfileModel Of(ProfileStatus status, DateTimeZone zone) => new(
        status.State == CurveState.Ok ? "ok" : "unsupported", status.RecordedTo is { } to ? TimeText.Format(to, zone) : null,
        status.Expected, status.Recorded, status.Missing, status.Absent, status.Lost, [.. status.Days.Select(DayModel.Of)]);
}

/// <summary>A meter in the API. Where there are nodes it has the node that runs it, and when it was last known to be so.</summary>
public sealed record MeterModel(
    string Id, string Port, int LinkAddress, int PointAddress, string State, string Verdict, string? Cause, string? Since,
    string? NextTry, Advice? Advice, string? Blame, double? RemainingSeconds, uint? SerialNumber, string? LastSeen, string? LastError,
    string? LastErrorAt, double? ClockOffsetSeconds, string? ClockAlarm, IReadOnlyDictionary<string, ProfileModel> Profiles, string? Name,
    string? Site, string? Group, IReadOnlyList<string> Tags, string? Cups, string? MeterNumber,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Node = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AsOf = null)
{
    /// <summary>The name of the zone of its civil times, such as Europe/Madrid.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The meter as it is now.</summary>
    /// <param name="meter">Its live state, which has its status.</param>
    /// <param name="verdict">How it is.</param>
    /// <param name="zone">The zone of its civil times.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="profiles">The models of its curves, if they were made before.</param>
    public static MeterModel Of(
        LiveMeter meter, Verdict verdict, DateTimeZone zone, MeterLabels labels, IReadOnlyDictionary<string, ProfileModel>? profiles = null)
    {
        var status = meter.Status!;
        profiles ??= meter.Curves.Values.ToDictionary(profile => profile.Curve.Name(), profile => ProfileModel.Of(profile, zone));
        return new MeterModel(
            status.Id, status.Port, status.LinkAddress, status.PointAddress, Names.Of(status.State), Names.Of(verdict.Kind),
            Names.Of(verdict.Cause), TimeText.Format(verdict.Since, zone), TimeText.Format(verdict.NextTry, zone), verdict.Advice,
            verdict.Blame, verdict.Remaining is { } remaining ? Math.Round(remaining.TotalSeconds) : null, status.SerialNumber,
            TimeText.Format(status.LastSeen, zone), status.LastError, TimeText.Format(status.LastErrorAt, zone),
            status.ClockOffset is { } offset ? Math.Round(offset.TotalSeconds, 3) : null, status.ClockAlarm, profiles, labels.Name,
            labels.Site, labels.Group, labels.Tags, labels.Cups, labels.MeterNumber, meter.Sight?.Node,
            TimeText.Format(meter.Sight?.AsOf, zone))
        {
            TimeZone = zone.Id,
        };
    }
}

/// <summary>A signal in the API; it has a primary value only when the transformer ratio is known.</summary>
public sealed record SignalModel(
    string Id, string Description, double? Value, string Unit, string Quality, string? MeterTime, string ReadAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? PrimaryValue)
{
    public static SignalModel Of(CurrentValue value, DateTimeZone zone, Orientation orientation) => new(
        value.Id, Signals.Describe(value.Id, orientation), value.Value, value.Unit, Names.Of(value.Quality),
        value.MeterTime is { } time ? TimeText.Format(time, zone) : null, TimeText.Format(value.ReadAt, zone),
        value.PrimaryValue);
}

/// <summary>The current values of a meter.</summary>
public sealed record CurrentModel(string Meter, IReadOnlyList<SignalModel> Signals)
{
    public static CurrentModel Of(string meter, IEnumerable<CurrentValue> values, DateTimeZone zone, Orientation orientation) =>
        new(meter, Contract.Signals.InOrder(values).Select(value => SignalModel.Of(value, zone, orientation)).ToList());
}

/// <summary>A part of a range that is not recorded.</summary>
public sealed record GapModel(string From, string To, string State, string Reason)
{
    public static GapModel Of(CoverageGap gap, DateTimeZone zone) => new(
        TimeText.Format(gap.Range.From, zone), TimeText.Format(gap.Range.To, zone), Names.Of(gap.State), gap.Reason);
}

/// <summary>How much of a range is recorded.</summary>
public sealed record CoverageModel(int Expected, int Recorded, int Missing, int Absent, int Lost, IReadOnlyList<GapModel> Gaps)
{
    public static CoverageModel Of(CoverageReport report, DateTimeZone zone) => new(
        report.Expected, report.Recorded, report.Missing, report.Absent, report.Lost,
        report.Gaps.Select(gap => GapModel.Of(gap, zone)).ToList());
}

/// <summary>A range in the body of a request.</summary>
public sealed record RangeModel(string? From, string? To);

/// <summary>What to read now, in the body of a request.</summary>
public sealed record ReadModel(string? What);

/// <summary>Whether what a call does is really wanted, in the body of a request.</summary>
public sealed record ConfirmModel(bool Confirm);

/// <summary>The names of states in the API: lower case, with hyphens.</summary>
public static class Names
{
    public static string? Of<T>(T? value) where T : struct, Enum => value is { } known ? Of(known) : null;

    public static string Of<T>(T value) where T : struct, Enum =>
        string.Concat(value.ToString().Select(
            (letter, at) => char.IsUpper(letter) ? (at > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
