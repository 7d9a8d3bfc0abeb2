using System.Collections.Concurrent;
using System.Globalization;
using Iec102.Acquisition.Ports;
using Iec102.Contract;
using Iec102.Fleet;
using Iec102.Lines;
using Iec102.Lines.Serial;
using Iec102.Lines.Tcp;
using Iec102.Server.OneOff;

namespace Iec102.Server.Api;

/// <summary>
/// POST probe: asks a meter that is to be added who it is. On a line that the server runs, its port asks it between its other meters; any
/// other line is opened for it and closed again. One probe at a time for each line.
/// </summary>
internal sealed class ProbeEndpoint(ServerNode node)
{
    /// <summary>Shorter than a call to another node may be silent.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private static readonly LineFormat StandardFormat = new(9600, 8, Parity.Even, 1);

    /// <summary>No meter can have this id.</summary>
    private const string Client = "(probe)";

    private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        var probe = new ProbeEndpoint(node);
        routes.MapPost("/api/probe", Task<IResult> (HttpContext context) => probe.OnLineAsync(context))
            .WithMetadata(new NeedsOperate()).Accepts<ProbeRequestModel>("application/json")
            .Answers<ProbeModel>("Asks a meter on a line that is no port yet who it is, for at most 40 s.");
        routes.MapPost("/api/ports/{id}/probe", Task<IResult> (string id, HttpContext context) => probe.OnPortAsync(id, context))
            .WithMetadata(new NeedsOperate(), new AnsweredByOwner(Port: true)).Accepts<ProbeRequestModel>("application/json")
            .Answers<ProbeModel>("Asks a meter on the line of a port who it is, for at most 40 s.");
    }

    private async Task<IResult> OnPortAsync(string id, HttpContext context)
    {
        if (node.Fleet.Ports.FirstOrDefault(one => one.Id == id) is not { } port)
            return ApiEndpoints.NoPort(id);
        if (await ApiEndpoints.ReadBody<ProbeRequestModel>(context) is not { } model)
            return WrongBody();
        return await AskAsync(port, model, context);
    }

    private async Task<IResult> OnLineAsync(HttpContext context)
    {
        if (await ApiEndpoints.ReadBody<ProbeRequestModel>(context) is not { } model)
            return WrongBody();
        if (LineOf(model, out var problem) is not { } line)
            return Problem.Bad(problem);
        if (node.Fleet.Ports.FirstOrDefault(port => PlaceOf(port) == PlaceOf(line)) is not { } known)
            return await AskAsync(line, model, context);
        return node.Others is null || node.Runs(known.Id)
            ? await AskAsync(known, model, context)
            : Problem.Of(
                StatusCodes.Status409Conflict, $"The port '{known.Id}' leads there, and another node runs it: choose that port.");
    }

    private static IResult WrongBody() => Problem.Bad(
        "The body must be an object such as {\"tcp\": \"192.0.2.10:4001\", \"linkAddress\": 5, \"pointAddress\": 1, \"password\": \"7\"}.");

    private async Task<IResult> AskAsync(PortConfiguration port, ProbeRequestModel model, HttpContext context)
    {
        if (MeterOf(port, model, out var problem) is not { } meter)
            return Problem.Bad(problem);
        if (!_busy.TryAdd(PlaceOf(port), true))
            return Problem.Of(
                StatusCodes.Status409Conflict, $"A meter on {port.Address} is being asked already: wait until that has ended.");
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            limit.CancelAfter(Longest);
            var check = await AskAsync(port, meter, limit.Token);
            var zone = node.Fleet.TimeZone;
            return Results.Json(
                new ProbeModel(
                    check.WasOpen, port.Address, meter.LinkAddress, meter.PointAddress, check.Identification?.SerialNumber,
                    check.Identification?.Manufacturer,
                    check.Clock is { } clock ? TimeText.Format(clock.ReadAt + clock.Offset, zone) : null,
                    check.Clock is { } read ? Math.Round(read.Offset.TotalSeconds, 3) : null,
                    CurrentModel.Of(meter.Id, check.Values, zone, meter.Orientation).Signals, check.Problem,
                    check.WasOpen ? null : CheckAdvice.Of(check.Login, port, meter.LinkAddress)),
                ContractJson.Options);
        }
        finally
        {
            _busy.TryRemove(PlaceOf(port), out _);
        }
    }

    private async Task<MeterCheck> AskAsync(PortConfiguration port, MeterConfiguration meter, CancellationToken ct)
    {
        var settings = PortSettings.Of(port);
        if (node.PortActor(port.Id) is { } actor)
        {
            using var shared = new FleetPort(actor, Client);
            return await RunAsync(shared, new OneOffMeter(new NoLine(port.Address), settings, meter), ct);
        }

        ILineFactory line = port.Tcp is { } tcp ? new TcpLineFactory(tcp) : new SerialLineFactory(port.Serial!);
        await using var own = new OneOffPort(line, settings);
        return await RunAsync(own, new OneOffMeter(line, settings, meter), ct);
    }

    private static async Task<MeterCheck> RunAsync(IExchangePort port, OneOffMeter meter, CancellationToken ct)
    {
        var check = new MeterCheck(port, meter);
        await check.RunAsync(ct);
        return check;
    }

    /// <summary>Where a line leads, whatever is spoken there and in whatever format.</summary>
    private static string PlaceOf(PortConfiguration line) => line.Tcp?.EndPoint ?? line.Serial!.Device;

    private static PortConfiguration? LineOf(ProbeRequestModel model, out string problem)
    {
        problem = "Say which line leads to the meter: tcp with a host and TCP port such as 192.0.2.10:4001, or device.";
        LineFormat? format = null;
        if (!string.IsNullOrWhiteSpace(model.Line))
        {
            problem = $"'{model.Line}' is no line format such as 9600-8E1.";
            if (!LineFormat.TryParse(model.Line, out var written))
                return null;
            format = written;
        }

        format ??= PresetOf(model)?.Line ?? StandardFormat;
        if (model.Tcp is { } text)
        {
            problem = $"'{text}' is no host and TCP port such as 192.0.2.10:4001.";
            return TcpLineOptions.TryParse(text.Trim(), out var tcp)
                ? new PortConfiguration
                {
                    Id = "line",
                    Tcp = tcp with { Format = tcp.Protocol == TcpProtocol.Rfc2217 ? format : null },
                    HoldIdle = null,
                }
                : null;
        }

        return string.IsNullOrWhiteSpace(model.Device)
            ? null
            : new PortConfiguration { Id = "line", Serial = new SerialLineOptions(model.Device.Trim(), format.Value), HoldIdle = null };
    }

    private static Preset? PresetOf(ProbeRequestModel model) => Preset.All.FirstOrDefault(preset => preset.Name == model.Preset);

    private MeterConfiguration? MeterOf(PortConfiguration port, ProbeRequestModel model, out string problem)
    {
        var preset = PresetOf(model);
        problem = $"There is no preset '{model.Preset}': use {string.Join(", ", Preset.All.Select(one => one.Name))}.";
        if (preset is null && !string.IsNullOrEmpty(model.Preset))
            return null;
        if (LinkOf(model, preset, out problem) is not { } link || PasswordOf(model, preset, out problem) is not { } password)
            return null;
        problem = "The measurement point must be from 0 to 65535.";
        var point = model.PointAddress ?? preset?.PointAddress ?? 1;
        return point is < 0 or > ushort.MaxValue ? null : new MeterConfiguration
        {
            Id = Client,
            Port = port.Id,
            LinkAddress = link,
            PointAddress = (ushort)point,
            Password = password,
            TimeZone = node.Fleet.TimeZone,
            CurrentValues = OneOffMeter.OnlyWhenAsked,
        };
    }

    private static ushort? LinkOf(ProbeRequestModel model, Preset? preset, out string problem)
    {
        problem = "Say which meter: linkAddress from 0 to 65535, or a preset and the meterNumber.";
        if (model.LinkAddress is { } given)
            return given is < 0 or > ushort.MaxValue ? null : (ushort)given;
        if (preset?.LinkAddress is { } usual)
            return usual;
        if (string.IsNullOrWhiteSpace(model.MeterNumber))
            return null;
        var isMade = Preset.TryLinkAddress(model.MeterNumber.Trim(), out var made, out var why);
        problem = $"meterNumber {why}";
        return isMade ? made : null;
    }

    private static Secret? PasswordOf(ProbeRequestModel model, Preset? preset, out string problem)
    {
        problem = "The password must be a whole number from 0 to 4294967295, or ${NAME} for one of the server's environment.";
        var text = model.Password?.Trim() is { Length: > 0 } given ? given : null;
        if (text is null)
            return preset is null ? null : new Secret(preset.Password);
        if (text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}'))
            text = Environment.GetEnvironmentVariable(text[2..^1]);
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new Secret(number) : null;
    }

    /// <summary>The line of a port that has it open.</summary>
    private sealed class NoLine(string address) : ILineFactory
    {
        public string Address => address;

        public ValueTask<ILine> OpenAsync(CancellationToken ct) => throw new LineException($"The port has {address} open itself.");
    }
}
