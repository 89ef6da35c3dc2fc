using System.Collections.Immutable;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;

namespace TgVault.Core.Staging;

/// <summary>The account's CORS rule: which sites' pages may write straight to the blob that an upload URL names.</summary>
sealed class UploadOrigins(BlobServiceClient account, ImmutableArray<string> origins, ILogger log)
{
    const int PreflightSeconds = 3600;

    /// <summary>
    /// Makes this the account's only rule; writes only where it is not so yet. The identity may lack the right to: then the account's rules
    /// stay as they are.
    /// </summary>
    public async Task AllowAsync(CancellationToken cancellationToken)
    {
        var wanted = origins.IsDefaultOrEmpty
            ? null
            : new BlobCorsRule
            {
                AllowedOrigins = string.Join(',', origins),
                AllowedMethods = "PUT,OPTIONS",
                AllowedHeaders = "*",
                ExposedHeaders = "*",
                MaxAgeInSeconds = PreflightSeconds,
            };
        try
        {
            var properties = (await account.GetPropertiesAsync(cancellationToken)).Value;
            if (IsOnlyRule(properties.Cors, wanted))
                return;
            properties.Cors = wanted is null ? [] : [wanted];
            await account.SetPropertiesAsync(properties, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 401 or 403)
        {
            log.CorsLeftAlone(exception.ErrorCode ?? "");
        }
    }

    static bool IsOnlyRule(IList<BlobCorsRule>? rules, BlobCorsRule? wanted)
    {
        if (wanted is null || rules is not [var rule])
            return wanted is null && rules is null or [];
        return rule.AllowedOrigins == wanted.AllowedOrigins
            && rule.AllowedMethods == wanted.AllowedMethods
            && rule.AllowedHeaders == wanted.AllowedHeaders
            && rule.ExposedHeaders == wanted.ExposedHeaders
            && rule.MaxAgeInSeconds == wanted.MaxAgeInSeconds;
    }
}
