using System.Collections.Immutable;

namespace TgVault.Core.Settings;

/// <summary>
/// All settings of a vault, bound from .NET configuration section <c>TgVault</c> (environment: <c>TgVault__Telegram__BaseUrl</c>).
/// README.md has the table. Checked at start, every problem listed at once; nothing else reads the environment.
/// </summary>
public sealed record VaultSettings
{
    /// <summary>The most that <see cref="TrashDays"/> may be.</summary>
    public const int MostTrashDays = 3650;

    /// <summary>
    /// The path of a folder on this machine (with a slash, without <c>=</c> and <c>;</c>), or a storage connection string, or the https URL
    /// of an account's blob endpoint (then managed identity is used).
    /// </summary>
    public string Storage { get; init; } = "";

    /// <summary>
    /// Goes before the names of containers and tables, so that several vaults can share an account: at most 20 lower-case letters and
    /// digits, a letter first. May be empty; a folder has no use for it.
    /// </summary>
    public string StoragePrefix { get; init; } = "";

    /// <summary>
    /// The vault key is derived from it: at least 32 characters. Whoever has it can read the vault. Without it nothing can be read.
    /// </summary>
    public string MasterSecret { get; init; } = "";

    /// <summary>
    /// The master secret before, while <see cref="MasterSecret"/> takes its place; empty: none. Where it is set, the vault makes a vault
    /// key of the new one and brings everything under that.
    /// </summary>
    public string FormerMasterSecret { get; init; } = "";

    /// <summary>What clients of the managing API send as <c>X-Api-Key</c> or bearer token: at least 32 characters.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Where the vault is reached from outside: what links and upload URLs begin with; empty: the request's own host.</summary>
    public string PublicUrl { get; init; } = "";

    /// <summary>
    /// Hosts that requests may be for (their Host header, without a port) besides those that are the vault's by themselves, as
    /// <c>video.example.org</c>, <c>*.example.org</c> or an address; <c>*</c> = any.
    /// </summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Reverse proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, or networks such as <c>10.0.0.0/8</c>.
    /// </summary>
    public ImmutableArray<string> TrustedProxies { get; init; } = [];

    public ListenSettings Listen { get; init; } = new();

    /// <summary>
    /// Smaller sizes for players to switch between, encoded of every video at ingest: heights such as <c>720p,480p</c>. Empty: none.
    /// </summary>
    public string Renditions { get; init; } = "";

    /// <summary>Whether a poster and a storyboard are made of every film at ingest.</summary>
    public bool Pictures { get; init; } = true;

    /// <summary>How many days a deleted video can be brought back from the trash; 0 = deleting is for good at once.</summary>
    public int TrashDays { get; init; } = 30;

    public TelegramSettings Telegram { get; init; } = new();

    /// <summary>Where else everything that is posted is kept.</summary>
    public ImmutableArray<ReplicaSettings> Replicas { get; init; } = [];

    public VerifySettings Verify { get; init; } = new();

    public ChunkSettings Chunks { get; init; } = new();

    public UploadSettings Uploads { get; init; } = new();

    public IngestSettings Ingest { get; init; } = new();

    public PlaybackSettings Playback { get; init; } = new();

    public LinkSettings Links { get; init; } = new();

    public WebhookSettings Webhooks { get; init; } = new();

    public FfmpegSettings Ffmpeg { get; init; } = new();
}

/// <summary>Where `tgvault up` and `tgvault serve` listen, besides on loopback. A function app does not look at it.</summary>
public sealed record ListenSettings
{
    public const string Loopback = "loopback";
    public const string Lan = "lan";

    /// <summary>
    /// <c>loopback</c>, <c>lan</c> (every private address of this machine, also those that it gets later), or addresses of this machine.
    /// </summary>
    public ImmutableArray<string> Addresses { get; init; } = [Loopback];

    /// <summary>
    /// A file in PEM: the certificate, then those that lead from it to its authority. All addresses but loopback speak TLS with it.
    /// Empty: none does.
    /// </summary>
    public string Certificate { get; init; } = "";

