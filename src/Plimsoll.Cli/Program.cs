using Plimsoll.Cli;

return PlimsollCommand.Run(args, Terminal.OfProcess());
