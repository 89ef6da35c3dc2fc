using System.Text.Json.Serialization;

namespace TgVault.Core.Videos;

/// <summary>What is done with one track of an upload. Names are stored: they may be added to, not changed.</summary>
public enum TrackAction
{
    /// <summary>Its samples stay what they are.</summary>
    Copy,

    /// <summary>Copied; only what it is called in the container changes.</summary>
    Retag,

    /// <summary>Not in the file that plays.</summary>
    LeaveOut,

    /// <summary>Encoded anew: to H.264, AAC or timed text.</summary>
    Transcode,
}

/// <summary>
/// What ingest does with one track of an upload, and how: what ffmpeg's command is made from, what the reason says, what people are shown.
/// </summary>
/// <param name="Action">What is done with it.</param>
/// <param name="Why">
/// What of the track asks for it, without a full stop: <c>is played by no browser</c>. Empty for what is copied as it is.
/// </param>
public sealed record TrackTreatment(TrackAction Action, string Why = "")
{
    /// <summary>
    /// The layout over speakers that transcoded sound gets, in ffmpeg's words: one that AAC has a number for (ISO 14496-3, table 1.19).
    /// Null where nothing is transcoded to sound.
    /// </summary>
    public string? Layout { get; init; }

    /// <summary>
    /// Whether a track that begins so late that players would leave out what the others have before it is filled up from the start of the
    /// film: sound with silence, pictures with the first of them, which is shown until the second one is due.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FillsStart { get; init; }

    /// <summary>
    /// Where silence after the sound ends, in seconds from the beginning of the file that is written; null where none is put there. Sound
    /// that ends long before the pictures gets it: players by Media Source Extensions stand still where one of both has nothing.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? FillsUntilSeconds { get; init; }

    /// <summary>Whether the two fields of transcoded pictures are made into whole pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deinterlaces { get; init; }
}
