using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TgVault.Core;
using TgVault.Web.Http;
using TgVault.Web.Http.Problems;
using TgVault.Web.Videos;

namespace TgVault.Web.Lists;

/// <summary>A change of many videos. Names the request's fields and their limits; <see cref="JsonBody"/> reads them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VideosChange(
    [ListOf(VideosChange.MaxIds, MaxLength = VideoId.TextLength)] ImmutableArray<string> Ids,
    [Description("Where they go; empty: into none.")] [MaxLength(VideoFields.MaxFolder)] string? Folder,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string>? AddTags,
    [ListOf(VideoFields.MaxTags, MaxLength = VideoFields.MaxTag)] ImmutableArray<string>? RemoveTags
)
{
    /// <summary>A page's worth: more come in several requests.</summary>
    public const int MaxIds = 100;
}

/// <summary>Which videos to remove.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VideosRemoval(
    [ListOf(VideosChange.MaxIds, MaxLength = VideoId.TextLength)] ImmutableArray<string> Ids,
    [Description("Whether they are removed for good, also from the trash.")] bool? Permanent
);

/// <summary>What became of each video.</summary>
internal sealed record EditsView(ImmutableArray<EditView> Videos);

/// <summary>What became of one of many, as its own route would have answered.</summary>
internal sealed record EditView(
    string Id,
    [Description("As in HTTP: 200 changed or in the trash, 202 goes, 404 not there, 409 cannot be.")] int Status,
    [Description("As it is now.")] VideoView? Video,
    [Description("Why not, for programs.")] ProblemCode? Code,
    [Description("Why not, in one sentence.")] string? Detail
);
