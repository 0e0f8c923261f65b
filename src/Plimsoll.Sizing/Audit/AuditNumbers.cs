using System.Runtime.InteropServices;

namespace Plimsoll.Sizing;

/// <summary>Numbers as an audit bundle holds them.</summary>
static class AuditNumbers
{
    /// <summary>float64 as this machine holds it: little-endian on x64 and Arm.</summary>
    public static byte[] Bytes(IEnumerable<double> values) =>
        MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray();
}
