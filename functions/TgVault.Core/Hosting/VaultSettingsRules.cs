using System.Text.RegularExpressions;
using TgVault.Core.Chunks;
using TgVault.Core.Replicas.Copies;
using TgVault.Core.Settings;
using TgVault.Core.Storage;

namespace TgVault.Core.Hosting;

/// <summary>What settings must fulfil. Every rule is looked at, so that one start tells all that is wrong.</summary>
static partial class VaultSettingsRules
{
    const int SecretLength = 32;

    static readonly string[] Programs = ["ffmpeg", "ffprobe"];

    public static IEnumerable<string> Check(VaultSettings settings) =>
        [
            .. SecretRules.Check(settings),
            .. CheckVault(settings),
            .. ReachRules.Check(settings),
            .. CheckTelegram(settings.Telegram),
            .. ReplicaPlaces.Check(settings),
            .. CheckUploads(settings.Uploads),
            .. CheckNumbers(settings),
            .. CheckFolders(settings.Ffmpeg),
        ];

    static IEnumerable<string> CheckVault(VaultSettings settings)
    {
        if (!SecretRules.IsNone(settings.Storage) && StorageAccount.Problem(settings) is { } storage)
            yield return storage;
        if (settings.MasterSecret.Length < SecretLength && !SecretRules.IsNone(settings.MasterSecret))
            yield return $"TgVault:MasterSecret needs at least {SecretLength} characters: make one with `openssl rand -base64 33`, "
                + "and keep a copy, for nothing can be read without it.";
        if (settings.FormerMasterSecret.Length > 0 && settings.FormerMasterSecret == settings.MasterSecret)
            yield return "TgVault:FormerMasterSecret is the same as TgVault:MasterSecret: to rotate, make a new one with "
                + "`openssl rand -base64 33`, and put that into TgVault:MasterSecret.";
        if (settings.ApiKey.Length < SecretLength && !SecretRules.IsNone(settings.ApiKey))
            yield return $"TgVault:ApiKey needs at least {SecretLength} characters: make one with `openssl rand -base64 33`.";
        if (settings.Chunks.Size != 0 && !ChunkSizes.IsValidFixedSize(settings.Chunks.Size))
            yield return "TgVault:Chunks:Size must be 0 (automatic) or a multiple of "
                + $"{ChunkSizes.MinSizeBytes} from {ChunkSizes.MinSizeBytes} to {ChunkSizes.MaxSizeBytes}.";
        if (RenditionLadder.TryParse(settings.Renditions) is null)
            yield return $"TgVault:Renditions must be empty or up to {RenditionLadder.MaxSteps} different even heights from "
                + $"{RenditionLadder.MinHeight} to {RenditionLadder.MaxHeight}, such as 720p,480p.";
        if (settings.Links.DefaultLifetimeMinutes > settings.Links.MaxLifetimeMinutes)
            yield return "TgVault:Links:DefaultLifetimeMinutes is more than TgVault:Links:MaxLifetimeMinutes.";
    }

    static IEnumerable<string> CheckTelegram(TelegramSettings telegram)
    {
        var isUrl = IsUrl(telegram.BaseUrl, "https", "http");
        if (!isUrl || new Uri(telegram.BaseUrl).PathAndQuery != "/")
            yield return "TgVault:Telegram:BaseUrl must be scheme, host and port of a Bot API server, without a path, "
                + "such as https://api.telegram.org.";
        if (telegram.Bots.Length == 0)
            yield return "TgVault:Telegram:Bots is empty: set TgVault__Telegram__Bots__0__Token to the token that @BotFather gave.";
        for (var i = 0; i < telegram.Bots.Length; i++)
        {
            if (!IsToken(telegram.Bots[i].Token) && !SecretRules.IsNone(telegram.Bots[i].Token))
                yield return $"TgVault:Telegram:Bots:{i}:Token is not a bot token: those look like 123456789:AA...";
        }

        if (telegram.Bots.DistinctBy(bot => bot.Token).Count() != telegram.Bots.Length)
            yield return "TgVault:Telegram:Bots holds the same token twice.";
        if (telegram.Channels.Length == 0)
            yield return "TgVault:Telegram:Channels is empty: set TgVault__Telegram__Channels__0 to the id (-100...) of a channel "
                + "where the bots are administrators.";
        if (telegram.Channels.Any(channel => channel >= 0))
            yield return "TgVault:Telegram:Channels: a channel id is negative and begins with -100.";
        if (telegram.Channels.Distinct().Count() != telegram.Channels.Length)
            yield return "TgVault:Telegram:Channels holds the same channel twice.";
        if (
            telegram.MessagesPerMinute == 0
            && isUrl
            && new Uri(telegram.BaseUrl).Host.EndsWith("telegram.org", StringComparison.OrdinalIgnoreCase)
        )
            yield return "TgVault:Telegram:MessagesPerMinute may be 0 (no limit) only with the stand-in: "
                + "Telegram punishes bots that do not keep its pace.";
    }

