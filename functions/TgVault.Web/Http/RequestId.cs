using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http;

/// <summary>
/// Names one request: in a header of its answer, in its problem, and in the log where it failed. Made here, so that nobody's text gets
/// into the log.
/// </summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    const int Bytes = 8;

    public static void Give(HttpContext context) =>
        context.TraceIdentifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    public static string Of(HttpContext context) => context.TraceIdentifier;
}
