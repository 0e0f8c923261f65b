namespace Plimsoll.Risk;

/// <summary>Contracts of each instrument held long and held short; neither is below 0.</summary>
public readonly record struct TailContracts(double[] Long, double[] Short)
{
    /// <summary>Those of one account: long or short.</summary>
    public static TailContracts Of(ReadOnlySpan<double> contracts)
    {
        var both = new TailContracts(new double[contracts.Length], new double[contracts.Length]);
        for (int i = 0; i < contracts.Length; i++)
            both.Add(i, contracts[i]);
        return both;
    }

    /// <summary>Adds a position on its own side.</summary>
    public void Add(int column, double contracts) => (contracts > 0 ? Long : Short)[column] += Math.Abs(contracts);

    /// <summary>Long less short.</summary>
    public double Net(int column) => Long[column] - Short[column];
}
