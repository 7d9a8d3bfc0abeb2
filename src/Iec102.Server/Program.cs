using Iec102.Server;
using Iec102.Server.Hosting;

PrivateFiles.Begin();
return await CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error, isTerminal: !Console.IsInputRedirected);
