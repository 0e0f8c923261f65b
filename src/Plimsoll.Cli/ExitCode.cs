namespace Plimsoll.Cli;

/// <summary>What the command tells the shell.</summary>
static class ExitCode
{
    /// <summary>Done, and the answer is yes.</summary>
    public const int Done = 0;

    /// <summary>Done, and the answer is no: infeasible, or a limit is broken.</summary>
    public const int No = 1;

    /// <summary>Bad input or usage; nothing was computed or written.</summary>
    public const int BadInput = 2;

    /// <summary>A fault of the program or the machine.</summary>
    public const int Fault = 3;

    /// <summary>Something needed is missing or stale: no answer.</summary>
    public const int Undetermined = 4;
}
