using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Tasks;
using Iec102.Fleet;
using Iec102.Protocol.Application;
using NodaTime;

namespace Iec102.Acquisition.Tests.Meters;

/// <summary>
/// Whatever a meter answers and whatever else happens, nothing is asked outside a session, and the dialogue never stops asking.
/// </summary>
public class MeterDialoguePropertyTests
{
    private const int Sequences = 3000;
    private const int Length = 60;

    private static readonly ExchangeEnd[] Ends = Enum.GetValues<ExchangeEnd>();
    private static readonly CauseOfTransmission[] Causes =
    [
        CauseOfTransmission.RecordNotAvailable, CauseOfTransmission.TypeNotAvailable, CauseOfTransmission.RecordNotKnown,
        CauseOfTransmission.AddressNotKnown, CauseOfTransmission.ObjectNotAvailable, CauseOfTransmission.PeriodNotAvailable,
    ];

    [Fact]
    public void Nothing_is_asked_outside_a_session_and_asking_never_stops()
    {
        for (var seed = 0; seed < Sequences; seed++)
            new Course(seed).Run();
    }

    /// <summary>One random sequence of events, with a model of the session to check the dialogue against.</summary>
    private sealed class Course
    {
        private readonly Random _random;
        private readonly DialogueBench _bench;
        private readonly string _name;
        private bool _isOpen;
        private Instant _usedAt;
        private ExchangeToAsk? _lastChecked;
        private int _jobs;

        public Course(int seed)
        {
            _random = new Random(seed);
            _name = $"seed {seed}";
            var values = new CurrentValuesConfiguration { Enabled = seed % 2 == 0 };
            var set = seed % 3 == 0 ? new ClockSetConfiguration(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)) : null;
            var clock = new ClockConfiguration { Set = set };
            var configuration = DialogueBench.Silent with
            {
                CurrentValues = values,
                Clock = clock,
                WritePassword = seed % 5 == 0 ? new Secret(9) : null,
            };
            _bench = new DialogueBench(configuration);
        }

        public void Run()
        {
            _bench.Begin();
            Check();
            for (var at = 0; at < Length; at++)
                Step();
            GoesOnReading();
        }

        private void Step()
        {
            var dialogue = _bench.Dialogue;
            switch (_random.Next(_bench.Asked is null ? 12 : 20))
            {
                case 0:
                    Loses(() => dialogue.PortChanged(new PortStateChanged(PortState.Closed, null), _bench.Moment.Now));
                    break;
                case 1:
                    Loses(() => dialogue.PortChanged(new PortStateChanged(PortState.BackingOff, "lost"), _bench.Moment.Now));
                    break;
                case 2:
                    dialogue.PortChanged(new PortStateChanged(PortState.Open, null), _bench.Moment.Now);
                    break;
                case 3:
                    Loses(() => dialogue.LinkChanged(new LinkStateChanged(1, Answers: false), _bench.Moment.Now));
                    break;
                case 4:
                    dialogue.LinkChanged(new LinkStateChanged(1, Answers: true), _bench.Moment.Now);
                    break;
                case 5:
                    dialogue.Retry();
                    break;
                case 6:
                    Loses(dialogue.DeclareReplaced);
                    break;
                case 7:
                    var what = (Readable)_random.Next(Enum.GetValues<Readable>().Length);
                    dialogue.Do(new MeterJob(++_jobs, what, _bench.Moment.Elapsed + DialogueBench.Patience.ToTimeSpan()));
                    break;
                case 8:
                    dialogue.WantSession(1, lostEpoch: null, _bench.Moment);
                    break;
                case 9:
                    _bench.HasChunk();
                    break;
                case 10:
                    _bench.HasStored();
                    break;
                case 11:
                    _bench.Wait(Duration.FromSeconds(_random.Next(1, 200)));
                    break;
                default:
                    Answer(_random.Next(3) == 0 ? Ends[_random.Next(Ends.Length)] : ExchangeEnd.Completed);
                    return;
            }

            _bench.Proceed();
            Check();
        }

        private void Loses(Action action)
        {
            action();
            _isOpen = false;
        }

        private void Answer(ExchangeEnd end)
        {
            var isLogin = _bench.AskedType == TypeIdentification.Login;
            if (end is not (ExchangeEnd.Completed or ExchangeEnd.Refused) || (isLogin && end == ExchangeEnd.Refused))
                _isOpen = false;
            else if (isLogin)
                _isOpen = true;
            _usedAt = _bench.Moment.Now;
            if (end == ExchangeEnd.Completed)
                _bench.Answers();
            else
                _bench.Ends(end, end == ExchangeEnd.Refused ? Causes[_random.Next(Causes.Length)] : default);
            Check();
        }

        private void Check()
        {
            if (_bench.Asked is not { } asked || asked.Request.Header.Type == TypeIdentification.Login)
                return;
            // An exchange is checked only when it begins: if the session is lost while it is under way, the loss ends the exchange.
            if (_lastChecked == asked)
                return;
            _lastChecked = asked;
            _isOpen.ShouldBeTrue($"{_name}: {asked.Request} is asked outside a session.");
            asked.Epoch.ShouldBe(_bench.Epoch, _name);
            (_bench.Moment.Now - _usedAt).ShouldBeLessThanOrEqualTo(Duration.FromTimeSpan(_bench.Configuration.SessionIdle), _name);
        }

        /// <summary>Checks that the curve is read again and every waiting job is answered once line and meter work again.</summary>
        private void GoesOnReading()
        {
            _bench.Dialogue.PortChanged(new PortStateChanged(PortState.Open, null), _bench.Moment.Now);
            _bench.Dialogue.LinkChanged(new LinkStateChanged(1, Answers: true), _bench.Moment.Now);
            _bench.Proceed();
            var before = _bench.Told.Count(notice => notice is DialogueNotice.CurveDue);
            // After an answer that did not end the curve rests for up to an hour, while current values are read.
            var most = _bench.Told.Any(notice => notice is DialogueNotice.SeriesRest) ? 3000 : 100;
            for (var steps = 0; _bench.Told.Count(notice => notice is DialogueNotice.CurveDue) == before; steps++)
            {
                steps.ShouldBeLessThan(most, $"{_name}: it goes round in circles.");
                if (_bench.Asked is not null)
                    Answer(ExchangeEnd.Completed);
                else
                    _bench.Wait(_bench.Dialogue.WakeAt.ShouldNotBeNull($"{_name}: it has stopped asking.") - _bench.Moment.Now);
                Check();
            }

            while (_bench.Asked is not null && _bench.AskedType != TypeIdentification.ReadInstantaneousValues)
                Answer(ExchangeEnd.Completed);
            _bench.Told.OfType<DialogueNotice.JobEnded>().Count().ShouldBe(_jobs, _name);
        }
    }
}
