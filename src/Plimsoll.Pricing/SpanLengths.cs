namespace Plimsoll.Pricing;

/// <summary>The one check that a kernel makes of its spans.</summary>
static class SpanLengths
{
    /// <exception cref="ArgumentException">The length is not the expected one.</exception>
    public static void Require(int expected, int length, string name)
    {
        if (length != expected)
            throw new ArgumentException($"expected {expected} entries, got {length}", name);
    }
}
