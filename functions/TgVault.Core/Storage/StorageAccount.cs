using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using TgVault.Core.Settings;

namespace TgVault.Core.Storage;

/// <summary>
/// The account that blobs and tables are in, from <see cref="VaultSettings.Storage"/>. That is a connection string (uploads are signed
/// with its key), or the https URL of the blob endpoint (managed identity; uploads are signed with a user delegation key).
/// </summary>
sealed class StorageAccount
{
    const int LongestPrefix = 20;

    StorageAccount(BlobServiceClient blobs, TableServiceClient tables, string prefix, TimeProvider time)
    {
        Blobs = blobs;
        Tables = tables;
        Prefix = prefix;
        Signer = new BlobSigner(blobs, time);
    }

    public BlobServiceClient Blobs { get; }

    public TableServiceClient Tables { get; }

    /// <summary>Goes before the name of every container and table.</summary>
    public string Prefix { get; }

    internal BlobSigner Signer { get; }

    /// <summary>What is wrong with the storage settings, in one sentence; null where they can be used.</summary>
    public static string? Problem(VaultSettings settings)
    {
        if (!IsValidPrefix(settings.StoragePrefix))
            return $"TgVault:StoragePrefix must be lower-case letters and digits, a letter first, at most {LongestPrefix} characters.";
        if (settings.Storage.Length == 0)
            return "TgVault:Storage is missing: give the path of a folder, such as ./vault, or a storage connection string, or the https "
                + "URL of the account's blob endpoint.";
        if (StorageFolder.IsNamedBy(settings))
            return StorageFolder.Problem(settings);
        if (!LooksLikeUrl(settings.Storage))
            return TryConnect(settings.Storage) is { } clients && clients.Blobs.CanGenerateAccountSasUri
                ? null
                : "TgVault:Storage is no path of a folder (those have a slash, as ./vault has, but no = or ;), no storage connection "
                    + "string with an account key, and no https URL of a blob endpoint.";
        return TableEndpoint(settings.Storage) is null
            ? "TgVault:Storage must be the https URL of the account's blob endpoint, such as https://ACCOUNT.blob.core.windows.net, "
                + "with no path or query."
            : null;
    }

    /// <exception cref="ArgumentException"><see cref="Problem"/> says what is wrong, or it is a <see cref="StorageFolder"/>.</exception>
    public static StorageAccount Connect(VaultSettings settings, TimeProvider time) => Connect(settings, time, []);

    internal static StorageAccount Connect(VaultSettings settings, TimeProvider time, params HttpPipelinePolicy[] perRetry)
    {
        if (Problem(settings) is { } problem)
            throw new ArgumentException(problem, nameof(settings));
        if (StorageFolder.IsNamedBy(settings))
            throw new ArgumentException("TgVault:Storage is a folder, not an account.", nameof(settings));
        if (LooksLikeUrl(settings.Storage))
            return Connect(settings, time, new DefaultAzureCredential(), HttpClientTransport.Shared);
        var (blobs, tables) = TryConnect(settings.Storage, perRetry)!.Value;
        return new StorageAccount(blobs, tables, settings.StoragePrefix, time);
    }

    /// <summary>The account at a URL, as this identity.</summary>
    internal static StorageAccount Connect(
        VaultSettings settings,
        TimeProvider time,
        TokenCredential credential,
        HttpPipelineTransport transport
    ) =>
        new(
            new BlobServiceClient(new Uri(settings.Storage), credential, WithRetries(new BlobClientOptions { Transport = transport })),
            new TableServiceClient(
                TableEndpoint(settings.Storage),
                credential,
                WithRetries(new TableClientOptions { Transport = transport })
            ),
            settings.StoragePrefix,
            time
        );

    /// <summary>The blobs of an account that a connection string or the https URL of its blob endpoint names; null: it does neither.</summary>
    internal static BlobServiceClient? TryConnectBlobs(string named)
    {
        if (!LooksLikeUrl(named))
            return TryConnect(named)?.Blobs;
        return TableEndpoint(named) is null
            ? null
            : new BlobServiceClient(new Uri(named), new DefaultAzureCredential(), WithRetries(new BlobClientOptions()));
    }

    /// <summary>
    /// Retries that a busy account needs and a person can wait for: five of them. Between them 0.2 s, doubling to at most 10 s. One answer
    /// may take 100 s.
    /// </summary>
    internal static T WithRetries<T>(T options, params ReadOnlySpan<HttpPipelinePolicy> perRetry)
        where T : ClientOptions
    {
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 5;
        options.Retry.Delay = TimeSpan.FromSeconds(0.2);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(10);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(100);
        foreach (var policy in perRetry)
            options.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        return options;
    }

    static bool IsValidPrefix(string prefix) =>
        prefix.Length == 0
        || (
            prefix.Length <= LongestPrefix
            && char.IsAsciiLetterLower(prefix[0])
            && prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        );

    static bool LooksLikeUrl(string storage) =>
        storage.Contains("://", StringComparison.Ordinal) && !storage.Contains(';', StringComparison.Ordinal);

    static (BlobServiceClient Blobs, TableServiceClient Tables)? TryConnect(string connectionString, params HttpPipelinePolicy[] perRetry)
    {
        try
        {
            return (
                new BlobServiceClient(connectionString, WithRetries(new BlobClientOptions(), perRetry)),
                new TableServiceClient(connectionString, WithRetries(new TableClientOptions(), perRetry))
            );
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // The parsers' messages may quote the string, and with it the key.
            return null;
        }
    }

    static Uri? TableEndpoint(string blobEndpoint)
    {
        if (
            !Uri.TryCreate(blobEndpoint, UriKind.Absolute, out var url)
            || url.Scheme != Uri.UriSchemeHttps
            || url.PathAndQuery != "/"
            || url.UserInfo.Length > 0
        )
            return null;
        var labels = url.Host.Split('.');
        var service = Array.IndexOf(labels, "blob");
        if (service < 1)
            return null;
        labels[service] = "table";
        return new UriBuilder(url) { Host = string.Join('.', labels) }.Uri;
    }
}
