using Plimsoll.Daemon;

if (args is ["paper", .. var rest])
    return await PaperHost.RunAsync(rest, Console.Out, Console.Error);
Console.Error.WriteLine("plimsoll-daemon: started by 'plimsoll paper'");
return 2;
