using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using TgVault.Core;
using TgVault.Web.Http;
using TgVault.Web.Videos;

namespace TgVault.Web.Tests;

/// <summary>The API's description is made from the table of routes and the records; nothing of it is kept by hand but prose.</summary>
public sealed partial class ApiDocumentTests : IAsyncLifetime
{
    WebParts _parts = null!;

    public async Task InitializeAsync() => _parts = await WebParts.StartAsync();

    public async Task DisposeAsync() => await _parts.DisposeAsync();

    [Fact(Timeout = 30000)]
    public async Task It_is_valid_OpenAPI()
    {
        using var response = await _parts.GetAsync("api/openapi.json");
        var text = await response.Content.ReadAsStringAsync();

        var read = OpenApiDocument.Parse(text, "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(Faults(text));
        Assert.Equal(Described.Select(route => route.Pattern).Distinct().Count(), read.Document!.Paths.Count);
        // The reader would tell otherwise: a response must have a description, and what is referred to must be there.
        Assert.NotEmpty(Faults(DescriptionOfGone().Replace(text, "")));
        Assert.NotEmpty(Faults(text.Replace("\"Media\":{", "\"Medium\":{", StringComparison.Ordinal)));
    }

    [Fact(Timeout = 30000)]
    public async Task Every_route_is_in_it_with_what_it_asks_for()
    {
        var described = (await DocumentAsync())
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(operation =>
                        (
                            Method: operation.Name.ToUpperInvariant(),
                            Path: path.Name,
                            Id: operation.Value.GetProperty("operationId").GetString(),
                            Security: string.Join(
                                ',',
                                operation
                                    .Value.GetProperty("security")
                                    .EnumerateArray()
                                    .SelectMany(one => one.EnumerateObject())
                                    .Select(one => one.Name)
                            )
                        )
                    )
            )
            .Order();
        var routed = Described
            .SelectMany(route =>
                route
                    .Methods.Where(method => method is not ("OPTIONS" or "PROPFIND"))
                    .Select(method =>
                        (
                            Method: method,
                            Path: "/" + route.Pattern.Replace("{**", "{", StringComparison.Ordinal),
                            Id: (string?)(method == "HEAD" ? route.Name + "Head" : route.Name),
                            Security: route.Access switch
                            {
                                Access.ApiKey => "apiKey,bearer",
                                Access.NamedKey => "apiKey,bearer,basic",
                                Access.LinkOrApiKey => "apiKey,bearer,link",
                                Access.UploadUrl => "uploadUrl",
                                _ => "",
                            }
                        )
                    )
            )
            .Order();

        Assert.Equal(routed, described);
    }

    /// <summary>Names that clients were made from; a record may be called otherwise, they stay.</summary>
    [Fact(Timeout = 30000)]
    public async Task Its_schemas_have_the_names_that_clients_know()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");

