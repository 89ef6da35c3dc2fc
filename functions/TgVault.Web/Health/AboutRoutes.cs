using System.Collections.Immutable;
using System.ComponentModel;
using Microsoft.AspNetCore.Http;
using TgVault.Core.Ffmpeg.Caging;
using TgVault.Core.Settings;
using TgVault.Core.Staging;
using TgVault.Web.Http;
using TgVault.Web.OpenApi;

namespace TgVault.Web.Health;

/// <summary>What the vault is set to, for its owner. No secret is among it.</summary>
internal sealed class AboutRoutes(VaultSettings settings, IStaging staging)
{
    public Task<IResult> ShowVault(HttpContext context) =>
        Task.FromResult(
            VaultJson.Answer(
                new AboutView(
                    ApiDocument.Version,
                    settings.PublicUrl.Length > 0 ? settings.PublicUrl : null,
                    staging.UploadOrigin is { IsLoopback: false } storage ? storage.Host : null,
                    settings.Telegram.BaseUrl,
                    [.. settings.Telegram.Bots.Select(bot => BotId(bot.Token))],
                    settings.Telegram.Channels,
                    settings.Telegram.MessagesPerMinute,
                    settings.Uploads.MaxBytes,
                    settings.Links.DefaultLifetimeMinutes * 60L,
                    settings.Links.MaxLifetimeMinutes * 60L,
                    settings.TrashDays,
                    settings.Renditions,
                    settings.Ingest.TranscodeVideo,
                    CageReport.Sentence
                )
            )
        );

    // A token is the bot's id, which anyone may know, and after the colon its secret.
    static string BotId(string token) => token.IndexOf(':') is > 0 and var end ? token[..end] : "";
}

/// <summary>What the vault is set to.</summary>
internal sealed record AboutView(
    string Version,
    [Description("Where it is reached from outside, where that is set.")] string? PublicUrl,
    [Description("The host of the storage account; absent where uploads are kept on the vault's own machine.")] string? Storage,
    [Description("The Bot API server.")] string TelegramServer,
    [Description("Their ids.")] ImmutableArray<string> Bots,
    ImmutableArray<long> Channels,
    [Description("For each bot in each channel; 0 = no limit.")] int MessagesPerMinute,
    [Description("The largest file that may be uploaded, in bytes.")] long MaxUpload,
    [Description("How long a link is good where nobody says, in seconds.")] long LinkLifetime,
    [Description("The longest that may be asked for, in seconds.")] long MaxLinkLifetime,
    [Description("How many days a deleted video can be restored; 0: it cannot.")] int TrashDays,
    [Description("Smaller sizes that are made, such as 720p,480p.")] string Renditions,
    [Description("Whether video that browsers cannot play is encoded anew.")] bool TranscodeVideo,
    [Description("What ffmpeg may see and use on the vault's machine, in a sentence.")] string Ffmpeg
);
