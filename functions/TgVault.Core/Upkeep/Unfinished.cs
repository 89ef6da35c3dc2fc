using TgVault.Core.Videos;

namespace TgVault.Core.Upkeep;

/// <summary>What a row asks for while nothing works on it.</summary>
public enum UnfinishedWork
{
    Nothing,

    /// <summary>The ingest goes on from where the row says it is.</summary>
    Ingest,

    /// <summary>The ingest came to a standstill; a person decides.</summary>
    GiveUp,

    /// <summary>What is stored is brought up to the row.</summary>
    Amend,

    /// <summary>The parts of a video that is being removed go.</summary>
    Remove,
}

/// <summary>Decides how a row is taken up that a crash left, or that was just asked for. The same for every engine.</summary>
public static class Unfinished
{
    /// <summary>A row that says ingesting, with nothing at work on it, is given up when it has been quiet for so long.</summary>
    public static readonly TimeSpan LongestStandstill = TimeSpan.FromDays(1);

    /// <summary>Why it was given up, for a person.</summary>
    public const string GivenUp =
        "The ingest came to a standstill and could not be resumed; the log says why. The upload is kept: ask for a retry.";

    /// <param name="video">A row that nothing works on at the moment.</param>
    /// <param name="quietSince">Since when it could have moved and did not.</param>
    /// <param name="now">The time.</param>
    public static UnfinishedWork Of(Video video, DateTimeOffset quietSince, DateTimeOffset now) =>
        video switch
        {
            { Life.Status: VideoStatus.Deleting } => UnfinishedWork.Remove,
            { NeedsAmending: true } => UnfinishedWork.Amend,
            { IsStored: true, Life.Stage: IngestStage.CleaningUp, Upload.Source: not null } => UnfinishedWork.Ingest,
            { Life.Status: VideoStatus.Ingesting } when now - quietSince > LongestStandstill => UnfinishedWork.GiveUp,
            { Life.Status: VideoStatus.Ingesting, Upload.Source: not null } => UnfinishedWork.Ingest,
            _ => UnfinishedWork.Nothing,
        };
}
