using System.CommandLine;
using Iec102.Cluster.Leases;
using Iec102.Fleet;
using Iec102.Hocon;
using Iec102.Server.Api;
using Iec102.Server.Commands.Common;
using Iec102.Server.Hosting;
using Iec102.Storage;
using Iec102.Storage.Files;

namespace Iec102.Server.Commands;

/// <summary>serve: runs the server.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var fleet = CommonOptions.Fleet();
        var node = CommonOptions.NodeFile();
        var config = new Option<string?>("--config")
        {
            Description = "Settings of the actor runtime (HOCON); hocon/reference.conf explains the ones that matter.",
            HelpName = "FILE",
        };
        var data = CommonOptions.Data();
        data.Description = "The data directory: the journal and the readings, unless iec102.store of the fleet file names a PostgreSQL "
            + "database, which then holds them; little else is kept here.";
        var urls = CommonOptions.Urls();
        var logFile = new Option<string?>("--log-file")
        {
            Description = "Also write the log to this file, a new one each day, kept for two weeks.",
            HelpName = "FILE",
        };
        var logFormat = CommonOptions.Optional<LogFormat>(
            "--log-format", "text|json", "The format of the log; json writes one object per line. [default: text]", text => text switch
        {
            "text" => (LogFormat.Text, null),
            "json" => (LogFormat.Json, null),
            _ => (default, $"unknown format '{text}'; use text or json"),
        });
        var trace = new Option<string[]>("--trace")
        {
            Description = "Write every frame of this port to the log, decoded, with secrets masked.",
            HelpName = "PORT",
        };
        var command = new CommandWithExamples(
            "serve", "Reads the meters of a fleet file, records their curves, and serves the REST API. What it records is kept in files, "
            + "or in the PostgreSQL database that iec102.store of the fleet file names; --node makes it one of many nodes.",
            "serve --fleet fleet.conf --data ./data", "serve --fleet fleet.conf --node node.conf --urls https://*:8102")
        {
            fleet,
            node,
            config,
            data,
            urls,
            logFile,
            logFormat,
            trace,
        };
        command.SetAction(async (parsed, ct) =>
        {
            var files = new FleetFiles(parsed.GetValue(fleet)!, parsed.GetValue(node));
            var configuration = ReadFleet(files);
            var addresses = parsed.GetValue(urls)!;
            if (ApiAccess.RefuseBinding(addresses, configuration.Api) is { } refusal)
                throw new CommandFailure(CommandFailure.WrongUsage, refusal);
            if (ApiCertificate.Refuse(addresses, configuration.Node) is { } insecure)
                throw new CommandFailure(CommandFailure.WrongUsage, $"--urls: {insecure}");
            if (Descriptors.Refuse(configuration, Descriptors.Limit) is { } tooLarge)
                throw new CommandFailure(CommandFailure.WrongUsage, $"iec102.ports: {tooLarge}");
            var traced = parsed.GetValue(trace) ?? [];
            if (traced.FirstOrDefault(port => configuration.Ports.All(known => known.Id != port)) is { } unknown)
                throw new CommandFailure(CommandFailure.WrongUsage, $"--trace: the fleet file has no port '{unknown}'.");

            var settings = parsed.GetValue(config) is { } file ? ReadConfig(file) : "";
            var options = new ServerOptions(configuration, DataDirectory.Create(parsed.GetValue(data)!), addresses)
            {
                FleetFiles = files,
                Config = settings,
                LogFile = parsed.GetValue(logFile),
                LogFormat = parsed.GetValue(logFormat),
                TracedPorts = traced,
            };
            await using var host = await StartAsync(options, ct);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                (configuration.Node is { } self ? $"Node {self.Id} reads its part of " : "Reading ")
                + $"{Count(configuration.Meters.Count, "meter")} on {Count(configuration.Ports.Count, "port")}; "
                + $"page and API at {string.Join(", ", host.Urls)}");
            try
            {
                await host.RunAsync(ct);
            }
            catch (LockServerException e)
            {
                throw new CommandFailure(CommandFailure.WrongUsage, e.Message);
            }
            catch (StorageException e)
            {
                throw new CommandFailure(CommandFailure.Failed, e.Message);
            }

            return 0;
        });
        return command;
    }

    /// <summary>Starts the server; a failure is reported in one sentence.</summary>
    public static async Task<ServerHost> StartAsync(ServerOptions options, CancellationToken ct)
    {
        try
        {
            var host = await ServerHost.StartAsync(options, ct);
            if (!host.HasStopped)
                return host;
            await host.DisposeAsync();
            throw new CommandFailure(
                CommandFailure.Failed, "The server stopped at once because something that it needs could not be started; see the log.");
        }
        catch (StorageException e)
        {
            throw new CommandFailure(CommandFailure.Failed, e.Message);
        }
        catch (IOException e)
        {
            throw new CommandFailure(
                CommandFailure.Failed,
                $"The API cannot listen at {string.Join(", ", options.Urls)}: {e.Message} Choose another address with --urls.");
        }
    }

    internal static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static FleetConfiguration ReadFleet(FleetFiles files)
    {
        var reading = files.ReadToServe();
        return reading.Configuration
            ?? throw new CommandFailure(CommandFailure.WrongUsage, string.Join(Environment.NewLine, reading.Problems));
    }

    /// <summary>
    /// The settings in a file, written out for Akka.NET's own HOCON reader. That reader does not support includes, accepts a brace that is
    /// never closed, and never returns from a bracket that is never closed. So our own reader reads the file first: it reports errors with
    /// their position and resolves includes and substitutions.
    /// </summary>
    internal static string ReadConfig(string file)
    {
        try
        {
            return HoconText.Write(HoconParser.ParseFile(file));
        }
        catch (HoconException e)
        {
            throw new CommandFailure(CommandFailure.WrongUsage, $"--config: {e.Message}");
        }
    }
}
