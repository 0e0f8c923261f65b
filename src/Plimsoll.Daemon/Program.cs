using System.Runtime.Versioning;
using Plimsoll.Daemon;

[assembly: SupportedOSPlatform("linux")]

if (args is ["paper", .. var rest])
    return await PaperHost.RunAsync(rest, Console.Out, Console.Error);
if (args is ["run", .. var of])
    return await RunHost.RunAsync(of, Console.Out, Console.Error);
Console.Error.WriteLine("plimsoll-daemon: started by 'plimsoll paper' and 'plimsoll run'");
return 2;
