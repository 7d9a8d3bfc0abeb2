using Akka.Actor;

namespace Akka.Pattern;

/// <summary>Ways to start a child again after a growing delay.</summary>
public static class Backoff
{
    /// <summary>When the child fails and would be restarted. A child that stops by itself takes its supervisor with it.</summary>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffChoice(new BackoffPlan(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries), onStop: false);

    /// <summary>When the child stops, for whatever reason.</summary>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffChoice(new BackoffPlan(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries), onStop: true);
}

/// <summary>What a <see cref="BackoffSupervisor"/> is to do.</summary>
public abstract class BackoffOptions
{
    private protected BackoffOptions()
    {
    }

    /// <summary>The count of restarts begins anew when the child has lived that long.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The count of restarts begins anew only on <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Every failure stops the child.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    internal abstract Props Props { get; }
}

internal sealed class BackoffChoice(BackoffPlan plan, bool onStop) : BackoffOptions
{
    internal override Props Props => onStop
        ? Props.Create(() => new BackoffSupervisor(plan))
        : Props.Create(() => new BackoffOnFailureSupervisor(plan));

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => new BackoffChoice(plan with { AutoReset = resetBackoff }, onStop);

    public override BackoffOptions WithManualReset() => new BackoffChoice(plan with { AutoReset = null }, onStop);

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        new BackoffChoice(plan with { Strategy = supervisorStrategy }, onStop);

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        WithSupervisorStrategy(new OneForOneStrategy(plan.Strategy.MaxNumberOfRetries, null, SupervisorStrategy.StoppingStrategy.Decider));
}

/// <summary>The child, its delays, and when the count of restarts begins anew: after a time, or (null) when told.</summary>
internal sealed record BackoffPlan(Props ChildProps, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor)
{
    public BackoffPlan(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries)
        : this(childProps, childName, minBackoff, maxBackoff, randomFactor)
    {
        if (minBackoff <= TimeSpan.Zero) throw new ArgumentException("MinBackoff must be greater than 0", nameof(minBackoff));
        if (maxBackoff < minBackoff) throw new ArgumentException("MaxBackoff must be greater than MinBackoff", nameof(maxBackoff));
        if (randomFactor is < 0 or > 1) throw new ArgumentException("RandomFactor must be between 0.0 and 1.0", nameof(randomFactor));
        AutoReset = minBackoff;
        Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries);
    }

    public TimeSpan? AutoReset { get; init; }

    public OneForOneStrategy Strategy { get; init; } = new(SupervisorStrategy.DefaultDecider);

    /// <summary>The delay before the next start: doubled each time up to the largest, then lengthened by chance.</summary>
    public TimeSpan Delay(int restarts, Random random)
    {
        var doubled = restarts < 30 ? MinBackoff * Math.Pow(2, restarts) : MaxBackoff;
        return (doubled < MaxBackoff ? doubled : MaxBackoff) * (1 + (random.NextDouble() * RandomFactor));
    }
}
