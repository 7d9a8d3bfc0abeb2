using Akka.Actor;
using Akka.Event;

namespace Iec102.Acquisition.Ports;

/// <summary>
/// Tells the meters of a port its state, and operators its status and, in the log, what becomes of its line. Only the port's actor calls
/// it.
/// </summary>
internal sealed class PortVoice(
    PortSetup setup, PortReport report, PortExchanges exchanges, Reconnection reconnection, ILoggingAdapter log)
{
    /// <summary>The port has changed its state.</summary>
    /// <param name="state">The new state.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="fault">The same for programs.</param>
    /// <param name="told">What only the meters are told, because nothing is wrong.</param>
    public void Enter(PortState state, string? error = null, LineFault fault = LineFault.None, string? told = null)
    {
        report.Enter(state, error, fault, setup.Time.Now());
        setup.Meters.Tell(new PortStateChanged(state, error ?? told) { Fault = fault });
        TellStatus();
    }

    /// <summary>A meter has come.</summary>
    public void Welcome(RegisterMeter register, IActorRef meter)
    {
        setup.Meters.Add(register, meter);
        meter.Tell(report.State == PortState.Paused
            ? new PortStateChanged(PortState.Paused, setup.Pause.Present!.Sentence)
            : report.StateNow);
    }

    /// <summary>Tells the status of this moment.</summary>
    public void TellStatus() => setup.LiveState.Tell(
        report.Take(exchanges, reconnection, setup.Time.Elapsed(), setup.Time.Now()) with { Pause = setup.Pause.Present });

    /// <summary>The line is open.</summary>
    public void Opened(string address)
    {
        if (reconnection.Opened())
            log.Info(LogEvents.PortOpened, setup.Settings.Id, address);
    }

    /// <summary>A valid frame of the far end has come.</summary>
    public void Proven(string address)
    {
        if (reconnection.Proven() is > 0 and var failures)
            log.Info(LogEvents.PortReopened, setup.Settings.Id, address, failures);
        report.Recovered();
    }

    /// <summary>The line is lost, or could not be opened.</summary>
    public void Lost(string error, TimeSpan now)
    {
        var (pause, isNews) = reconnection.Lost(error, now);
        if (isNews)
            log.Warning(LogEvents.PortLost, setup.Settings.Id, error, pause.TotalSeconds);
    }

    /// <summary>The line brings nothing valid, and is opened anew.</summary>
    public void GivenUp(string why)
    {
        if (reconnection.GivenUp(why))
            log.Warning(LogEvents.PortSilent, setup.Settings.Id, why);
    }
}
