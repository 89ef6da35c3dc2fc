using TgVault.Core;
using TgVault.Core.ApiKeys;
using TgVault.Core.Links;
using TgVault.Core.Videos;
using TgVault.Web.Keys;
using TgVault.Web.Links;
using TgVault.Web.Lists;
using TgVault.Web.Sessions;
using TgVault.Web.Uploads;
using TgVault.Web.Videos;

namespace TgVault.Web;

/// <summary>What bodies of requests and answers look like, for the API's description: written as the real ones are.</summary>
internal static class ApiExamples
{
    static readonly VideoId Id = VideoId.Parse("7ybqecz2v5m8k0h3j6n9r1t4wx");
    static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    // Nothing can be got with it: the part that signs is not one.
    const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3eWJxZWN6In0.c2lnbmF0dXJl";

    static readonly LinkView Link = new(
        "0191f3a2b4c5",
        Id,
        "Holidays.mkv",
        LinkState.Good,
        $"https://vault.example/v/{Token}/video.mp4",
        Token,
        "For grandma",
        Noon,
        Noon.AddDays(7),
        null,
        [],
        [LinkKind.Mp4, LinkKind.Hls]
    );

    static readonly KeyView Key = new("3f9a1c5e7b2d4860", "TV", KeyScope.Read, Noon, Noon.AddHours(1));

    /// <summary>By the type that is read or written.</summary>
    public static IReadOnlyDictionary<Type, object> All { get; } =
        new Dictionary<Type, object>
        {
            [typeof(NewUpload)] = new NewUpload(
                "Holidays.mkv",
                734_003_200,
                "video/x-matroska",
                "Films",
                ["family"],
                "Two weeks by the sea"
            ),
            [typeof(UploadView)] = new UploadView(
                Id,
                "Holidays.mkv",
                734_003_200,
                VideoStatus.Waiting,
                $"https://vault.example/staging/uploads/{Id}?sig=...",
                $"/staging/uploads/{Id}?sig=...",
                Noon.AddDays(1),
                860
            ),
            [typeof(VideoView)] = Ready,
            [typeof(VideoPageView)] = new VideoPageView([Ready], "7ybqecz2v5m8k0h3j6n9r1t4wx"),
            [typeof(VideoEventView)] = new VideoEventView(VideoEventName.Video, Ready),
            [typeof(VideoChange)] = new VideoChange("Holidays by the sea.mkv", "Films/2026", ["family", "sea"], null),
            [typeof(VideosChange)] = new VideosChange([Id.ToString()], "Films/2026", ["sea"], ["new"]),
            [typeof(VideosRemoval)] = new VideosRemoval([Id.ToString()], false),
            [typeof(EditsView)] = new EditsView([new EditView(Id.ToString(), 200, Ready, null, null)]),
            [typeof(NewPoster)] = new NewPoster(61.5),
            [typeof(NewLink)] = new NewLink(604_800, ["https://blog.example"], [LinkKind.Mp4, LinkKind.Hls], "For grandma"),
            [typeof(LinkView)] = Link,
            [typeof(LinkPageView)] = new LinkPageView([Link], null, 0),
            [typeof(NewKey)] = new NewKey("TV", KeyScope.Read),
            [typeof(KeyListView)] = new KeyListView([Key]),
            [typeof(MadeKeyView)] = new MadeKeyView(Key with { LastUsed = null }, "tgv_3f9a1c5e7b2d4860_..."),
            [typeof(NewLinkKey)] = new NewLinkKey("The blog"),
            [typeof(NewSession)] = new NewSession("the vault's API key", null),
        };

    static VideoView Ready =>
        VideoView.Of(
            new Video
            {
                Id = Id,
                Details = new VideoDetails
                {
                    Name = "Holidays.mkv",
                    Folder = "Films",
                    Tags = ["family"],
                    Description = "Two weeks by the sea",
                },
                Upload = new VideoUpload { SizeBytes = 734_003_200, ContentType = "video/x-matroska" },
                Life = VideoLife.Announced,
                Inspection = new VideoInspection
                {
                    Decision = new MediaDecision(MediaAction.Remux, "Remuxed from matroska to MP4 with moov first (every stream copied)."),
                },
                Updated = Noon,
            }
        ) with
        {
            Status = VideoStatus.Ready,
            Stage = IngestStage.Done,
            Attempt = 1,
        };
}