    /// <summary>The certificate's private key, a file in PEM without a passphrase; empty: it stands in the certificate's file.</summary>
    public string CertificateKey { get; init; } = "";
}

/// <summary>The bots and channels that hold the documents, and the pace that Telegram allows.</summary>
public sealed record TelegramSettings
{
    /// <summary>The Bot API server: scheme, host and port; no path.</summary>
    public string BaseUrl { get; init; } = "https://api.telegram.org";

    public ImmutableArray<BotSettings> Bots { get; init; } = [];

    /// <summary>Channel ids (-100...), where every bot is an administrator. The first holds the catalogue.</summary>
    public ImmutableArray<long> Channels { get; init; } = [];

    /// <summary>Messages per minute for each bot in each channel; 0 = no limit (only for the stand-in).</summary>
    public int MessagesPerMinute { get; init; } = 18;

    /// <summary>
    /// How many messages a channel may have, deleted ones too, before nothing but the catalogue is posted there any more. Telegram is seen
    /// to lose old ones of channels with 700,000 and more.
    /// </summary>
    public int MessagesPerChannel { get; init; } = 400_000;

    /// <summary>How long one Bot API call may take, in seconds. Telegram hides flood waits of up to 60 s inside a call.</summary>
    public int TimeoutSeconds { get; init; } = 180;

    /// <summary>Attempts per call on transient failures, the first included.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>
    /// Waits that Telegram asks for are waited in place up to this, in seconds. Longer ones go to the workflow or hold the player.
    /// </summary>
    public int LongestWaitInPlaceSeconds { get; init; } = 30;
}

/// <summary>One bot.</summary>
public sealed record BotSettings
{
    public string Token { get; init; } = "";
}

/// <summary>One place besides the channels that holds the same sealed documents: a folder, a container for blobs or a channel.</summary>
public sealed record ReplicaSettings
{
    /// <summary>The full path of a folder on this machine, on another disk best; the vault's alone. Empty: it is no folder.</summary>
    public string Folder { get; init; } = "";

    /// <summary>
    /// A storage connection string, or the https URL of an account's blob endpoint (then managed identity is used). Empty: it is no
    /// container of an account.
    /// </summary>
    public string Blobs { get; init; } = "";

    /// <summary>The container in that account, the vault's alone; it is made where it is not there.</summary>
    public string Container { get; init; } = "tgvault-replica";

    /// <summary>The access tier of chunks there: Hot, Cool, Cold or Archive; empty: the account's own.</summary>
    public string Tier { get; init; } = "";

    /// <summary>The id (-100...) of a channel that is none of <see cref="TelegramSettings.Channels"/>; 0: it is no channel.</summary>
    public long Channel { get; init; }

    /// <summary>
    /// The bots that are administrators of that channel; empty: those of <see cref="TelegramSettings.Bots"/>, which take documents over
    /// from the vault's channels without uploading them again.
    /// </summary>
    public ImmutableArray<BotSettings> Bots { get; init; } = [];
}

/// <summary>How what is stored is looked at by itself, a share each night.</summary>
public sealed record VerifySettings
{
    /// <summary>In how many nights every copy of every chunk is read and opened once, at most a thousand; 0 = never by itself.</summary>
    public int Days { get; init; } = 30;

    /// <summary>The hour of the night from which it does so, 0 to 23, in the machine's time.</summary>
    public int Hour { get; init; } = 4;
}

/// <summary>How files are cut.</summary>
public sealed record ChunkSettings
{
    /// <summary>Plaintext bytes per chunk, a multiple of 65536; 0 = automatic.</summary>
    public int Size { get; init; }
}

/// <summary>What may be uploaded, and from where.</summary>
public sealed record UploadSettings
{
    /// <summary>How long an upload URL stays good, in minutes.</summary>
    public int LifetimeMinutes { get; init; } = 24 * 60;

