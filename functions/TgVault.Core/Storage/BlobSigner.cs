using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Sas;

namespace TgVault.Core.Storage;

/// <summary>
/// Signs URLs for single blobs: with the account's key where there is one, otherwise with a user delegation key. It fetches and renews
/// that key itself.
/// </summary>
sealed class BlobSigner(BlobServiceClient account, TimeProvider time) : IDisposable
{
    // The service's clock and ours need not agree; SAS best practice is to start a quarter of an hour early.
    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    // User delegation keys, and what they sign, last seven days at most.
    static readonly TimeSpan LongestDelegation = TimeSpan.FromDays(7) - TimeSpan.FromHours(1);

    readonly SemaphoreSlim _renewing = new(1, 1);

    UserDelegationKey? _delegation;

    /// <summary>
    /// A URL for this blob and these permissions, good from now until the returned time: the time asked for, or earlier where the key ends
    /// sooner.
    /// </summary>
    public async Task<(Uri Url, DateTimeOffset Expires)> SignAsync(
        BlobClient blob,
        BlobSasPermissions permissions,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var now = time.GetUtcNow();
        var sas = new BlobSasBuilder(permissions, now + lifetime)
        {
            BlobContainerName = blob.BlobContainerName,
            BlobName = blob.Name,
            Resource = "b",
            StartsOn = now - ClockSkew,
            Protocol = blob.Uri.IsLoopback ? SasProtocol.HttpsAndHttp : SasProtocol.Https,
        };
        if (blob.CanGenerateSasUri)
            return (blob.GenerateSasUri(sas), sas.ExpiresOn);

        var key = await DelegationAsync(now, lifetime, cancellationToken);
        if (sas.ExpiresOn > key.SignedExpiresOn)
            sas.ExpiresOn = key.SignedExpiresOn;
        var url = new BlobUriBuilder(blob.Uri) { Sas = sas.ToSasQueryParameters(key, account.AccountName) };
        return (url.ToUri(), sas.ExpiresOn);
    }

    public void Dispose() => _renewing.Dispose();

    async Task<UserDelegationKey> DelegationAsync(DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (_delegation is { } known && Serves(known))
            return known;
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_delegation is { } renewed && Serves(renewed))
                return renewed;
            var options = new BlobGetUserDelegationKeyOptions(now + LongestDelegation) { StartsOn = now - ClockSkew };
            return _delegation = (await account.GetUserDelegationKeyAsync(options, cancellationToken)).Value;
        }
        finally
        {
            _renewing.Release();
        }

        // A lifetime longer than any key's would fetch a new one for every upload; half a key's life is enough to serve it then.
        bool Serves(UserDelegationKey key) =>
            key.SignedExpiresOn >= now + (lifetime < LongestDelegation / 2 ? lifetime : LongestDelegation / 2);
    }
}
