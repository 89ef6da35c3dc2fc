namespace TgVault.Core.Recovery;

/// <summary>What a document of the channel is to the rows.</summary>
public enum DocumentUse
{
    /// <summary>A part of a video, its manifest, or the catalogue.</summary>
    InUse,

    /// <summary>Nothing needs it any more, and the rows say so: it is deleted, or was too old for that.</summary>
    LeftOver,

    /// <summary>A record names it whose video has no row: nobody will delete it.</summary>
    Stray,
}

/// <summary>A document as the rows name it.</summary>
/// <param name="ChatId">The channel.</param>
/// <param name="MessageId">The message in it.</param>
/// <param name="Owner">What names it, for a message.</param>
public sealed record NamedDocument(long ChatId, int MessageId, DocumentUse Use, string Owner);

/// <summary>Every document of the channel that the rows name: what is in the channel besides is an orphan.</summary>
public interface INamedDocuments
{
    /// <summary>Costs a look at every row of videos and chunks. Of what changes meanwhile either may be told.</summary>
    IAsyncEnumerable<NamedDocument> ListAsync(CancellationToken cancellationToken);
}
