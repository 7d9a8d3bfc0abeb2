using Akka.Actor;
using Akka.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>
/// Ties the actor system to the life of its host: actors and tasks start with it, in the order of their registration; a failure there is the failure of the
/// host's start; the end of the system ends the host; and the end of the host is a coordinated shutdown.
/// </summary>
internal sealed class AkkaHostedService(
    AkkaConfigurationBuilder configuration, IServiceProvider services, ILogger<AkkaHostedService> logger, IHostApplicationLifetime lifetime) : IHostedService
{
    private ActorSystem? _system;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _system = services.GetRequiredService<ActorSystem>();
            await configuration.StartAsync(_system, new ServiceProviderDependencyResolver(services)).ConfigureAwait(false);
            _ = _system.WhenTerminated.ContinueWith(_ => lifetime.StopApplication(), TaskScheduler.Default);
        }
        catch (Exception e)
        {
            logger.LogCritical(e, "The actor system could not be started; the application stops: {Reason}", e.Message);
            await StopAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_system is not null)
            await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
    }
}
