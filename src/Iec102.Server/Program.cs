using Iec102.Server.Commands;

return await CommandLine.RunAsync(args);
