using System.Globalization;
using Iec102.Server;
using Iec102.Server.Hosting;

PrivateFiles.Begin();
// Only the page speaks the languages of its readers.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
return await CommandLine.RunAsync(args, Console.In, Console.Out, Console.Error, isTerminal: !Console.IsInputRedirected);
