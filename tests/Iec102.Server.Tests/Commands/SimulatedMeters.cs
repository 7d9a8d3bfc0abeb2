using Iec102.Protocol.Application;
using Iec102.Protocol.Time;
using Iec102.Simulator.Hosting;
using Iec102.Simulator.Meters;
using NodaTime;

namespace Iec102.Server.Tests.Commands;

/// <summary>Simulated meters for one-off reads, each on its own line, with a record of what they measured.</summary>
public sealed class SimulatedMeters : IAsyncLifetime
{
    public const int HistoryDays = 400;

    /// <summary>The behaviour of each meter, by its index.</summary>
    private static readonly MeterBehaviour[] Behaviours =
    [
        new(),
        new() { HasBlocks = false, IncludesRangeStart = false },
        new() { HasActiveImportOnly = true, EmptyRange = EmptyRange.PeriodNotAvailable },
        new() { HasQuarterHours = false, EmptyRange = EmptyRange.ObjectNotAvailable },
        new() { Silence = new Interval(null, null) },
        new() { SummerTime = SummerTimeHabit.AlwaysWinter },
        new() { SummerTime = SummerTimeHabit.Civil },
        new() { HasDailyClosings = false },
        new() { HasDailyClosings = false, HasHourlyRegisters = false },
        new()
        {
            MissingTypes = new HashSet<TypeIdentification>
            {
                TypeIdentification.ReadEventsInRange, TypeIdentification.ReadCurrentTariff, TypeIdentification.ReadStoredTariff,
                TypeIdentification.ReadConfiguration,
                TypeIdentification.ReadContractedPowers, TypeIdentification.ReadHolidays, TypeIdentification.ReadContractObjects,
                TypeIdentification.ReadFurtherConfiguration, TypeIdentification.ReadPointParameters,
                TypeIdentification.ReadClockChangeDates,
            },
        },
        new() { RequestsPerSession = 4 },
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iec102-read-");
    private SimulatorHost _host = null!;

    public async Task InitializeAsync() => _host = await SimulatorHost.StartAsync(new SimulatorOptions
    {
        Meters = Behaviours.Length,
        HistoryDays = HistoryDays,
        Key = 12345678,
        TruthOut = _folder.FullName,
        BehaviourOf = index => Behaviours[index],
    });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public SimulatedMeter Meter(int index) => _host.Lines[index].Line.Meters[0];

    /// <summary>Where a meter's line is.</summary>
    public string Address(int index) => _host.Lines[index].Address;

    /// <summary>The command-line options that address a meter.</summary>
    public string Options(int index, string password = "12345678", int link = 1, int point = 1) =>
        $"--tcp {Address(index)} --link {link} --point {point} --password {password} --meter sim-{index + 1}";

    /// <summary>How often a meter was asked for a type of data.</summary>
    public long Asked(int index, TypeIdentification type) => Meter(index).Counters.Snapshot().Requests.GetValueOrDefault((byte)type);

    /// <summary>What a meter measured in a range, in lines of the profile CSV that come straight from the data formula.</summary>
    public async Task<IReadOnlyList<string>> TruthAsync(int index, string curve, Instant from, Instant to)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, $"sim-{index + 1}-{curve}.csv"));
        return [.. lines.Skip(1).Where(line => EndOf(line) is var end && end > from && end <= to)];
    }

    private static Instant EndOf(string line) =>
        Instant.FromDateTimeOffset(DateTimeOffset.Parse(line.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture));
}
