using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Profiles;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Simulation.Tests;

/// <summary>
/// What the meters measured, from the data formula and not from the codec. Everything that is stored is compared with it.
/// </summary>
internal sealed class Truth(Scenario scenario)
{
    private readonly Dictionary<string, (MeterConfiguration Configuration, Station Station)> _meters =
        scenario.Meters.ToDictionary(one => one.Configuration.Id, StringComparer.Ordinal);

    private readonly Dictionary<string, (string, Curve)> _owners = (
        from meter in scenario.Meters from curve in Enum.GetValues<Curve>() select (meter.Configuration.Id, curve))
        .ToDictionary(one => $"profile-{one.Id}-{one.curve.Name()}", one => (one.Id, one.curve), StringComparer.Ordinal);

    /// <summary>The meter and curve to which the events of a persistent actor belong.</summary>
    public (string Meter, Curve Curve) Owner(string persistenceId) => _owners[persistenceId];

    public void Check(StoreIdentity identity)
    {
        var serial = _meters[identity.Meter].Station.Meter.Options.SerialNumber;
        if (identity.Identification.SerialNumber != serial)
            throw new ViolationException(
                $"{identity.Meter} has the serial number {serial}, and {identity.Identification.SerialNumber} is stored.");
    }

    /// <summary>
    /// Checks the register of active energy. It changes only at the ends of quarter hours, so the minute of its time tag determines its
    /// value.
    /// </summary>
    public void Check(StoreCurrentValues values)
    {
        var (configuration, station) = _meters[values.Meter];
        var register = values.Values.FirstOrDefault(value => value.Id == "energy.active.import");
        if (register?.MeterTime is not { } time)
            return;
        var measured = station.Meter.DataOf(configuration.PointAddress).Register(time, 1).Value;
        if (register.Value != measured)
            throw new ViolationException($"{values.Meter}: the register was {measured} at {time}, and {register.Value} is stored.");
    }

    public void Check(ClosingsRead closings)
    {
        var (configuration, station) = _meters[closings.Meter];
        var data = station.Meter.DataOf(configuration.PointAddress);
        foreach (var closing in closings.Closings)
        {
            for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
            {
                if (closing.Row.Has(address) && closing.Row.GetValue(address) != data.Register(closing.End, address).Value)
                    throw new ViolationException(
                        $"{closings.Meter}: the closing of {closing.End}, object {address}, is not what the register was.");
            }
        }
    }

    public void Check(string meter, Curve curve, in RecordedInterval interval, IntervalsRecorded answer)
    {
        var (configuration, station) = _meters[meter];
        var data = station.Meter.DataOf(configuration.PointAddress);
        var quarters = curve == Curve.Hourly ? 4 : 1;
        if (answer.SerialNumber != station.Meter.Options.SerialNumber || answer.PeriodMinutes != quarters * 15)
            throw new ViolationException(
                $"{meter} {curve}: an answer of serial number {answer.SerialNumber} with {answer.PeriodMinutes} min is stored.");
        if (interval.Row.Objects == 0)
            throw new ViolationException($"{meter} {curve} {interval.End}: nothing is stored.");
        for (var address = ObjectAddress.FirstTotal; address <= ObjectAddress.LastTotal; address++)
        {
            if (!interval.Row.Has(address))
                continue;
            var measured = data.Increment(interval.End, quarters, address);
            if (measured.Value != interval.Row.GetValue(address) || measured.Quality != interval.Row.GetQuality(address))
                throw new ViolationException(
                    $"{meter} {curve} {interval.End} object {address}: {measured} was measured, "
                    + $"{interval.Row.GetValue(address)} is stored.");
        }
    }

    /// <summary>
    /// Finds the first interval that is missing from the tables. They should hold every interval since the start that the meter still holds
    /// and that was due by the given moment.
    /// </summary>
    public string? FirstMissing(Durable durable, Instant settledAt)
    {
        foreach (var (configuration, station) in _meters.Values)
        {
            foreach (var curve in Enum.GetValues<Curve>().Where(configuration.Records))
            {
                var profile = configuration.ProfileOf(curve);
                var step = Duration.FromMinutes(curve == Curve.Hourly ? 60 : 15);
                var table = durable.Table(configuration.Id, curve);
                var last = settledAt - Duration.FromTimeSpan(profile.Settle);
                for (var end = configuration.StartOf(profile)!.Value + step; end <= last; end += step)
                {
                    if (station.Holds(end) && !table.ContainsKey(end))
                        return $"{configuration.Id} {curve.Name()} {end}";
                }
            }
        }

        return null;
    }
}