        Assert.Equal(
            [
                "About",
                "AllLinksRevoked",
                "Captions",
                "ChangedWebhook",
                "Checks",
                "CopyFinding",
                "CopyPlace",
                "CopyReport",
                "Delivery",
                "DeliveryList",
                "Edit",
                "Edits",
                "Folder",
                "Health",
                "Key",
                "KeyList",
                "KeyScope",
                "Lane",
                "Link",
                "LinkKey",
                "LinkKeyList",
                "LinkKind",
                "LinkPage",
                "Lists",
                "MadeKey",
                "MadeLinkKey",
                "MadeWebhook",
                "Media",
                "MediaAction",
                "MessageRun",
                "NewCatalogueCheck",
                "NewCopyCheck",
                "NewKey",
                "NewLink",
                "NewLinkKey",
                "NewPoster",
                "NewSession",
                "NewTicket",
                "NewUpload",
                "NewWebhook",
                "OEmbed",
                "PictureSize",
                "Playable",
                "Poster",
                "Problem",
                "ProblemCode",
                "Progress",
                "Queue",
                "Rendition",
                "Replica",
                "RevokedLink",
                "RevokedLinks",
                "Rotation",
                "Session",
                "SignIn",
                "Stage",
                "Status",
                "StatusCount",
                "Storyboard",
                "Tag",
                "Telegram",
                "Text",
                "Ticket",
                "TicketFile",
                "TicketState",
                "TicketUpload",
                "TicketVideo",
                "Upload",
                "VaultStatus",
                "Video",
                "VideoChange",
                "VideoEvent",
                "VideoId",
                "VideoPage",
                "VideosChange",
                "VideosRemoval",
                "Wait",
                "WaitCause",
                "Webhook",
                "WebhookList",
            ],
            schemas.EnumerateObject().Select(schema => schema.Name)
        );
    }

    [Fact(Timeout = 30000)]
    public async Task A_shown_video_has_every_field_that_it_requires_and_none_that_it_lacks()
    {
        using var shown = await _parts.ManageAsync(HttpMethod.Get, $"api/videos/{_parts.Video.Row.Id}");
        var schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("Video");
        var video = await WebParts.JsonAsync(shown);
        var fields = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToArray();

        var declared = typeof(VideoView).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

        Assert.Equal(declared.Order(), fields.Order());
        Assert.Subset(fields.ToHashSet(), video.EnumerateObject().Select(field => field.Name).ToHashSet());
        Assert.Subset(
            video.EnumerateObject().Select(field => field.Name).ToHashSet(),
            schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!).ToHashSet()
        );
    }

    [Fact(Timeout = 30000)]
    public async Task What_a_field_may_hold_is_what_the_request_is_checked_for()
    {
        var fields = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("NewUpload");
        var folder = fields.GetProperty("properties").GetProperty("folder").GetProperty("maxLength").GetInt32();
        var tags = fields.GetProperty("properties").GetProperty("tags").GetProperty("maxItems").GetInt32();

        Assert.False(fields.GetProperty("additionalProperties").GetBoolean());
        Assert.Empty(await FaultsAsync(new string('f', folder), Tags(tags)));
        Assert.Equal(["folder", "tags"], await FaultsAsync(new string('f', folder + 1), Tags(tags + 1)));

        static string[] Tags(int count) => [.. Enumerable.Range(0, count).Select(number => $"{number}")];
    }

    [Fact]
    public void An_id_is_of_the_pattern_that_it_tells()
    {
        var pattern = OpenApi.ApiSchemas.VideoIdPattern;

        Assert.Matches(pattern, VideoId.New(DateTimeOffset.UnixEpoch).ToString());
        Assert.Matches(pattern, VideoId.New(DateTimeOffset.UtcNow).ToString());
        Assert.DoesNotMatch(pattern, "80000000000000000000000000");
    }

    [GeneratedRegex("\"description\":\"The link has expired, or was revoked[^\"]*\",")]
    private static partial Regex DescriptionOfGone();

    static IEnumerable<VaultRoute> Described => VaultRoutes.All.Where(route => !route.About.OnlyRefuses);

    static string[] Faults(string document) =>
        OpenApiDocument.Parse(document, "json").Diagnostic is { } found
            ? [.. found.Errors.Concat(found.Warnings).Select(fault => fault.ToString())]
            : ["There is no diagnosis."];

    async Task<string[]> FaultsAsync(string folder, string[] tags)
    {
        using var response = await _parts.ManageAsync(
            HttpMethod.Post,
            "api/uploads",
            new
            {
                name = "a.mp4",
                size = 1,
                folder,
                tags,
            }
        );
        var answer = await WebParts.JsonAsync(response);
        return answer.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateObject().Select(error => error.Name)] : [];
    }

    async Task<JsonElement> DocumentAsync()
    {
        using var response = await _parts.GetAsync("api/openapi.json");
        return await WebParts.JsonAsync(response);
    }
}
