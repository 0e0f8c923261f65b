namespace Plimsoll.Pricing.Tests;

/// <summary>Bytes that a warm piece of code allocates on this thread.</summary>
static class Allocation
{
    public static long Of(Action work)
    {
        for (int i = 0; i < 40; i++)
            work();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
            work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
