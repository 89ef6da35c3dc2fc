using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core;
using TgVault.Core.Videos;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Uploads;

/// <summary>What an upload is announced with. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record NewUpload(
    [Description("Kept as one line of at most 255 characters, without a path.")] [MaxLength(VideoFields.MaxNameSent)] string Name,
    [Description("In bytes. A file without any is none that could be kept.")] [Range(1, double.PositiveInfinity)] long Size,
    [MaxLength(NewUpload.MaxContentType)] string? ContentType,
    [MaxLength(VideoFields.MaxFolder)] string? Folder,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string>? Tags,
    [MaxLength(VideoFields.MaxDescription)] string? Description
)
{
    public const int MaxContentType = 255;
}

/// <summary>Where to upload to.</summary>
internal sealed record UploadView(
    VideoId Id,
    string Name,
    long Size,
    VideoStatus Status,
    [Description("Takes Put Block and Put Block List, or one Put Blob with `x-ms-blob-type: BlockBlob`. A secret until it expires.")]
    [Url]
        string UploadUrl,
    [Description(
        "`uploadUrl` without its beginning, where the vault itself takes the bytes: for a client that stays with the address under which "
            + "it reached the vault. A secret, too. Absent where a storage account takes them."
    )]
        string? UploadPath,
    DateTimeOffset Expires,
    [Description(
        "How long it takes at least from its arrival until it is stored, in seconds, by Telegram's pace and by what is stored before it; "
            + "absent where no pace is kept."
    )]
        double? StoringSeconds
);
