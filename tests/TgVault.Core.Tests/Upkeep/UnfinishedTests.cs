using TgVault.Core.Tests.Videos;
using TgVault.Core.Upkeep;
using TgVault.Core.Videos;

namespace TgVault.Core.Tests.Upkeep;

public sealed class UnfinishedTests
{
    static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(VideoStatus.Waiting, IngestStage.None, 0, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Waiting, IngestStage.Sending, 48, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Ingesting, IngestStage.Inspecting, 0, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Ingesting, IngestStage.Preparing, 23, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Ingesting, IngestStage.Sending, 24, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Ingesting, IngestStage.Sending, 25, UnfinishedWork.GiveUp)]
    [InlineData(VideoStatus.Ingesting, IngestStage.Committing, 25, UnfinishedWork.GiveUp)]
    [InlineData(VideoStatus.Failed, IngestStage.Sending, 48, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Ready, IngestStage.CleaningUp, 0, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Ready, IngestStage.CleaningUp, 48, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Ready, IngestStage.Done, 48, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Trashed, IngestStage.CleaningUp, 48, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Trashed, IngestStage.Done, 48, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Deleting, IngestStage.None, 0, UnfinishedWork.Remove)]
    [InlineData(VideoStatus.Deleting, IngestStage.Done, 48, UnfinishedWork.Remove)]
    public void What_a_row_asks_for_follows_from_where_it_stands(VideoStatus status, IngestStage stage, int quietHours, UnfinishedWork work)
    {
        var video = Lives.Video(status, stage);

        Assert.Equal(work, Unfinished.Of(video, Now - TimeSpan.FromHours(quietHours), Now));
        // What asks for work is listed, or nobody would see it.
        Assert.Equal(work != UnfinishedWork.Nothing, video.IsUnfinished);
    }

    [Theory]
    [InlineData(VideoStatus.Ready, IngestStage.Done, UnfinishedWork.Amend)]
    [InlineData(VideoStatus.Ready, IngestStage.CleaningUp, UnfinishedWork.Ingest)]
    [InlineData(VideoStatus.Deleting, IngestStage.Done, UnfinishedWork.Remove)]
    [InlineData(VideoStatus.Failed, IngestStage.Sending, UnfinishedWork.Nothing)]
    [InlineData(VideoStatus.Trashed, IngestStage.Done, UnfinishedWork.Amend)]
    public void A_stale_manifest_asks_for_an_amendment_once_all_else_is_done(VideoStatus status, IngestStage stage, UnfinishedWork work)
    {
        var video = Lives.Video(status, stage) with { Manifests = new VideoManifests { IsStale = true } };

        Assert.Equal(work, Unfinished.Of(video, Now, Now));
    }

    [Theory]
    [InlineData(23, UnfinishedWork.Nothing)]
    [InlineData(25, UnfinishedWork.GiveUp)]
    public void An_ingest_without_an_upload_is_given_up_after_a_day(int quietHours, UnfinishedWork work)
    {
        var video = Lives.Video(VideoStatus.Ingesting, IngestStage.Inspecting) with { Upload = new VideoUpload() };

        Assert.Equal(work, Unfinished.Of(video, Now - TimeSpan.FromHours(quietHours), Now));
    }
}
