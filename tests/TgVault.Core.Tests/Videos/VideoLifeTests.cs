using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using TgVault.Core.Chunks;
using TgVault.Core.Videos;
using TgVault.Testing;

namespace TgVault.Core.Tests.Videos;

/// <summary>
/// Every transition from everywhere: where it may not follow nothing is changed, and where it may, exactly what it is for.
/// </summary>
public sealed partial class VideoLifeTests
{
    static readonly DateTimeOffset Now = Lives.Then.AddDays(1);
    static readonly StagedBlob Source = new(StagingArea.Uploads, "newer", "\"2\"", 88, Now);
    static readonly ChunkReceipt Receipt = new(1, 2, 9, "newer", "newer", 100);
    static readonly VideoInspection Inspection = new() { Decision = new MediaDecision(MediaAction.Take, "It plays.") };
    static readonly VideoFiles Files = new() { LastCompanion = 5 };

    /// <summary>What a transition does, where it may follow, and what it changes.</summary>
    sealed record Row(
        Func<Video, Video?> Do,
        Func<VideoStatus, IngestStage, bool> May,
        Func<Video, (string Path, object? Value)[]> Changes
    );

    static readonly Dictionary<string, Row> Table = new()
    {
        ["Begin"] = new(
            video => VideoLife.Begin(video, Source, Now),
            (status, _) => status is VideoStatus.Waiting or VideoStatus.Failed,
            before =>
                [
                    ("Life.Status", VideoStatus.Ingesting),
                    ("Life.Stage", IngestStage.Inspecting),
                    ("Life.Attempt", before.Life.Attempt + 1),
                    ("Life.Progress", null),
                    ("Life.Failure", null),
                    ("Upload.Source", Source),
                    ("Upload.Sha256", null),
                    ("Inspection.Decision", null),
                    ("Files.Prepared", null),
                    ("Files.Plan", null),
                    ("Files.Key", null),
                    ("Manifests.Newest", null),
                    ("Manifests.Former", before.Manifests.Newest is { } newest ? new[] { newest } : []),
                    ("Updated", Now),
                ]
        ),
        ["Refuse"] = new(
            video => VideoLife.Refuse(video, "not what was announced", Now),
            (status, _) => status is VideoStatus.Waiting or VideoStatus.Failed,
            _ =>
                [
                    ("Life.Status", VideoStatus.Failed),
                    ("Life.Failure", "not what was announced"),
                    ("Upload.Source", null),
                    ("Upload.Sha256", null),
                    ("Updated", Now),
                ]
        ),
        ["GoOn"] = new(
            video => VideoLife.GoOn(video, Now),
            (status, stage) => status is VideoStatus.Waiting or VideoStatus.Failed && IsPlanned(stage),
            _ => [("Life.Status", VideoStatus.Ingesting), ("Life.Stage", IngestStage.Sending), ("Life.Failure", null), ("Updated", Now)]
        ),
        ["Inspected"] = new(
            video => VideoLife.Inspected(video, Inspection, 88),
            (status, stage) => (status, stage) == (VideoStatus.Ingesting, IngestStage.Inspecting),
            _ =>
                [
                    ("Life.Stage", IngestStage.Preparing),
                    ("Life.Waiting", null),
                    ("Inspection.Decision", Inspection.Decision),
                    ("Upload.SizeBytes", 88L),
                ]
        ),
        ["Planned"] = new(
            video => VideoLife.Planned(video, Files),
            (status, stage) => status == VideoStatus.Ingesting && !IsPlanned(stage),
            _ => [("Life.Stage", IngestStage.Sending), ("Life.Waiting", null), ("Files.LastCompanion", 5)]
        ),
        ["Moving to the store"] = new(
            video => VideoLife.Moving(video, IngestStage.Sending, Lives.Progress(5) with { Updated = Now }),
            (status, stage) => status == VideoStatus.Ingesting && IsPlanned(stage),
            _ =>
                [
                    ("Life.Stage", IngestStage.Sending),
                    ("Life.Progress", Lives.Progress(5) with { Updated = Now }),
                    ("Life.Waiting", null),
                    ("Updated", Now),
                ]
        ),
        ["Moving back"] = new(
            video => VideoLife.Moving(video, IngestStage.Verifying, Lives.Progress(5) with { Updated = Now }),
            (status, stage) => status == VideoStatus.Ingesting && IsPlanned(stage),
            _ =>
                [
                    ("Life.Stage", IngestStage.Verifying),
                    ("Life.Progress", Lives.Progress(5) with { Updated = Now }),
                    ("Life.Waiting", null),
                    ("Updated", Now),
                ]
        ),
        ["Moving elsewhere"] = new(video => VideoLife.Moving(video, IngestStage.Committing, Lives.Progress(5)), (_, _) => false, _ => []),
        ["Committing"] = new(
            video => VideoLife.Committing(video, Receipt),
            (status, stage) => status == VideoStatus.Ingesting && IsPlanned(stage),
            _ => [("Life.Stage", IngestStage.Committing), ("Life.Waiting", null), ("Manifests.Newest", Receipt)]
        ),
        ["Waits"] = new(
            video => VideoLife.Waits(video, Lives.Wait with { Detail = "longer" }),
            (status, _) => status == VideoStatus.Ingesting,
            _ => [("Life.Waiting", Lives.Wait with { Detail = "longer" })]
        ),
        ["Stored"] = new(
            video => VideoLife.Stored(video, video.Files with { LastCompanion = 5 }),
            (status, stage) => (status, stage) == (VideoStatus.Ingesting, IngestStage.Committing),
            _ =>
                [
                    ("Life.Status", VideoStatus.Ready),
                    ("Life.Stage", IngestStage.CleaningUp),
                    ("Life.Waiting", null),
                    ("Files.LastCompanion", 5),
                ]
        ),
        ["CleanedUp"] = new(
            video => VideoLife.CleanedUp(video, video.Files with { LastCompanion = 5 }, Now),
            (status, stage) => status is VideoStatus.Ready or VideoStatus.Trashed && stage == IngestStage.CleaningUp,
            _ => [("Life.Stage", IngestStage.Done), ("Files.LastCompanion", 5), ("Updated", Now)]
        ),
        ["Fail"] = new(
            video => VideoLife.Fail(video, "another reason", Now),
            (status, _) => status == VideoStatus.Ingesting,
            _ => [("Life.Status", VideoStatus.Failed), ("Life.Failure", "another reason"), ("Life.Waiting", null), ("Updated", Now)]
        ),
        ["Retry"] = new(
            video => VideoLife.Retry(video, Now),
            (status, _) => status == VideoStatus.Failed,
            _ => [("Life.Status", VideoStatus.Waiting), ("Life.Failure", null), ("Updated", Now)]
        ),
        ["Trash"] = new(
            video => VideoLife.Trash(video, Now.AddDays(30), Now),
            (status, _) => status == VideoStatus.Ready,
            _ => [("Life.Status", VideoStatus.Trashed), ("Life.TrashedUntil", Now.AddDays(30)), ("Updated", Now)]
        ),
        ["Untrash"] = new(
            video => VideoLife.Untrash(video, Now),
            (status, _) => status == VideoStatus.Trashed,
            _ => [("Life.Status", VideoStatus.Ready), ("Life.TrashedUntil", null), ("Updated", Now)]
        ),
        ["Remove"] = new(
            video => VideoLife.Remove(video, Now),
            (status, _) => status != VideoStatus.Deleting,
            _ => [("Life.Status", VideoStatus.Deleting), ("Files.Key", null), ("Updated", Now)]
        ),
    };

