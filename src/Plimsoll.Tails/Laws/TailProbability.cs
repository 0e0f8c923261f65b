namespace Plimsoll.Tails;

/// <summary>The probability left in the tail: 0.01 for what others call a level of 99%.</summary>
/// <remarks>A type, because 0.99 given where 0.01 is meant is the most frequent error of public code.</remarks>
public readonly record struct TailProbability
{
    /// <param name="value">In (0, 0.5].</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 0.5], such as 0.99.</exception>
    public TailProbability(double value)
    {
        if (!(value > 0 && value <= 0.5))
            throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                "a tail probability lies in (0, 0.5]: 0.01 means the worst 1%"
            );
        Value = value;
    }

    /// <summary>In (0, 0.5].</summary>
    public double Value { get; }
}
