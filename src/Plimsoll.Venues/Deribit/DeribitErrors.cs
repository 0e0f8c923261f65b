namespace Plimsoll.Venues;

/// <summary>Error codes of the venue that the client itself acts on.</summary>
static class DeribitErrors
{
    public const int TooManyRequests = 10028;
    public const int InvalidCredentials = 13004;
}
