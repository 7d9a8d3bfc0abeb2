using Iec102.Server;

return await CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error, isTerminal: !Console.IsInputRedirected);