    static IEnumerable<string> CheckUploads(UploadSettings uploads)
    {
        for (var i = 0; i < uploads.Origins.Length; i++)
        {
            var origin = uploads.Origins[i];
            if (
                origin != "*"
                && (
                    !IsUrl(origin, "https", "http")
                    || !new Uri(origin).GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)
                )
            )
                yield return $"TgVault:Uploads:Origins:{i} must be * or scheme, host and port of a site, such as https://example.org.";
        }
    }

    static IEnumerable<string> CheckNumbers(VaultSettings settings)
    {
        (string Key, long Value, long Min, long Max)[] rules =
        [
            ("TrashDays", settings.TrashDays, 0, VaultSettings.MostTrashDays),
            ("Telegram:MessagesPerMinute", settings.Telegram.MessagesPerMinute, 0, 6000),
            ("Telegram:MessagesPerChannel", settings.Telegram.MessagesPerChannel, 1000, 900_000),
            ("Telegram:TimeoutSeconds", settings.Telegram.TimeoutSeconds, 1, 3600),
            ("Telegram:Attempts", settings.Telegram.Attempts, 1, 100),
            ("Telegram:LongestWaitInPlaceSeconds", settings.Telegram.LongestWaitInPlaceSeconds, 0, 3600),
            ("Verify:Days", settings.Verify.Days, 0, ChunkShare.Most),
            ("Verify:Hour", settings.Verify.Hour, 0, 23),
            // A user-delegation SAS lives seven days at most.
            ("Uploads:LifetimeMinutes", settings.Uploads.LifetimeMinutes, 1, 7 * 24 * 60),
            // 50,000 blocks of 4,000 MiB: the largest block blob there is.
            ("Uploads:MaxBytes", settings.Uploads.MaxBytes, 1, 50_000L * 4_000 * ChunkSizes.MiB),
            ("Uploads:WatchMilliseconds", settings.Uploads.WatchMilliseconds, 10, 3_600_000),
            ("Ingest:Parallelism", settings.Ingest.Parallelism, 1, 64),
            ("Ingest:Videos", settings.Ingest.Videos, 1, 64),
            ("Playback:WindowBytes", settings.Playback.WindowBytes, 0, long.MaxValue),
            ("Playback:CacheBytes", settings.Playback.CacheBytes, 0, long.MaxValue),
            ("Playback:ReadAheadBytes", settings.Playback.ReadAheadBytes, 0, int.MaxValue),
            ("Playback:HoldSeconds", settings.Playback.HoldSeconds, 0, 3600),
            ("Playback:LinkBudgetBytes", settings.Playback.LinkBudgetBytes, 0, long.MaxValue),
            ("Playback:LinkBudgetBytesPerSecond", settings.Playback.LinkBudgetBytesPerSecond, 0, long.MaxValue),
            ("Playback:BotBudgetBytesPerSecond", settings.Playback.BotBudgetBytesPerSecond, 0, long.MaxValue),
            ("Links:DefaultLifetimeMinutes", settings.Links.DefaultLifetimeMinutes, 1, int.MaxValue),
            ("Links:MaxLifetimeMinutes", settings.Links.MaxLifetimeMinutes, 1, LinkSettings.LongestLifetimeMinutes),
            ("Ffmpeg:InspectSeconds", settings.Ffmpeg.InspectSeconds, 1, 24 * 60 * 60),
            ("Ffmpeg:PrepareSeconds", settings.Ffmpeg.PrepareSeconds, 0, 7 * 24 * 60 * 60),
        ];
        return rules
            .Where(rule => rule.Value < rule.Min || rule.Value > rule.Max)
            .Select(rule =>
                rule.Max == long.MaxValue || rule.Max == int.MaxValue
                    ? $"TgVault:{rule.Key} is {rule.Value}: it must be at least {rule.Min}."
                    : $"TgVault:{rule.Key} is {rule.Value}: it must be from {rule.Min} to {rule.Max}."
            );
    }

    static IEnumerable<string> CheckFolders(FfmpegSettings ffmpeg)
    {
        if (
            ffmpeg.Folder.Length > 0
            && !Programs.All(name =>
                File.Exists(Path.Combine(ffmpeg.Folder, name)) || File.Exists(Path.Combine(ffmpeg.Folder, name + ".exe"))
            )
        )
            yield return "TgVault:Ffmpeg:Folder does not hold both ffmpeg and ffprobe.";
        if (ffmpeg.TemporaryFolder.Length > 0 && !Directory.Exists(ffmpeg.TemporaryFolder))
            yield return "TgVault:Ffmpeg:TemporaryFolder does not exist.";
    }

    public static bool IsToken(string text) => Token().IsMatch(text);

    public static bool IsUrl(string text, params string[] schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0;

    [GeneratedRegex("^[1-9][0-9]{2,19}:[A-Za-z0-9_-]{3,80}$")]
    private static partial Regex Token();
}
