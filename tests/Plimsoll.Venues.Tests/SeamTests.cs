using Plimsoll.Controls;
using Plimsoll.Engine;

namespace Plimsoll.Venues.Tests;

/// <summary>The compiler keeps the gate: no member of the seam takes an order that was not approved.</summary>
public sealed class SeamTests
{
    [Fact]
    public void Nothing_public_takes_an_order_that_did_not_pass_the_gate()
    {
        var taken = typeof(IVenueClient)
            .Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType);
        Assert.DoesNotContain(typeof(OrderIntent), taken);
        Assert.Contains(typeof(EngineEffect), taken);
    }
}