    public static TheoryData<string, VideoStatus, IngestStage> Everything
    {
        get
        {
            var all = new TheoryData<string, VideoStatus, IngestStage>();
            foreach (var name in Table.Keys)
            foreach (var (status, stage) in Lives.All)
                all.Add(name, status, stage);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_transition_changes_what_it_is_for_or_nothing(string transition, VideoStatus status, IngestStage stage)
    {
        var row = Table[transition];
        var before = Lives.Video(status, stage);

        var after = row.Do(before);

        if (!row.May(status, stage))
        {
            Assert.Null(after);
            return;
        }

        Assert.NotNull(after);
        var (was, becomes) = (Flat(before), Flat(after));
        var expected = row.Changes(before).ToDictionary(change => change.Path, change => change.Value);
        foreach (var path in was.Keys)
        {
            // A file set as a whole loses what the new one does not have.
            var value =
                expected.TryGetValue(path, out var changed) ? changed
                : transition == "Planned" && path.StartsWith("Files.", StringComparison.Ordinal) ? Flat(before with { Files = Files })[path]
                : was[path];
            Assert.True(AreSame(value, becomes[path]), $"{path} is {becomes[path]} and should be {value}");
        }

        Assert.Empty(expected.Keys.Except(was.Keys));
    }

    [Fact]
    public void Every_transition_is_in_the_table()
    {
        var transitions = typeof(VideoLife)
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Video))
            .Select(method => method.Name);

        Assert.Equal(transitions.Order(), Table.Keys.Select(name => name.Split(' ')[0]).Distinct().Order());
    }