    /// <summary>Sites whose pages may upload straight to the blob (CORS); <c>*</c> = any, since the URL itself is the permission.</summary>
    public ImmutableArray<string> Origins { get; init; } = ["*"];

    /// <summary>The largest file that may be announced, in bytes.</summary>
    public long MaxBytes { get; init; } = 1L << 40;

    /// <summary>
    /// Whether blobs that somebody put into the container for uploads without having announced them become videos, under their own names.
    /// </summary>
    public bool AdoptUnannounced { get; init; }

    /// <summary>How often `tgvault serve` looks for finished uploads, in milliseconds.</summary>
    public int WatchMilliseconds { get; init; } = 1000;
}

/// <summary>How much of ingest runs at once, and what it may do to a file.</summary>
public sealed record IngestSettings
{
    /// <summary>Chunks of one video that are sealed and sent at the same time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>Videos that one `tgvault serve` ingests at the same time.</summary>
    public int Videos { get; init; } = 2;

    /// <summary>Whether video that browsers cannot play is transcoded to H.264; otherwise it is kept as a download.</summary>
    public bool TranscodeVideo { get; init; }
}

/// <summary>What playing keeps in memory and reads ahead.</summary>
public sealed record PlaybackSettings
{
    /// <summary>How much an open-ended range (<c>bytes=n-</c>) is answered with, in bytes; 0 = all that is left.</summary>
    public long WindowBytes { get; init; } = 8 << 20;

    /// <summary>Memory for opened blocks, in bytes.</summary>
    public long CacheBytes { get; init; } = 48 << 20;

    /// <summary>How far ahead of a reader is fetched at most, in bytes; 0 = nothing.</summary>
    public int ReadAheadBytes { get; init; } = 1 << 20;

    /// <summary>How long a response is held while Telegram makes us wait before the connection is cut, in seconds.</summary>
    public int HoldSeconds { get; init; } = 60;

    /// <summary>
    /// How much may be fetched for one link at once beyond what its viewers get, in bytes; twice <see cref="CacheBytes"/> at least.
    /// </summary>
    public long LinkBudgetBytes { get; init; } = 128 << 20;

    /// <summary>How much of that comes back each second, in bytes; 0 = no link has a budget.</summary>
    public long LinkBudgetBytesPerSecond { get; init; } = 8 << 20;

    /// <summary>The same for all links together whose documents one bot has; 0 = no bot has one.</summary>
    public long BotBudgetBytesPerSecond { get; init; } = 32 << 20;
}

/// <summary>How long links live.</summary>
public sealed record LinkSettings
{
    /// <summary>The most that <see cref="MaxLifetimeMinutes"/> may be.</summary>
    public const int LongestLifetimeMinutes = 10 * 366 * 24 * 60;

    /// <summary>How long a link is good where the caller does not say, in minutes.</summary>
    public int DefaultLifetimeMinutes { get; init; } = 7 * 24 * 60;

    /// <summary>The longest that any link may live, whoever made it, in minutes. Made smaller, it ends longer ones at once.</summary>
    public int MaxLifetimeMinutes { get; init; } = 366 * 24 * 60;
}

/// <summary>Where sites are told what happens to videos.</summary>
public sealed record WebhookSettings
{
    /// <summary>
    /// Whether webhooks may lead to this machine and to private networks, and over http: else whoever may make one could have the vault ask
    /// what only it can reach.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }
}

/// <summary>Where ffmpeg is, where it writes, and how long it may take.</summary>
public sealed record FfmpegSettings
{
    /// <summary>The folder that holds ffmpeg and ffprobe; empty: they are looked for on PATH.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Where remuxed files are written before they go to staging; empty: the system's temporary folder.</summary>
    public string TemporaryFolder { get; init; } = "";

    /// <summary>The longest that ffprobe may take, in seconds; for a small file it is less.</summary>
    public int InspectSeconds { get; init; } = 120;

    /// <summary>
    /// The longest that ffmpeg may take for one file, in seconds; 0 = as long as its length and size are worth, and no longer.
    /// </summary>
    public int PrepareSeconds { get; init; }
}
