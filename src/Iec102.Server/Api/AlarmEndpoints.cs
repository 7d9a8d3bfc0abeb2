using Akka.Actor;
using Iec102.Acquisition.Alarms;
using Iec102.Contract;
using Iec102.Server.Alarms;
using NodaTime;

namespace Iec102.Server.Api;

/// <summary>The calls about alarms. Of several nodes, the one that keeps the alarms answers.</summary>
internal static class AlarmEndpoints
{
    private const int LongestNote = 500;
    private const int MostHours = 168;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTest = TimeSpan.FromSeconds(30);

    private static readonly Parameter State = new(
        "state", "Only alarms whose problem stands, or is over; both otherwise.", ["active", "cleared", "all"]);

    private static readonly Parameter Acknowledged = new(
        "acknowledged", "Only alarms that were acknowledged, or that were not.", ["true", "false"]);

    /// <summary>Adds the calls to the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerNode node)
    {
        const string one = "/api/alarms/{id}";
        var calls = routes.MapGroup("").WithMetadata(new AnsweredByAlarmKeeper());
        calls.MapGet("/api/alarms", Task<IResult> (HttpContext context) => List(node, context)).Takes(State, Acknowledged)
            .Answers<AlarmsModel>("The alarms: those that stand first, the most urgent first, then the newest first.");
        Operate(calls.MapPost(one + "/acknowledge", Task<IResult> (string id, HttpContext context) =>
            Change(node, id, new AcknowledgeAlarm(id, ApiAccess.NameOf(context)))))
            .Accepts<object>(isOptional: true, "application/json").Answers<AlarmModel>("Says that a person has seen the alarm.");
        Operate(calls.MapPost(one + "/shelve", (string id, HttpContext context) => Shelve(node, context, id)))
            .Accepts<ShelveModel>("application/json")
            .Answers<AlarmModel>($"Sends nothing of the alarm for some hours, at most {MostHours}; 0 ends that.");
        Operate(calls.MapPost(one + "/note", (string id, HttpContext context) => Note(node, context, id)))
            .Accepts<NoteModel>("application/json").Answers<AlarmModel>("Writes something about the alarm, or takes it back.");
        Operate(calls.MapPost("/api/alarms/test", Task<IResult> (HttpContext context) => Test(node, context)))
            .Accepts<object>(isOptional: true, "application/json")
            .Answers<IReadOnlyList<AlarmTestModel>>("Sends a test message on each way that the fleet file names.");
    }

    private static RouteHandlerBuilder Operate(RouteHandlerBuilder call) => call.WithMetadata(new NeedsOperate());

    private static async Task<IResult> List(ServerNode node, HttpContext context)
    {
        if (await AskAsync(node, new GetAlarms()) is not AlarmList list)
            return Elsewhere(node);
        var (state, acknowledged) = ($"{context.Request.Query[State.Name]}", $"{context.Request.Query[Acknowledged.Name]}");
        var alarms = list.Alarms.Where(alarm =>
            (state is "" or "all" || alarm.IsActive == (state == "active"))
            && (acknowledged == "" || alarm.IsAcknowledged == (acknowledged == "true")));
        var now = SystemClock.Instance.GetCurrentInstant();
        return Results.Json(
            new AlarmsModel(TimeText.Format(now, node.Fleet.TimeZone), [.. alarms.Select(alarm => AlarmModel.Of(alarm, node.Fleet))]),
            ContractJson.Options);
    }

    private static async Task<IResult> Shelve(ServerNode node, HttpContext context, string id)
    {
        var hours = (await ApiEndpoints.ReadBody<ShelveModel>(context))?.Hours;
        return hours is >= 0 and <= MostHours
            ? await Change(node, id, new ShelveAlarm(id, Duration.FromHours(hours.Value)))
            : Problem.Bad($"The body must say for how many hours, 0 to {MostHours}, such as {{\"hours\": 8}}; 0 ends it.");
    }

    private static async Task<IResult> Note(ServerNode node, HttpContext context, string id)
    {
        var text = (await ApiEndpoints.ReadBody<NoteModel>(context))?.Text?.Trim();
        // It is shown in terminals too, where some characters are commands.
        return text?.Length <= LongestNote && !text.Any(IsUnseen)
            ? await Change(node, id, new NoteAlarm(id, text == "" ? null : text))
            : Problem.Bad(
                $"The body must have the note, one line of at most {LongestNote} characters, such as "
                + "{\"text\": \"The fitter comes on Monday.\"}; an empty text takes it back.");
    }

    /// <summary>Controls, the ends of lines among them, and what turns the direction of the text behind it.</summary>
    private static bool IsUnseen(char one) =>
        char.IsControl(one) || one is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static async Task<IResult> Test(ServerNode node, HttpContext context)
    {
        var fleet = node.Fleet;
        var ways = context.RequestServices.GetServices<INoticeWay>().Where(way => way.To(fleet.Alarms) is not null);
        var sent = await Task.WhenAll(ways.Select(TestAsync));
        return sent.Length > 0
            ? Results.Json(sent, ContractJson.Options)
            : Problem.Of(
                StatusCodes.Status409Conflict,
                "Nobody is told of alarms: write iec102.alarms.webhook or iec102.alarms.email into the fleet file.");

        async Task<AlarmTestModel> TestAsync(INoticeWay way)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            patience.CancelAfter(LongestTest);
            try
            {
                await way.TestAsync(fleet, patience.Token);
                return new AlarmTestModel(way.Name, way.To(fleet.Alarms)!, null);
            }
            catch (NoticeException e)
            {
                return new AlarmTestModel(way.Name, way.To(fleet.Alarms)!, e.Message);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return new AlarmTestModel(way.Name, way.To(fleet.Alarms)!, $"No answer within {LongestTest.TotalSeconds:0} s.");
            }
        }
    }

    private static async Task<IResult> Change(ServerNode node, string id, object command) =>
        await AskAsync(node, command) switch
        {
            AlarmAnswer({ } alarm) => Results.Json(AlarmModel.Of(alarm, node.Fleet), ContractJson.Options),
            AlarmAnswer => Problem.NotFound($"There is no alarm '{id}'; GET /api/alarms lists the alarms."),
            _ => Elsewhere(node),
        };

    private static Task<object> AskAsync(ServerNode node, object question) => node.Alarms.Ask<object>(question, Patience);

    private static IResult Elsewhere(ServerNode node) => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        node.Others?.View.StoreAwaySince is not null
            ? "The nodes do not see each other, since their database does not answer, and this one does not keep the alarms: ask another."
            : "The alarms are being taken over by a node: try again in a moment.");
}