    [Fact]
    public void The_keys_of_companions_go_with_the_video()
    {
        var video = Lives.Video(VideoStatus.Ready, IngestStage.Done);
        var companion = new Companion
        {
            Kind = CompanionKind.Captions,
            Number = 1,
            ContentType = "text/vtt",
            Key = video.Files.Key,
        };

        var removed = VideoLife.Remove(video with { Files = video.Files with { Companions = [companion, companion] } }, Now);

        Assert.Equal(2, removed!.Files.Companions.Length);
        Assert.All(removed.Files.Companions, left => Assert.Null(left.Key));
    }

    [Theory]
    [InlineData(VideoStatus.Ready, IngestStage.Done, true)]
    [InlineData(VideoStatus.Ready, IngestStage.CleaningUp, false)]
    [InlineData(VideoStatus.Trashed, IngestStage.Done, false)]
    [InlineData(VideoStatus.Deleting, IngestStage.Done, false)]
    public void A_stored_video_whose_upload_is_wanted_back_begins_anew(VideoStatus status, IngestStage stage, bool begins)
    {
        var video = Lives.Video(status, stage);

        var begun = VideoLife.Begin(video with { Files = video.Files with { WantsUpload = true } }, Source, Now);

        Assert.Equal(begins, begun is { Life: { Status: VideoStatus.Ingesting, Attempt: 2 }, Files: { WantsUpload: false, Plan: null } });
        Assert.Equal(begins, begun?.Manifests.Former.Contains(Lives.Manifest) == true);
    }

    [Fact]
    public void An_announced_video_waits_and_has_no_attempt()
    {
        Assert.Equal(VideoLife.Restored(VideoStatus.Waiting, IngestStage.None, 0, null, null), VideoLife.Announced);
        Assert.Equal(VideoLife.Restored(VideoStatus.Ready, IngestStage.Done, 3, null, null), VideoLife.Recovered(3));
    }

    [Fact]
    public void Nobody_else_can_write_a_life()
    {
        Assert.Empty(typeof(VideoLife).GetConstructors());
        Assert.All(
            typeof(VideoLife).GetProperties(BindingFlags.Public | BindingFlags.Instance),
            property => Assert.Null(property.GetSetMethod())
        );
    }

    [Fact]
    public void Only_the_row_the_manifest_and_an_event_give_a_life_back()
    {
        var functions = Path.Combine(RepositoryFolders.Root(), "functions");
        var calls = Directory
            .EnumerateFiles(functions, "*.cs", SearchOption.AllDirectories)
            .Where(file => !BuildFolder().IsMatch(file))
            .SelectMany(file => GivingBack().Matches(File.ReadAllText(file)).Select(call => $"{Path.GetFileName(file)} {call.Value}"));

        Assert.Equal(
            ["LifeEvent.cs VideoLife.Restored", "Manifest.cs VideoLife.Recovered", "VideoRow.cs VideoLife.Restored"],
            calls.Order()
        );
    }

    static bool IsPlanned(IngestStage stage) => stage >= IngestStage.Sending;

    /// <summary>All that can be written of a video, part by part.</summary>
    static Dictionary<string, object?> Flat(Video video) =>
        typeof(Video)
            .GetProperties()
            .Where(property => property.CanWrite)
            .SelectMany(property =>
                property.GetValue(video)
                    is { } part
                        and (VideoDetails or VideoUpload or VideoLife or VideoInspection or VideoFiles or VideoManifests)
                    ? part.GetType()
                        .GetProperties()
                        .Where(inner => inner.CanWrite)
                        .Select(inner => (Path: $"{property.Name}.{inner.Name}", Value: inner.GetValue(part)))
                    : [(Path: property.Name, Value: property.GetValue(video))]
            )
            .ToDictionary(entry => entry.Path, entry => entry.Value);

    static bool AreSame(object? one, object? other) =>
        one is IEnumerable first and not string && other is IEnumerable second
            ? first.Cast<object>().SequenceEqual(second.Cast<object>())
            : Equals(one, other);

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex BuildFolder();

    // However it is called: by a method group or through "using static", too.
    [GeneratedRegex(@"(?<!static VideoLife )(?<!cref="")\b(VideoLife\.)?\b(Restored|Recovered)\b(?! \w)(?!""/>)")]
    private static partial Regex GivingBack();
}
